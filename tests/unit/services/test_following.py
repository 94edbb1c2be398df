"""The index follows the change log, however it is behind."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Collection, EnrolledFace, NewFace, Partition, Subject
from app.index.exact.index import ExactIndex
from app.index.growing.index import GrowingIndex
from app.index.kit.partitions import PartitionedIndex
from app.services.indexing.following import IndexFollower
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


def _found(index: PartitionedIndex) -> set[int]:
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


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


def _growing(storage: SqlStorage, directory: Path) -> GrowingIndex:
    """An index that has followed the log and clusters what it holds; the caller closes it."""
    index = GrowingIndex(directory, exact_limit=16)
    IndexFollower(storage, index, index).catch_up()
    return index


def _saved(storage: SqlStorage, directory: Path) -> list[EnrolledFace]:
    """Forty faces, and a snapshot of them."""
    faces = _enrol(storage, *range(40))
    index = _growing(storage, directory)
    index.build_now()
    index.close()
    return faces


def test_a_snapshot_is_brought_up_to_date_from_the_log(
    storage: SqlStorage, directory: Path
) -> None:
    faces = _saved(storage, directory)
    with storage.write() as uow:
        uow.faces.remove(faces[:2])
    later = _enrol(storage, 50)
    index = _growing(storage, directory)
    assert index.newest(PARTITION, 1)[0].tolist() == [later[0].id], "it came from the snapshot"
    assert _found(index) == {face.id for face in [*faces[2:], *later]}
    with storage.read() as uow:
        assert index.watermark() == uow.changes.head()
    index.close()


def test_a_snapshot_of_a_database_put_back_is_not_believed(
    storage: SqlStorage, directory: Path, sqlite_database: str
) -> None:
    """Two histories part after a backup: the same ids, other people."""
    file = Path(sqlite_database.removeprefix("sqlite:///"))
    _enrol(storage, *range(30))
    storage.checkpoint()
    backup = file.read_bytes()
    _enrol(storage, *range(30, 40))
    index = _growing(storage, directory)
    index.build_now()
    index.close()
    storage.close()
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
    file.write_bytes(backup)
    restored = SqlStorage.open(sqlite_database)
    others = _enrol(restored, *range(70, 85))
    index = _growing(restored, directory)
    probe = np.eye(128, dtype=np.float32)[70:71]
    assert index.search(PARTITION, probe, 1)[1].tolist() == [[others[0].id]]
    assert index.count(PARTITION) == 45
    index.close()
    restored.close()


def test_a_snapshot_that_lacks_faces_is_not_believed(storage: SqlStorage, directory: Path) -> None:
    _saved(storage, directory)
    (vectors,) = directory.rglob("vectors")
    blank = GrowingIndex(directory, exact_limit=16)
    blank.restore(10**6)
    blank.remove(PARTITION, np.array([3]), seq=0)  # a face that SQL still has
    assert blank._own is not None
    blank._own.close()
    index = _growing(storage, directory)
    assert index.count(PARTITION) == 40
    assert not vectors.exists()
    index.close()


def test_a_collection_dropped_meanwhile_takes_its_snapshot_along(
    storage: SqlStorage, directory: Path
) -> None:
    _saved(storage, directory)
    with storage.write() as uow:
        uow.changes.drop(PARTITION)
        uow.collections.remove("c")
    index = _growing(storage, directory)
    assert index.count(PARTITION) == 0
    assert not list(directory.rglob("vectors"))
    index.close()
