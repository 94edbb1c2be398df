"""A collection moves to another encoder while it serves: two spaces that must never meet.

The other encoder is the default one with its embeddings turned by a random rotation. Within
its own space it is exactly as good; against templates of the default one it knows nobody.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.bootstrap.use_cases import open_use_cases
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import AnalysisOptions
from app.services.deciding.recognition import Recognizer
from app.services.deciding.verification import VerificationOptions, Verifier
from app.services.enrolling.enrolment import Enroller
from app.services.use_cases import UseCases
from app.settings import Settings
from models.registry.errors import EncoderNotReadyError, InvalidManifestError
from tests.portraits import encoded, grace
from tests.two_encoders import (
    NEW,
    OLD,
    PEOPLE,
    contents,
    enrol,
    everybody_is_recognised,
    in_index,
    picture,
    recognised,
    run,
    without_images,
)


class CountingAnalyser:
    """The real one, with something that happens at the n-th picture."""

    def __init__(self, real: Any, at: int, happens: Callable[[], object]) -> None:
        self.real, self.at, self.happens, self.calls = real, at, happens, 0

    def analyse(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.calls == self.at:
            self.happens()
        return self.real.analyse(*arguments)


def interrupt() -> None:
    raise KeyboardInterrupt


def test_everything_stays_but_the_templates(cases: UseCases, settings: Settings) -> None:
    elsewhere = open_use_cases(settings)  # another process, with an index of its own
    assert everybody_is_recognised(elsewhere)
    before, served = contents(cases), []
    result = run(cases, during=lambda: served.append(everybody_is_recognised(cases)))
    assert result.switched and result.faces == 4 and not result.left_out
    assert served and all(served)  # by the old encoder, until the end
    assert contents(cases) == before
    assert cases.collections.get("staff").encoder == NEW
    assert cases.collections.get("staff").metadata == {"floor": 3}
    assert {face.encoder for face in cases.faces.list("staff")} == {NEW}
    for process in (cases, elsewhere):
        assert everybody_is_recognised(process)
        assert (in_index(process, OLD), in_index(process, NEW)) == (0, 4)
    enrol(cases, "Grace Hopper", brightness=0.9)
    assert in_index(cases, NEW) == 5
    with pytest.raises(InvalidRequestError, match="already"):
        cases.reencoder.plan("staff", NEW)
    assert run(cases, OLD).switched  # and back
    assert everybody_is_recognised(elsewhere)


def test_an_encoder_of_parts_is_moved_to_like_any_other(cases: UseCases) -> None:
    result = run(cases, "facet-fused@4")
    assert result.switched and result.faces == 4 and not result.left_out
    assert cases.collections.get("staff").encoder == "facet-fused@4"
    assert everybody_is_recognised(cases)


def test_the_two_spaces_do_not_fit(cases: UseCases) -> None:
    """Otherwise the tests around this one would prove nothing."""
    with cases.enroller._storage.write() as uow:
        gallery = uow.collections.get("staff")
        ids = [face.id for face in uow.faces.list(gallery.id, limit=9)]
        uow.staged.put(NEW, ids, uow.faces.templates(ids)[1])  # vectors of the old encoder
        uow.staged.promote(gallery.id, NEW)
    assert [recognised(cases, name) for name in PEOPLE] == [None, None]


def test_stopped_and_continued(cases: UseCases) -> None:
    real = cases.reencoder._analyser
    cases.reencoder._analyser = CountingAnalyser(real, 3, interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(cases)
    plan = cases.reencoder.plan("staff", NEW)
    assert (plan.ready, plan.faces) == (2, 4)  # those before the interruption are kept
    assert everybody_is_recognised(cases)
    cases.reencoder._analyser = counting = CountingAnalyser(real, 0, interrupt)
    assert run(cases).switched
    assert counting.calls == 2  # and not encoded again
    assert everybody_is_recognised(cases)


def test_given_up(cases: UseCases) -> None:
    cases.reencoder._analyser = CountingAnalyser(cases.reencoder._analyser, 3, interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(cases)
    assert cases.reencoder.discard(cases.reencoder.plan("staff", NEW)) == 2
    assert cases.reencoder.plan("staff", NEW).ready == 0
    assert everybody_is_recognised(cases)


@pytest.mark.parametrize("moment", ["while encoding", "before the last transaction"])
def test_faces_enrolled_meanwhile_come_along(cases: UseCases, moment: str) -> None:
    new: list[int] = []

    def one_more() -> None:
        if not new:
            new.append(enrol(cases, "Grace Hopper", 1.1))

    if moment == "while encoding":
        cases.reencoder._analyser = CountingAnalyser(cases.reencoder._analyser, 2, one_more)
        result = run(cases)
    else:
        result = run(cases, during=one_more)
    assert result.switched and result.faces == 5
    assert in_index(cases, NEW) == 5
    assert cases.faces.get("staff", new[0]).encoder == NEW


def test_faces_erased_meanwhile_stay_erased(cases: UseCases) -> None:
    first = cases.faces.list("staff")[0].id
    cases.reencoder._analyser = CountingAnalyser(
        cases.reencoder._analyser, 3, lambda: cases.erasure.face("staff", first)
    )
    assert run(cases).switched
    assert in_index(cases, NEW) == 3


@pytest.mark.parametrize("use", ["recognize", "claim", "enrol"])
def test_a_request_that_the_change_overtakes(cases: UseCases, use: str) -> None:
    """It has encoded its face with the old encoder, and the templates are of the new one."""
    users: dict[str, Recognizer | Verifier | Enroller]
    users = {"recognize": cases.recognizer, "claim": cases.verifier, "enrol": cases.enroller}
    user = users[use]
    user._analyser = CountingAnalyser(user._analyser, 1, lambda: run(cases))
    if use == "recognize":
        assert recognised(cases, "Grace Hopper") == "Grace Hopper"
    elif use == "claim":
        who = cases.subjects.get_or_create("staff", "Grace Hopper")
        claim = cases.verifier.claim(
            "staff", who.id, picture("Grace Hopper"), VerificationOptions()
        )
        assert claim.verdict.match and claim.encoder == NEW
    else:
        face = enrol(cases, "Grace Hopper", 1.1)
        assert cases.faces.get("staff", face).encoder == NEW
        assert everybody_is_recognised(cases)
    assert cases.collections.get("staff").encoder == NEW


def test_a_search_behind_an_index_that_has_moved_on(
    cases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction is older than the change, the index, which others bring forward, is not."""
    search = cases.recognizer._decider._candidates
    rank = search.rank

    def late(*arguments: Any, **named: Any) -> Any:
        if cases.collections.get("staff").encoder == OLD:
            arguments[0].faces.counts()  # the snapshot is taken
            run(cases)
        return rank(*arguments, **named)

    monkeypatch.setattr(search, "rank", late)
    assert recognised(cases, "Grace Hopper") == "Grace Hopper"


