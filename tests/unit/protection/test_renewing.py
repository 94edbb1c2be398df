"""Renewal of rotations: under way, interrupted, overtaken; and what a version before has left."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from structlog.testing import capture_logs

from app.bootstrap.privacy import tell_what_is_plain
from app.domain.errors.gallery import EncoderChangedError, UnknownCollectionError
from app.domain.errors.requests import InvalidRequestError
from app.domain.protection import stored_encoder
from app.jobs.kinds.renewal import RenewalJob
from app.jobs.orders import Order
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.services.moving import renewing
from app.services.moving.protecting import Protector
from app.services.moving.renewing import Renewed, Renewer
from app.storage.unit_of_work import SqlStorage
from tests.fakes.analyser import picture
from tests.fakes.service import Service

PEOPLE = ("Ada", "Bob", "Cleo", "Dora", "Eve")
OLD_KEY, NEW_KEY = MasterKey([bytes(32)]), MasterKey([bytes(range(32)), bytes(32)])


@pytest.fixture
def staff(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Five people, one face each, and a stranger who was seen; two faces are turned at once."""
    monkeypatch.setattr(renewing, "_PAGE", 2)
    service = Service(sqlite_database)
    service.collections.create("staff", policy={"remember": "unknown"})
    for name in PEOPLE:
        service.enrol(name, picture(name))
    service.recognized(picture("Somebody"))
    assert service.recorder.flush(10)
    yield service
    service.close()


@pytest.fixture
def renewer(staff: Service) -> Renewer:
    return Renewer(staff.storage, staff.follower)


def everybody(staff: Service) -> list[str | None]:
    return [staff.recognized(picture(name, take=2))[0] for name in PEOPLE]


def stored(storage: SqlStorage) -> np.ndarray:
    with storage.read() as uow:
        gallery = uow.collections.get("staff")
        faces = [one.id for one in uow.faces.list(gallery.id, limit=99)]
        return uow.faces.stored(faces)[1]


def version(staff: Service) -> int:
    rotation = staff.collections.get("staff").rotation
    return rotation.version if rotation else 0


class DiedError(Exception):
    """The process has ended."""


def dying(after: int) -> object:
    """Reports until its process ends."""
    calls = iter(range(after))

    def report(done: int, total: int) -> None:
        if next(calls, None) is None:
            raise DiedError

    return report


def test_a_renewed_collection_knows_everybody_by_other_vectors(
    staff: Service, renewer: Renewer
) -> None:
    before = stored(staff.storage)
    shown: list[tuple[int, int]] = []
    done = renewer.run(renewer.plan("staff"), lambda ready, faces: shown.append((ready, faces)))
    assert (done.version, done.faces, done.sightings) == (2, 5, 1)
    assert version(staff) == 2 and shown[-1] == (5, 5)
    same = np.einsum("nd,nd->n", before, stored(staff.storage))
    assert np.abs(same).max() < 0.5
    assert everybody(staff) == list(PEOPLE)
    with staff.storage.read() as uow:
        gallery = uow.collections.get("staff")
        assert uow.faces.partitions() == [gallery.partition]
        assert not uow.rotations.encoders_waiting(gallery.id)
        assert staff.index.count(gallery.partition) == 5
    assert renewer.run(renewer.plan("staff")).version == 3


@pytest.mark.parametrize("steps", range(5))
def test_whoever_dies_anywhere_loses_nothing(staff: Service, renewer: Renewer, steps: int) -> None:
    plan = renewer.plan("staff")
    wanted = plan.rotation.version if plan.rotation else 0
    with pytest.raises(DiedError):
        renewer.run(plan, dying(steps))  # type: ignore[arg-type]
    assert everybody(staff) == list(PEOPLE)  # one rotation or the other, never both
    staff.enrol("Fay", picture("Fay"))
    again = Renewer(staff.storage, staff.follower)
    assert again.run(again.resume(plan.collection.id, wanted)).version == 2
    assert version(staff) == 2
    assert [*everybody(staff), *staff.recognized(picture("Fay", take=2))] == [*PEOPLE, "Fay"]
    assert renewer.behind() == []


