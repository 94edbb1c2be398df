"""What a re-encoding would lose is found before it is ordered, and nothing is changed by that."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import ImagesUnavailableError
from app.domain.jobs import JobFile, Progress
from app.services.jobs.queue import JobLimits, Jobs
from app.services.keys import LOCAL
from app.services.moving import forecasting
from app.services.moving.forecasting import ReencodingForecaster
from app.services.moving.reencoding_jobs import REENCODING
from models.registry.errors import EncoderNotReadyError, UnknownModelError
from tests.fakes.analyser import ENCODER, OneEncoder, picture
from tests.fakes.service import Service

NEW = "new@1"


class TwoEncoders(OneEncoder):
    """Another one beside it."""

    def __init__(self) -> None:
        self.problem: EncoderNotReadyError | None = None

    def resolve(self, encoder: str | None) -> str:
        return NEW if encoder == NEW else super().resolve(encoder)

    def require_ready(self, encoder: str) -> None:
        if self.problem is not None:
            raise self.problem


@pytest.fixture
def service(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff", keep_images=True)
    service.enrol("Ada", picture("Ada"), picture("Ada", take=2))
    service.enrol("Bob", picture("Bob"))
    yield service
    service.close()


@pytest.fixture
def encoders() -> TwoEncoders:
    return TwoEncoders()


@pytest.fixture
def forecaster(service: Service, encoders: TwoEncoders) -> ReencodingForecaster:
    return ReencodingForecaster(service.storage, service.pictures, encoders)


def without_pictures(service: Service, name: str) -> None:
    service.collections.update("staff", {"keep_images": False})
    service.enrol(name, picture(name, take=9), duplicates="ignore")


def digest_of(service: Service, name: str) -> str:
    subject = service.subjects.get_or_create("staff", name)
    with service.storage.read() as uow:
        faces = uow.faces.list(gallery(uow), subject_id=subject.id, limit=9)
    return str(faces[0].image_digest)


def gallery(uow: Any) -> str:
    return str(uow.collections.get("staff").id)


def test_nothing_is_lost_where_all_pictures_are_there(forecaster: ReencodingForecaster) -> None:
    found = forecaster.forecast("staff", NEW)
    assert (found.plan.faces, found.subjects) == (3, 2)
    assert (found.lost_faces, found.lost_subjects, found.named) == (0, 0, ())
    looked = found.looked_for
    assert (looked.pictures, looked.missing, looked.left) == (3, (), 0)
    assert found.obstacle is None


def test_faces_without_a_picture_and_whose_they_all_are(
    service: Service, forecaster: ReencodingForecaster
) -> None:
    without_pictures(service, "Ada")  # who has others
    without_pictures(service, "Eve")
    assert service.images.delete(digest_of(service, "Bob"))
    before = service.analyser.analysed.copy()
    found = forecaster.forecast("staff", NEW)
    assert (found.plan.faces, found.subjects) == (5, 3)
    assert found.lost_faces == 3 and found.lost_subjects == 2
    assert sorted(one.name for one in found.named) == ["Bob", "Eve"]
    assert len(found.looked_for.missing) == 1
    assert service.analyser.analysed == before  # no network runs


def test_faces_that_are_ready_need_no_picture(
    service: Service, forecaster: ReencodingForecaster
) -> None:
    plan = forecaster.forecast("staff", NEW).plan
    with service.storage.write() as uow:
        ids = [one.id for one in uow.faces.list(gallery(uow), limit=9)]
        uow.staged.put(plan.stored_as, ids, uow.faces.templates(ids)[1])
    service.images.kept.clear()
    found = forecaster.forecast("staff", NEW)
    assert (found.plan.ready, found.lost_faces, found.looked_for.pictures) == (3, 0, 0)
    assert found.seconds == 0


def test_what_is_not_looked_for_is_told(
    service: Service, forecaster: ReencodingForecaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecasting, "_MOST", 2)
    monkeypatch.setattr(forecasting, "_PIECE", 2)
    monkeypatch.setattr(forecasting, "_NAMED", 1)
    service.images.kept.clear()
    found = forecaster.forecast("staff", NEW)
    assert (found.looked_for.pictures, found.looked_for.left) == (2, 1)
    assert found.lost_faces == 2
    monkeypatch.setattr(forecasting, "_MOST", 100)
    found = forecaster.forecast("staff", NEW)
    assert found.lost_subjects == 2 and len(found.named) == 1


def test_pictures_that_are_away_are_not_lost(
    service: Service, forecaster: ReencodingForecaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: str) -> bool:
        raise ImagesUnavailableError("The bucket is away.")

    monkeypatch.setattr(service.images, "has", away)
    found = forecaster.forecast("staff", NEW)
    assert (found.lost_faces, found.looked_for.pictures, found.looked_for.left) == (0, 0, 3)


def test_an_encoder_that_could_not_serve_is_told(
    forecaster: ReencodingForecaster, encoders: TwoEncoders
) -> None:
    encoders.problem = EncoderNotReadyError("No curve.", hint="Measure one.", reason="no-curve")
    found = forecaster.forecast("staff", NEW)
    assert found.obstacle is encoders.problem and found.plan.faces == 3
    with pytest.raises(InvalidRequestError):
        forecaster.forecast("staff", ENCODER)
    with pytest.raises(UnknownModelError):
        forecaster.forecast("staff", "nothing@1")


def test_the_time_is_that_of_the_last_one(
    service: Service, forecaster: ReencodingForecaster
) -> None:
    found = forecaster.forecast("staff", NEW)
    assert found.seconds_from == "typical" and found.seconds > 0
    jobs = Jobs(service.storage, JobLimits(9, 9))
    jobs.submit(REENCODING, LOCAL, parameters={})
    begun = datetime.now(UTC)
    with service.storage.write() as uow:
        job = uow.jobs.claim([REENCODING.name], "worker", begun)
        assert job is not None
        uow.jobs.report(job, Progress(1.0, "", {"ready": 10, "faces": 10}), None, begun)
        done = begun + timedelta(seconds=50)
        uow.jobs.succeed(job, JobFile("application/json", b"{}"), done, done + timedelta(days=1))
    found = forecaster.forecast("staff", NEW)
    assert found.seconds_from == "last-job" and found.seconds == pytest.approx(3 * 5.0)