def test_faces_without_an_image_stop_the_change(cases: UseCases) -> None:
    lost, bare = without_images(cases)
    result = run(cases)
    assert not result.switched
    assert {(one.face_id, one.subject, one.reason) for one in result.left_out} == {
        (lost, "Grace Hopper", "image-lost"),
        (bare, "Eileen Collins", "no-image"),
    }
    assert cases.collections.get("staff").encoder == OLD
    assert len(cases.faces.list("staff")) == 5
    assert everybody_is_recognised(cases)
    result = run(cases, erase_left_out=True)
    assert result.switched and (result.erased, result.faces) == (2, 3)
    assert everybody_is_recognised(cases)


def test_an_image_that_shows_the_face_no_more(
    cases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = cases.faces.list("staff")[0]
    pictures = cases.reencoder._pictures
    real = pictures.read

    def swapped(digest: str) -> bytes | None:
        other = encoded(grace().crop((0, 0, 80, 80)))
        return other if digest == face.image_digest else real(digest)

    monkeypatch.setattr(pictures, "read", swapped)
    (left_out,) = run(cases).left_out
    assert (left_out.face_id, left_out.reason) == (face.id, "face-not-found")


@pytest.mark.parametrize(
    ("encoder", "reason"),
    [("uncalibrated", "no-curve"), ("facenet-vggface2", "weights-missing")],
)
def test_an_encoder_that_cannot_serve_gets_no_collection(
    cases: UseCases, encoder: str, reason: str
) -> None:
    with pytest.raises(EncoderNotReadyError) as caught:
        cases.reencoder.plan("staff", encoder)
    assert caught.value.data["reason"] == reason and caught.value.hint
    with pytest.raises(EncoderNotReadyError):
        cases.collections.create("trial", encoder=encoder)
    with pytest.raises(EncoderNotReadyError):  # it was ready when the job was asked for
        cases.reencoder.resume(cases.collections.get("staff").id, caught.value.data["model"])
    assert [one.name for one in cases.collections.list()] == ["staff"]
    assert cases.reencoder.discard(cases.reencoder.plan("staff", encoder, to_discard=True)) == 0


def test_a_named_similarity_needs_no_curve(cases: UseCases) -> None:
    one, other = picture("Grace Hopper"), picture("Grace Hopper", 0.8)
    asked = VerificationOptions(analysis=AnalysisOptions(encoder="uncalibrated"))
    asked_similarity = replace(asked, similarity_threshold=0.9)
    verdict = cases.verifier.compare(one, other, asked_similarity).verdict
    assert verdict.match
    assert verdict.curve_fmr is None and verdict.threshold.fmr is None
    with pytest.raises(InvalidManifestError, match="evaluate calibrate"):
        cases.verifier.compare(one, other, asked)


def test_a_few_faces_are_told_of_one_by_one(
    cases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.moving.reencoding._SILENT", -1.0)
    reported: list[tuple[int, int]] = []
    cases.reencoder.run(cases.reencoder.plan("staff", NEW), lambda *said: reported.append(said))
    assert reported == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4), (4, 4)]
