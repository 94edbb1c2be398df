"""Calibrations of a gallery: proposed, accepted, decided by, dropped with the encoder."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.errors.people import TooFewSubjectsError, UnknownCalibrationError
from app.domain.people.findings import decade
from app.services.people.calibrating import Calibrations
from app.services.people.health import Health
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff")
    for number in range(12):
        service.enrol(f"Person {number}", picture(f"Person {number}"), duplicates="ignore")
    yield service
    service.close()


@pytest.fixture
def calibrations(staff: Service) -> Calibrations:
    return Calibrations(staff.storage, OneEncoder())


def threshold(service: Service) -> float:
    return service.decider.search("staff", SearchTerms()).curve.similarity(1e-3)


def test_nothing_is_decided_by_a_proposal(staff: Service, calibrations: Calibrations) -> None:
    made = calibrations.propose("staff")
    assert made.proposed is not None and made.in_force is None
    assert made.proposed.comparisons == 12 * 11 and made.proposed.subjects == 12
    assert threshold(staff) == 0.5 == OneEncoder().curve("").similarity(1e-3)


def test_an_accepted_curve_decides_everywhere(staff: Service, calibrations: Calibrations) -> None:
    proposed = calibrations.propose("staff").proposed
    assert proposed is not None
    own = proposed.curve
    in_force = calibrations.accept("staff", proposed.id).in_force
    assert in_force == proposed
    assert threshold(staff) == own.similarity(1e-3) != 0.5
    subject = staff.subjects.get_or_create("staff", "Person 1").id
    claim = staff.decider.claim("staff", subject, ComparisonTerms())
    assert claim.comparison.threshold.similarity == own.similarity(1e-3)
    health = Health(staff.storage, OneEncoder()).check("staff").report
    search = staff.decider.search("staff", SearchTerms())
    assert health.threshold == search.terms.threshold(own, 12)
    assert decade(search.curve.fmr(0.5)) == decade(own.fmr(0.5))
    tracks = staff.decider.search("staff", SearchTerms(), curves=OneEncoder().curve)
    for point in proposed.points:
        if point.similarity in tracks.curve.similarities:
            assert tracks.curve.fmr(point.similarity) == pytest.approx(point.fmr, rel=0.05)


def test_an_accepted_curve_is_supported_by_the_encoders_comparisons_too(
    staff: Service, calibrations: Calibrations
) -> None:
    proposed = calibrations.propose("staff").proposed
    assert proposed is not None
    calibrations.accept("staff", proposed.id)
    general, own = OneEncoder().curve(""), staff.decider.search("staff", SearchTerms()).curve
    assert own.supported < proposed.curve.supported, "twelve people alone support little"
    assert own.supported >= own.fmr(general.similarity(general.supported))


def test_other_changes_leave_it_in_force(staff: Service, calibrations: Calibrations) -> None:
    proposed = calibrations.propose("staff").proposed
    assert proposed is not None
    calibrations.accept("staff", proposed.id)
    staff.collections.update("staff", {"name": "crew", "policy": {"max_fpir": 0.001}})
    assert calibrations.show("crew").in_force == proposed
    assert calibrations.drop("crew").in_force is None


def test_only_what_was_seen_is_accepted(staff: Service, calibrations: Calibrations) -> None:
    first = calibrations.propose("staff").proposed
    second = calibrations.propose("staff").proposed
    assert first is not None and second is not None
    with pytest.raises(UnknownCalibrationError):
        calibrations.accept("staff", first.id)
    calibrations.accept("staff", second.id)
    with pytest.raises(UnknownCalibrationError):
        calibrations.accept("staff", second.id)


def test_it_is_stale_once_the_gallery_has_grown(staff: Service, calibrations: Calibrations) -> None:
    proposed = calibrations.propose("staff").proposed
    assert proposed is not None
    assert not calibrations.accept("staff", proposed.id).stale
    for number in range(12, 18):
        staff.enrol(f"Person {number}", picture(f"Person {number}"), duplicates="ignore")
    assert calibrations.show("staff").stale


def test_another_encoder_has_its_own_curve(staff: Service, calibrations: Calibrations) -> None:
    proposed = calibrations.propose("staff").proposed
    assert proposed is not None
    with staff.storage.write() as uow:
        gallery = uow.collections.get("staff")
        uow.calibrations.put(gallery.id, replace(proposed, encoder="another@1"))
        uow.calibrations.propose(gallery.id, replace(proposed, encoder="another@1"))
    shown = calibrations.show("staff")
    assert (shown.in_force, shown.proposed) == (None, None)
    assert threshold(staff) == 0.5
    with staff.storage.write() as uow:
        gallery = uow.collections.get("staff")
        faces = uow.faces.list(gallery.id, limit=50)
        ids, templates = uow.faces.templates([face.id for face in faces])
        uow.staged.put("another@1", ids.tolist(), templates)
        uow.staged.promote(gallery.id, "another@1")
        assert uow.calibrations.proposed(gallery.id) is None
        assert uow.collections.get("staff").calibration is None


def test_few_people_are_refused(sqlite_database: str) -> None:
    service = Service(sqlite_database)
    service.collections.create("staff")
    service.enrol("Ada", picture("Ada"))
    with pytest.raises(TooFewSubjectsError, match="1 subjects"):
        Calibrations(service.storage, OneEncoder()).propose("staff")
    service.close()