def test_a_search_under_way_is_begun_again(
    staff: Service, renewer: Renewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collection was read before the change, and is searched after it."""
    decide, changed = staff.decider.identify, list[Renewed]()

    def identify(*arguments: object, **options: object) -> object:
        if not changed:
            changed.append(renewer.run(renewer.plan("staff")))
        return decide(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(staff.decider, "identify", identify)
    assert staff.recognized(picture("Ada", take=2)) == ["Ada"]
    assert changed[0].version == 2


def test_faces_enrolled_and_erased_meanwhile(staff: Service, renewer: Renewer) -> None:
    def meanwhile(ready: int, faces: int) -> None:
        if (ready, faces) == (2, 5):
            staff.enrol("Fay", picture("Fay"))
            bob = staff.subjects.find("staff", "Bob")
            assert bob is not None
            staff.erasure.subject("staff", bob.id)

    renewer.run(renewer.plan("staff"), meanwhile)
    assert everybody(staff) == ["Ada", None, "Cleo", "Dora", "Eve"]
    assert staff.recognized(picture("Fay", take=2)) == ["Fay"]


def test_a_change_of_encoder_that_waits_is_not_discarded(staff: Service, renewer: Renewer) -> None:
    with staff.storage.write() as uow:
        gallery = uow.collections.get("staff")
        other = stored_encoder("other@1", gallery.rotation)
        uow.staged.put(other, [1], np.ones((1, 4), np.float32))
    with pytest.raises(InvalidRequestError, match="another encoder"):
        renewer.plan("staff")
    with staff.storage.write() as uow:
        uow.staged.discard(gallery.id)
    plan = renewer.plan("staff")
    with staff.storage.write() as uow:
        uow.staged.put(other, [1], np.ones((1, 4), np.float32))
    with pytest.raises(InvalidRequestError, match="another encoder"):
        renewer.run(plan)
    assert version(staff) == 1


def test_of_two_renewals_at_once_one_is_told(staff: Service, renewer: Renewer) -> None:
    plan = renewer.plan("staff")
    assert renewer.run(renewer.plan("staff")).version == 2
    with pytest.raises(EncoderChangedError):
        renewer.run(plan)
    assert everybody(staff) == list(PEOPLE)


def test_a_job_renews_once_however_often_it_runs(staff: Service, renewer: Renewer) -> None:
    wanted = renewer.order("staff")
    job = RenewalJob(renewer)
    order = Order("job", {"collection_id": wanted.collection_id, "version": 2}, {})
    for _ in range(2):
        answer = job(order, lambda *_, **__: None)
        assert b'"version": 2' in answer.content
    staff.erasure.collection("staff")
    with pytest.raises(UnknownCollectionError):
        job(order, lambda *_, **__: None)


@pytest.mark.parametrize("encoder", ["plain", "former key"])
def test_what_a_version_or_a_key_before_has_left_is_taken_along(
    staff: Service, renewer: Renewer, encoder: str
) -> None:
    """As `facet protect` does it."""
    if encoder == "plain":
        with staff.storage.write() as uow:
            gallery = uow.collections.get("staff")
            faces = [one.id for one in uow.faces.list(gallery.id, limit=99)]
            uow.staged.put(gallery.encoder, faces, uow.faces.templates(faces)[1])
            uow.staged.promote(gallery.id, gallery.encoder)
        staff.follower.catch_up()
        assert version(staff) == 0 and everybody(staff) == list(PEOPLE)
    else:
        staff.storage.seal_with(NEW_KEY, SecretRotations(NEW_KEY))
    protector = Protector(
        staff.storage, staff.images, staff.pictures, DataKeys(OLD_KEY), None, renewer
    )
    assert protector.plan().collections == 1
    stages: list[str] = []
    done = protector.run(lambda stage, ready, faces: stages.append(stage))
    assert (done.collections, done.waiting) == (1, 0)
    assert "Protecting templates of staff" in stages
    assert everybody(staff) == list(PEOPLE)
    rotation = staff.collections.get("staff").rotation
    assert rotation is not None
    expected = (1, OLD_KEY.id) if encoder == "plain" else (2, NEW_KEY.id)
    assert (rotation.version, rotation.key) == expected
    assert protector.plan().collections == 0


def test_sightings_that_were_left_behind_are_turned_later(
    staff: Service, renewer: Renewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Renewer, "_rotate_sightings", lambda *_: 0)  # it died before
        renewer.run(renewer.plan("staff"))
    assert names(renewer) == ["staff"]
    renewer.bring_up(renewer.behind()[0])
    assert names(renewer) == [] and version(staff) == 2


def test_the_server_warns_of_what_is_not_protected() -> None:
    with capture_logs() as logs:
        tell_what_is_plain(0, 0)
        tell_what_is_plain(3, 2)
    warnings = [(one["event"], one.get("pictures", one.get("collections"))) for one in logs]
    assert warnings == [("templates-not-protected", 2), ("pictures-not-protected", 3)]


def names(renewer: Renewer) -> Sequence[str]:
    return [one.name for one in renewer.behind()]
