"""One place decides for pictures, recordings, claims and enrolment, and tells of every decision."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from prometheus_client import REGISTRY

from app.domain.deciding.disclosure import rounded_rate, rounded_similarity
from app.domain.deciding.events import DecisionEvent
from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.deciding.verdicts import ComparisonVerdict, NamedCandidate, stated_rate
from app.domain.errors.gallery import EncoderMismatchError, UnknownSubjectError
from app.domain.errors.pictures import NoFaceError, SeveralFacesError
from app.domain.errors.requests import InvalidThresholdError
from app.services.deciding.events import DecisionCounter
from app.services.deciding.questions import Identified, Probe
from app.services.deciding.recognition import RecognitionOptions, Recognizer
from app.services.keys import LOCAL, Keys, Principal, ask_as
from tests.unit.services.conftest import (
    CURVE,
    ENCODER,
    Service,
    Vectors,
    between,
    directions,
    picture,
)

ANN, BOB, CLEO, NOBODY = directions(4)


@pytest.fixture
def staff(service: Service) -> Service:
    """Three people."""
    for name, template in (("Ann", ANN), ("Bob", BOB), ("Cleo", CLEO)):
        service.enrolled(name, template)
    return service


def found(
    service: Service,
    *probes: Vectors,
    terms: SearchTerms = SearchTerms(),  # noqa: B008 - frozen
) -> Identified:
    search = service.decider.search("staff", terms)
    return service.decider.identify(search, [Probe(probe) for probe in probes])


def test_everybody_of_a_picture_is_decided_at_the_operating_threshold(staff: Service) -> None:
    decided = found(staff, ANN, NOBODY, BOB)
    names = [v.match.subject.name if v.match else None for v in decided.verdicts]
    assert names == ["Ann", None, "Bob"]
    assert decided.enrolled_subjects == 3
    assert decided.threshold == SearchTerms().threshold(CURVE, 3)


def test_the_nearest_are_named_below_the_threshold_too_as_many_as_asked_for(
    staff: Service,
) -> None:
    near = between(ANN, BOB, 0.8)
    strict = SearchTerms(similarity_threshold=0.95, candidates=2)
    (verdict,) = found(staff, near, terms=strict).verdicts
    assert (verdict.decision, verdict.match) == ("unknown", None)
    assert [one.subject.name for one in verdict.candidates] == ["Ann", "Bob"]
    assert verdict.nearest == verdict.candidates[0]
    assert verdict.nearest is not None and verdict.nearest.similarity == 0.8
    (alone,) = found(staff, near, terms=SearchTerms(candidates=1)).verdicts
    assert len(alone.candidates) == 1
    (none,) = found(staff, ANN, terms=SearchTerms(candidates=0)).verdicts
    assert none.match is not None and none.candidates == ()


@pytest.mark.parametrize("power", [1.0, 0.5])
def test_all_faces_of_a_subject_decide_together(staff: Service, power: float) -> None:
    """Dora's two faces have the probe in common; each alone is further than Ann's."""
    staff.encoders.power = power
    common, *own = directions(8)[4:7]
    staff.enrolled("Dora", *(between(common, one, 0.7) for one in own))
    probe = between(common, ANN, 0.7)
    length = np.sqrt(0.7**2 + 0.51 / 2)
    together = float(0.7 * 0.7 / length**power)
    (verdict,) = found(staff, probe, terms=SearchTerms(similarity_threshold=0.5)).verdicts
    names = [(one.subject.name, one.similarity) for one in verdict.candidates[:2]]
    assert names == [("Ann", 0.714), ("Dora", rounded_similarity(together))]
    claimed = staff.decider.verify(
        staff.decider.claim("staff", "Dora", ComparisonTerms(similarity_threshold=0.5)), probe
    )
    assert claimed.verdict.similarity == verdict.candidates[1].similarity
    (best,) = found(staff, common).verdicts
    assert best.match is not None and best.match.subject.name == "Dora"
    assert best.match.similarity == rounded_similarity(0.7 / length**power)


def test_a_face_that_is_passed_over_is_in_no_template(staff: Service) -> None:
    faces = staff.enrolled("Dora", directions(5)[4], between(directions(5)[4], NOBODY, 0.6))
    search = staff.decider.search("staff", SearchTerms(similarity_threshold=0.4))
    alone = replace(search, without=(faces[1].id,))
    (verdict,) = staff.decider.identify(alone, [Probe(NOBODY)]).verdicts
    assert verdict.match is None
    (verdict,) = staff.decider.identify(search, [Probe(NOBODY)]).verdicts
    assert verdict.match is not None and verdict.match.face_id == faces[1].id


def test_one_face_of_a_picture_may_be_meant(staff: Service) -> None:
    recognizer = Recognizer(staff.analyser, staff.decider)
    both = picture(ANN, BOB)
    every = recognizer.recognize("staff", both, RecognitionOptions())
    assert [f.verdict.match.subject.name for f in every.faces if f.verdict.match] == ["Ann", "Bob"]
    largest = recognizer.recognize("staff", both, RecognitionOptions(face="largest"))
    (face,) = largest.faces
    assert face.verdict.match is not None and face.verdict.match.subject.name == "Ann"
    with pytest.raises(SeveralFacesError):
        recognizer.recognize("staff", both, RecognitionOptions(face="only"))
    with pytest.raises(NoFaceError):
        recognizer.recognize("staff", b"", RecognitionOptions(face="largest"))
    assert recognizer.recognize("staff", b"", RecognitionOptions()).faces == ()


def test_what_is_wrong_with_a_search_is_said_before_any_face_is_looked_for(
    staff: Service,
) -> None:
    with pytest.raises(EncoderMismatchError):
        staff.decider.search("staff", SearchTerms(), encoder="other@1")
    with pytest.raises(InvalidThresholdError):
        staff.decider.search("staff", SearchTerms(fpir=2))
    with pytest.raises(InvalidThresholdError):
        staff.decider.claim("staff", "Ann", ComparisonTerms(fmr=0))
    with pytest.raises(UnknownSubjectError):
        staff.decider.claim("staff", "Dora", ComparisonTerms())
    with pytest.raises(UnknownSubjectError):
        found(staff, ANN, terms=SearchTerms(subjects=("Dora",)))


def test_the_faces_of_a_track_are_compared_one_by_one(staff: Service) -> None:
    frames = np.stack([ANN, between(ANN, NOBODY, 0.6), NOBODY])
    search = staff.decider.search("staff", SearchTerms())
    decided = staff.decider.identify(search, [Probe(ANN, frames), Probe(NOBODY, frames)])
    assert decided.verdicts[0].frames == (1.0, 0.6, None)
    assert [event.action for event in staff.observed.events] == ["identify-track"] * 2


def test_two_pictures_always_get_their_numbers(staff: Service) -> None:
    comparison = staff.decider.comparison(ComparisonTerms())
    same, other = staff.decider.compare(comparison, ANN, [ANN, between(ANN, BOB, 0.1)])
    assert (same.match, same.similarity, other.match, other.similarity) == (True, 1.0, False, 0.1)
    assert [event.outcome for event in staff.observed.events] == ["match", "no-match"]
    assert all(event.collection_id is None for event in staff.observed.events)


def test_lookalikes_of_a_request_are_found_at_once(staff: Service) -> None:
    with staff.storage.read() as uow:
        gallery = uow.collections.get("staff")
    alike = staff.decider.lookalikes(gallery, "Ann", [ANN, between(ANN, BOB, 0.2), NOBODY])
    assert [[one.subject.name for one in others.named] for others in alike] == [[], ["Bob"], []]
    assert [event.outcome for event in staff.observed.events] == [
        "no-duplicate",
        "duplicate",
        "no-duplicate",
    ]


def test_every_decision_is_told_of_with_what_the_answer_discloses(staff: Service) -> None:
    key = Keys(staff.storage).create("door", scopes=["read"])[0]
    ask_as(Principal(key.id, ("read",)))
    try:
        decided = found(staff, between(ANN, NOBODY, 0.987654), NOBODY)
        claim = staff.decider.claim("staff", "Bob", ComparisonTerms())
        staff.decider.verify(claim, ANN)
    finally:
        ask_as(LOCAL)
    known, unknown, claimed = staff.observed.events
    assert staff.observed.requests == [2, 1], "the decisions of one request come together"
    assert {event.key_id for event in staff.observed.events} == {key.id}
    assert (known.action, known.outcome, known.subject_id) == ("identify", "known", "Ann")
    assert (known.similarity, known.encoder, known.collection_id) == (0.988, ENCODER, "c")
    assert known.threshold.similarity == rounded_similarity(decided.threshold.similarity)
    assert (unknown.outcome, unknown.similarity, unknown.fmr) == ("unknown", None, None)
    assert (claimed.action, claimed.outcome, claimed.subject_id) == ("claim", "no-match", "Bob")


def test_a_rate_below_the_comparisons_is_stated_as_a_bound(staff: Service) -> None:
    """The curve ends at 1e-6, and a face is like itself beyond it."""
    with staff.storage.read() as uow:
        gallery = uow.collections.get("staff")
    (verdict,) = found(staff, ANN).verdicts
    assert verdict.match is not None
    bob = staff.decider.verify(staff.decider.claim("staff", "Bob", ComparisonTerms()), BOB)
    comparison = staff.decider.comparison(ComparisonTerms())
    same, alike = staff.decider.compare(comparison, ANN, [ANN, between(ANN, BOB, 0.95)])
    (others,) = staff.decider.lookalikes(gallery, "Ann", [CLEO])
    beyond: list[NamedCandidate | ComparisonVerdict] = [verdict.match, *verdict.candidates[:1]]
    beyond += [bob.verdict, same, *others.named]
    assert [stated_rate(one) for one in beyond] == [(1e-6, True)] * 5
    assert stated_rate(alike) == (rounded_rate(CURVE.fmr(0.95)), False)
    assert all(one.curve_fmr == 6e-7 for one in beyond), "scores of other formats are as before"
    events = [(one.fmr, one.fmr_is_bound) for one in staff.observed.events]
    assert events == [(1e-6, True)] * 3 + [stated_rate(alike), (1e-6, True)]


def test_an_observer_that_fails_keeps_the_answer_back(staff: Service) -> None:
    class Full:
        def observe(self, events: Sequence[DecisionEvent]) -> None:
            raise OSError("disk full")

    staff.decider._events._observers = [Full()]
    with pytest.raises(OSError, match="disk full"):
        found(staff, ANN)


def test_decisions_are_counted_by_action_and_outcome(staff: Service) -> None:
    def counted() -> float:
        labels = {"action": "identify", "outcome": "known"}
        return REGISTRY.get_sample_value("facet_decisions_total", labels) or 0

    before = counted()
    staff.decider._events._observers = [DecisionCounter()]
    found(staff, ANN, BOB, NOBODY)
    assert counted() - before == 2
