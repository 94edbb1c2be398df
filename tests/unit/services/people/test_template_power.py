"""Whatever compares with subjects lengthens their templates as the encoder says."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.faces import AnalysisOptions
from app.domain.people.leaving_out import Nearest
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.people.calibrating import Calibrations
from app.services.people.health import Health
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service

POWER = 0.3


class Lengthened(OneEncoder):
    def template_power(self, encoder: str) -> float:
        return POWER * super().template_power(encoder)


class SeenError(Exception):
    """Says that the power has come where it is needed."""


def expect(*arguments: Any, **_: Any) -> Any:
    raise SeenError if POWER in arguments else AssertionError(arguments)


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff")
    for name in ("Ada", "Bob", "Carol"):
        service.enrol(name, picture(name), picture(name, take=2))
    yield service
    service.close()


def test_health_does(staff: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nearest, "compare_templates", expect)
    with pytest.raises(SeenError):
        Health(staff.storage, Lengthened()).check("staff")


def test_calibration_does(staff: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.people.calibrating.FEWEST_SUBJECTS", 3)
    monkeypatch.setattr(
        "app.services.people.calibrating.impostors",
        lambda vectors, subjects, power, report: expect(power),
    )
    with pytest.raises(SeenError):
        Calibrations(staff.storage, Lengthened()).propose("staff")


def test_a_review_of_enrolments_does(staff: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "app.services.enrolling.reviewing.fused_similarity",
        lambda nearest, probe, faces, power: expect(power),
    )
    gallery = staff.collections.update("staff", {"policy": {"review_mode": "warn"}})
    ada = staff.subjects.get_or_create("staff", "Ada").id
    (face,) = staff.analyser.analyse(
        picture("Ada", take=3), AnalysisOptions(encoder=gallery.encoder)
    ).faces
    assert face.embedding is not None
    with pytest.raises(SeenError):
        EnrolmentReview(staff.storage, Lengthened(), staff.candidates).doubts(
            gallery, ada, [face.embedding]
        )
