"""Quotas of collections hold exactly, whoever writes at once and by whatever way."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.domain.deciding.bounds import Usage
from app.domain.errors.gallery import CollectionFullError
from app.domain.gallery import Collection, EnrolledFace, Policy
from app.services.ports import UnitOfWork
from app.storage.repositories.collections import SqlCollections
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples
from tests.fakes.analyser import picture
from tests.fakes.service import Service


def full(storage: SqlStorage, samples: Samples, **policy: Any) -> None:
    with storage.write() as uow:
        uow.collections.add(samples.collection(policy=Policy(**policy)))


def count(storage: SqlStorage, *, faces: bool = False) -> int:
    with storage.read() as uow:
        return uow.faces.count("col-staff") if faces else uow.subjects.count("col-staff")


def test_the_last_that_fits_is_taken_and_the_next_is_not(
    storage: SqlStorage, samples: Samples
) -> None:
    full(storage, samples, max_subjects=2)
    for name in ("Ada", "Bob"):
        with storage.write() as uow:
            uow.subjects.add(samples.subject(name))
    with pytest.raises(CollectionFullError) as caught, storage.write() as uow:
        uow.subjects.add(samples.subject("Cyd"))
    assert caught.value.slug == "collection-full"
    assert caught.value.data == {"limit": 2, "of": "subjects"}
    assert count(storage) == 2
    with storage.write() as uow:  # what is erased makes room
        uow.subjects.remove("sub-Ada")
        uow.subjects.add(samples.subject("Cyd"))
    assert count(storage) == 2


def test_many_writers_fill_a_collection_exactly(
    storage: SqlStorage, samples: Samples, database: str
) -> None:
    full(storage, samples, max_faces=10)
    with storage.write() as uow:
        uow.subjects.add(samples.subject())
    stored: list[int] = []
    refused: list[str] = []

    def enroll(seed: int) -> None:
        own = SqlStorage.open(database, busy_timeout=30.0)
        for number in range(5):
            try:
                with own.write() as uow:
                    face = uow.faces.add(samples.face(seed=100 * seed + number))
                stored.append(face.id)
            except CollectionFullError as error:
                refused.append(error.slug)
        own.close()

    threads = [threading.Thread(target=enroll, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(stored), len(refused)) == (10, 10)
    assert count(storage, faces=True) == 10


def test_what_was_counted_is_not_counted_for_every_face(
    storage: SqlStorage, samples: Samples, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    usage = SqlCollections.usage

    def noted(self: SqlCollections, collection: Collection) -> Usage:
        asked.append(collection.id)
        return usage(self, collection)

    monkeypatch.setattr(SqlCollections, "usage", noted)
    full(storage, samples, max_faces=6, max_subjects=3)
    other = SqlStorage.open(database, busy_timeout=30.0)

    def enroll(seed: int, by: SqlStorage = storage) -> EnrolledFace:
        with by.write() as uow:
            return uow.faces.add(samples.face(seed=seed))

    with storage.write() as uow:
        uow.subjects.add(samples.subject())
    with pytest.raises(RuntimeError), storage.write() as uow:
        uow.faces.add(samples.face(seed=9))
        raise RuntimeError  # what is rolled back is not counted
    first = [enroll(seed) for seed in (1, 2)]
    assert len(asked) == 1
    enroll(3, other)  # which another process has to be told of
    enroll(4)
    assert len(asked) == 2 and [enroll(5), enroll(6)]
    with storage.write() as uow:
        uow.faces.remove(first)
    enroll(7, other)  # it may fit, so that all is counted
    assert len(asked) == 3 and count(storage, faces=True) == 5
    enroll(8)
    assert len(asked) == 3
    for by in (storage, other):
        with pytest.raises(CollectionFullError):
            enroll(9, by)
    assert count(storage, faces=True) == 6
    other.close()


def test_bytes_are_those_of_kept_pictures(storage: SqlStorage, samples: Samples) -> None:
    full(storage, samples, max_bytes=1000)

    def add(digest: str, size: int) -> Callable[[UnitOfWork], None]:
        def work(uow: Any) -> None:
            uow.images.add(digest * 64, media_type="image/jpeg", size=size)
            uow.faces.add(samples.face(seed=size, image_digest=digest * 64))

        return work

    with storage.write() as uow:
        uow.subjects.add(samples.subject())
        add("a", 600)(uow)
        add("b", 400)(uow)
    with storage.read() as uow:
        usage = uow.collections.usage(uow.collections.get("staff"))
    assert (usage.subjects, usage.faces, usage.bytes) == (None, None, 1000)
    with pytest.raises(CollectionFullError, match="1000 bytes of pictures"), storage.write() as uow:
        add("c", 1)(uow)


def test_other_collections_and_no_quota_are_not_bounded(
    storage: SqlStorage, samples: Samples
) -> None:
    full(storage, samples, max_subjects=0)
    with storage.write() as uow:
        uow.collections.add(samples.collection("visitors"))
        uow.subjects.add(samples.subject(collection_id="col-visitors"))
    with pytest.raises(CollectionFullError), storage.write() as uow:
        uow.subjects.add(samples.subject("Bob"))


def test_a_quota_below_what_is_there_keeps_it_and_takes_no_more(
    storage: SqlStorage, samples: Samples
) -> None:
    samples.fill(storage, faces=3)
    with storage.write() as uow:
        uow.collections.update(samples.collection(policy=Policy(max_faces=1)))
    assert count(storage, faces=True) == 3
    with pytest.raises(CollectionFullError), storage.write() as uow:
        uow.faces.add(samples.face(seed=9))


@pytest.fixture
def service(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    yield service
    service.close()


def test_every_way_into_a_collection_is_bounded(service: Service) -> None:
    service.collections.create("staff", policy={"max_subjects": 2, "max_faces": 3})
    service.enrol("Ada", picture("Ada"), picture("Ada", take=2))
    kept = dict(service.images.kept)
    with pytest.raises(CollectionFullError):
        service.enrol("Bob", picture("Bob"), picture("Bob", take=2))
    assert service.images.kept == kept  # the files of what was refused are gone
    subject = service.subjects.get_or_create("staff", "Ada")
    with pytest.raises(CollectionFullError):
        service.subjects.create("staff", "Cyd")
    with service.storage.read() as uow:
        faces = uow.faces.list(subject.collection_id, limit=9)
    with pytest.raises(CollectionFullError):
        service.corrections.split("staff", [faces[0].id], "Dan")
    usage = service.collections.usage(service.collections.get("staff"))
    assert usage is not None
    assert (usage.subjects, usage.faces, usage.bytes) == (2, 2, None)
    service.collections.update("staff", {"policy": {"max_subjects": None, "max_faces": None}})
    assert service.collections.usage(service.collections.get("staff")) is None
    service.enrol("Bob", picture("Bob"), picture("Bob", take=2))
