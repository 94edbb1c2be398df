"""The log of changes is compacted below the slowest index, and no index misses anything by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.errors.trouble import DatabaseLockedError
from app.domain.gallery import Partition
from app.index.exact.index import ExactIndex
from app.services.indexing import compaction
from app.services.indexing.compaction import LogCompaction
from app.services.indexing.following import IndexFollower
from app.storage.copies.archive import DatabaseArchive
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

WEEK = timedelta(days=7)
STAFF = Partition("col-staff", "encoder@1")
NOW = datetime.now(UTC)


class Process:
    """An index in memory that follows the log and announces where it stands."""

    def __init__(self, storage: SqlStorage, name: str) -> None:
        self.storage = storage
        self.index = ExactIndex()
        self.follower = IndexFollower(storage, self.index)
        self.compaction = LogCompaction(storage, self.index, name, WEEK)

    def follow(self) -> None:
        self.follower.catch_up()
        self.compaction.announce()

    def agrees(self) -> bool:
        """Whether it holds the faces of SQL, and finds each by its template."""
        with self.storage.read() as uow:
            faces = uow.faces.list("col-staff", limit=1000)
            ids, templates = uow.faces.templates([face.id for face in faces])
        if self.index.count(STAFF) != len(ids):
            return False
        found = self.index.search(STAFF, templates, 1)[1] if len(ids) else np.empty((0, 1))
        return bool((found[:, 0] == ids).all())


@pytest.fixture
def first(storage: SqlStorage, samples: Samples) -> Process:
    samples.fill(storage, faces=6)
    return Process(storage, "first")


def lines(storage: SqlStorage) -> list[int]:
    with storage.read() as uow:
        return [change.seq for change in uow.changes.after(0, limit=1000)]


def remove(storage: SqlStorage, count: int) -> None:
    with storage.write() as uow:
        uow.faces.remove(uow.faces.list("col-staff", limit=count))


def test_lines_go_when_they_are_old_and_everybody_is_past_them(
    storage: SqlStorage, first: Process
) -> None:
    second = Process(storage, "second")
    first.follow()
    before = lines(storage)
    assert first.compaction.run(NOW) == 0  # the first look only notes where the log stands
    second.compaction.announce()  # it stands at 0: it has everything before itself
    assert first.compaction.run(NOW + WEEK / 2) == 0
    assert lines(storage) == before
    assert first.compaction.run(NOW + WEEK) == 0  # held by who stands at 0
    assert lines(storage) == before
    second.follow()
    assert first.compaction.run(NOW + 2 * WEEK) == len(before)
    assert lines(storage) == []
    assert first.agrees()
    assert second.agrees()


def test_what_came_since_the_mark_stays(
    storage: SqlStorage, first: Process, samples: Samples
) -> None:
    first.follow()
    first.compaction.run(NOW)
    with storage.write() as uow:
        uow.faces.add(samples.face(seed=77))
    first.follow()
    old = lines(storage)[:-1]
    assert first.compaction.run(NOW + WEEK) == len(old)
    assert len(lines(storage)) == 1
    late = Process(storage, "late")
    late.follow()
    assert late.agrees()


def test_an_index_behind_the_floor_is_built_again(
    storage: SqlStorage, first: Process, samples: Samples
) -> None:
    away = Process(storage, "away")
    away.follow()
    remove(storage, 3)
    with storage.write() as uow:
        uow.faces.add(samples.face(seed=88))
    first.follow()
    first.compaction.run(NOW)
    # It was silent for longer than the log is kept, and nobody waits for it any more.
    assert first.compaction.run(NOW + 2 * WEEK) > 0
    assert lines(storage) == []
    assert not away.agrees()
    away.follow()
    assert away.index.watermark() == first.index.watermark()
    assert away.agrees()


def test_an_interrupted_compaction_goes_on(
    storage: SqlStorage, first: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "_BATCH", 2)
    first.follow()
    first.compaction.run(NOW)
    before = lines(storage)
    writes = iter(range(100))
    write = storage.write

    @contextmanager
    def failing() -> Iterator[Any]:
        if next(writes) == 2:
            raise DatabaseLockedError("It is locked.")
        with write() as uow:
            yield uow

    monkeypatch.setattr(storage, "write", failing)
    with pytest.raises(DatabaseLockedError):
        first.compaction.run(NOW + WEEK)
    monkeypatch.setattr(storage, "write", write)
    left = lines(storage)
    assert 0 < len(left) < len(before)
    with storage.read() as uow:
        floor = uow.compaction.floor()
    assert floor is not None
    assert left == [seq for seq in before if seq > floor.seq]
    assert first.compaction.run(NOW + WEEK) == len(left)
    assert lines(storage) == []
    assert first.agrees()


def test_a_restored_copy_starts_with_what_its_log_has(
    sqlite_database: str, samples: Samples, tmp_path: Path, migrated_sqlite: Path
) -> None:
    storage = SqlStorage.open(sqlite_database)
    samples.fill(storage, faces=4)
    process = Process(storage, "first")
    process.follow()
    process.compaction.run(NOW)
    process.compaction.run(NOW + WEEK)
    DatabaseArchive(
        sqlite_database, open_engines(sqlite_database, busy_timeout=5.0), tmp_path
    ).snapshot(tmp_path / "copy.db", lambda *_: None)
    target = tmp_path / "target.db"
    target.write_bytes(migrated_sqlite.read_bytes())
    url = f"sqlite:///{target}"
    target_archive = DatabaseArchive(url, open_engines(url, busy_timeout=5.0), tmp_path)
    with target_archive.prepared(tmp_path / "copy.db", []) as (prepared, _):
        target_archive.fill(prepared, lambda *_: None)
    restored = SqlStorage.open(url)
    with restored.read() as uow:
        assert uow.compaction.slowest() is None
        floor = uow.compaction.floor()
    assert floor is not None
    other = Process(restored, "other")
    other.follow()
    assert other.agrees()
    restored.close()
    storage.close()
