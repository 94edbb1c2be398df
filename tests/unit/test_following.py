"""The index follows the change log, however it is behind."""

from datetime import UTC, datetime

import numpy as np
import pytest

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Collection, EnrolledFace, NewFace, Partition, Subject
from app.index.exact import ExactIndex
from app.services.following import IndexFollower
from app.storage.unit_of_work import SqlStorage

NOW = datetime.now(UTC)
PARTITION = Partition("c", "e@1")


@pytest.fixture
def storage(sqlite_database: str) -> SqlStorage:
    storage = SqlStorage.open(sqlite_database)
    with storage.write() as uow:
        uow.collections.add(Collection("c", "staff", "e@1", False, {}, NOW))
        uow.subjects.add(Subject("s", "c", "Ann", None, {}, NOW, NOW))
    return storage


def _enrol(storage: SqlStorage, *directions: int) -> list[EnrolledFace]:
    with storage.write() as uow:
        return [
            uow.faces.add(
                NewFace(
                    "c",
                    "s",
                    "e@1",
                    np.eye(128, dtype=np.float32)[direction],
                    Box(0, 0, 9, 9),
                    np.zeros((5, 2), np.float32),
                    1.0,
                    Pose(0, 0, 0),
                    Quality(1.0),
                    None,
                    NOW,
                )
            )
            for direction in directions
        ]


def _found(index: ExactIndex) -> set[int]:
    _, ids = index.search(PARTITION, np.ones((1, 128), np.float32), 100)
    return set(ids.ravel().tolist())


def test_an_empty_index_is_rebuilt_and_a_running_one_follows(storage: SqlStorage) -> None:
    running = ExactIndex()
    follower = IndexFollower(storage, running)
    first = _enrol(storage, 0, 1, 2)
    follower.catch_up()
    with storage.write() as uow:
        uow.faces.remove([first[1]])
    later = _enrol(storage, 3)
    follower.catch_up()
    late = ExactIndex()
    IndexFollower(storage, late).catch_up()
    expected = {first[0].id, first[2].id, later[0].id}
    assert _found(running) == _found(late) == expected
    with storage.read() as uow:
        assert running.watermark() == late.watermark() == uow.changes.head()


def test_a_dropped_partition_leaves_the_index(storage: SqlStorage) -> None:
    index = ExactIndex()
    follower = IndexFollower(storage, index)
    _enrol(storage, 0, 1)
    follower.catch_up()
    with storage.write() as uow:
        uow.changes.drop(PARTITION)
        uow.collections.remove("c")
    follower.catch_up()
    assert index.count(PARTITION) == 0


def test_what_was_added_and_erased_before_the_index_looked_is_never_seen(
    storage: SqlStorage,
) -> None:
    index = ExactIndex()
    follower = IndexFollower(storage, index)
    kept = _enrol(storage, 0)
    follower.catch_up()
    gone = _enrol(storage, 1)
    with storage.write() as uow:
        uow.faces.remove(gone)
    follower.catch_up()
    assert _found(index) == {kept[0].id}
