"""Backups: taken beside writers, checked before they are used, restored into either database."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from app.domain.errors.requests import InvalidRequestError
from app.files.images import FileImageStore
from app.files.ledgers import LedgerFiles
from app.index.exact.index import ExactIndex
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.services.gallery.corrections import Corrections
from app.services.gallery.erasure import Erasure
from app.services.gallery.image_files import KeptPictures
from app.services.gallery.undoing.naming import NamingUndo
from app.services.indexing.following import IndexFollower
from app.services.moving.backup import Backups
from app.storage import schema
from app.storage.base import Base
from app.storage.copies.archive import DatabaseArchive, DatabaseCopies
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples


class Installation:
    """A database with its images."""

    def __init__(self, url: str, root: Path) -> None:
        schema.upgrade(url)
        self.engines = open_engines(url, busy_timeout=5.0)
        self.storage = SqlStorage(self.engines)
        self.images = FileImageStore(root)
        self.pictures = KeptPictures(self.storage, self.images, DataKeys(MasterKey([bytes(32)])))
        self.keys_required: list[frozenset[str]] = []
        archive = DatabaseArchive(url, self.engines, root.parent)
        self.ledgers = LedgerFiles(root.with_name("ledgers"))
        self.backups = Backups(
            archive,
            DatabaseCopies(),
            self.images,
            FileImageStore,
            self.keys_required.append,
            self.ledgers,
        )
        self.follower = IndexFollower(self.storage, ExactIndex())
        self.erasure = Erasure(self.storage, self.images, self.follower, self.ledgers)

    def close(self) -> None:
        self.engines.dispose()

    def corrections(self) -> Corrections:
        undo = NamingUndo(self.storage, self.images, self.pictures, self.follower)
        return Corrections(self.storage, undo)

    def enrol(self, samples: Samples, seed: int) -> int:
        with self.storage.write() as uow:
            digest = self.pictures.keep(uow, samples.face().subject_id, picture(seed))
            return uow.faces.add(samples.face(seed=seed, image_digest=digest)).id

    def contents(self) -> dict[str, list[Any]]:
        """Every row of every table, but for the database's own name."""
        with self.engines.reader.connect() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(select(table).order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
                if table.name != "installation"
            }


def picture(seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(300)


def silent(what: str, done: int, total: int) -> None:
    assert done <= total


@pytest.fixture
def installation(database: str, tmp_path: Path, samples: Samples) -> Iterator[Installation]:
    """Ada with six faces, the last of which was erased, Bob, and a key."""
    made = Installation(database, tmp_path / "images")
    samples.fill(made.storage, faces=0)
    last = [made.enrol(samples, seed) for seed in range(6)][-1]
    made.erasure.face("staff", last)
    with made.storage.write() as uow:
        uow.keys.add(samples.key())
        uow.idempotency.add(samples.record())
    yield made
    made.engines.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_postgresql: str
) -> Iterator[Installation]:
    """An empty installation."""
    url = f"sqlite:///{tmp_path / 'target.db'}"
    if request.param == "postgresql":
        create: Callable[[str], str] = request.getfixturevalue("postgresql")
        url = create(migrated_postgresql)
    made = Installation(url, tmp_path / "target-images")
    yield made
    made.engines.dispose()


def test_there_and_back(
    installation: Installation, target: Installation, samples: Samples, tmp_path: Path
) -> None:
    taken = installation.backups.take(tmp_path / "backup", silent)
    assert (taken.faces, taken.images) == (5, 5)
    assert target.backups.check(tmp_path / "backup", silent) == taken
    assert target.backups.restore(tmp_path / "backup", silent).manifest == taken
    assert target.contents() == installation.contents()
    assert {d: target.images.get(d) for d in target.images.digests()} == {
        d: installation.images.get(d) for d in installation.images.digests()
    }
    # The id of the face that was erased before the backup does not come back.
    assert target.enrol(samples, 99) == installation.enrol(samples, 99)
    with pytest.raises(InvalidRequestError, match="already"):
        target.backups.restore(tmp_path / "backup", silent)


def test_a_backup_names_the_master_keys_that_it_is_under(
    installation: Installation, target: Installation, tmp_path: Path
) -> None:
    with installation.storage.write() as uow:
        uow.protection.note_master_key("0123456789abcdef", datetime.now(UTC))
    installation.backups.take(tmp_path / "backup", silent)
    with target.storage.write() as uow:
        uow.protection.note_master_key("fedcba9876543210", datetime.now(UTC))
    target.backups.restore(tmp_path / "backup", silent)
    assert set(target.keys_required) == {frozenset({"0123456789abcdef"})}
    with target.storage.read() as uow:
        assert uow.protection.master_keys() == {"0123456789abcdef"}


def test_a_value_that_a_database_cannot_hold_is_told(
    target: Installation, samples: Samples, tmp_path: Path
) -> None:
    """SQLite kept NaN and NUL before names and metadata had rules; PostgreSQL holds neither."""
    old = Installation(f"sqlite:///{tmp_path / 'old.db'}", tmp_path / "old-images")
    samples.fill(old.storage, faces=0)
    with sqlite3.connect(tmp_path / "old.db") as database:
        database.execute("UPDATE subjects SET meta = '{\"a\": NaN}', name = 'A' || char(0) || id")
    old.backups.take(tmp_path / "backup", silent)
    try:
        target.backups.restore(tmp_path / "backup", silent)
    except InvalidRequestError:
        assert target.contents()["subjects"] == []
    else:
        with target.storage.read() as uow:
            found = uow.subjects.list(uow.collections.get("staff").id, after=None, limit=10)
        assert {one.unreadable for one in found} == {("metadata",)}
    old.engines.dispose()


def test_a_backup_beside_writers_is_whole_and_holds_nothing_erased_before(
    installation: Installation, samples: Samples, tmp_path: Path
) -> None:
    done = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for seed in range(100, 10_000):
                face = installation.enrol(samples, seed)
                if seed % 2:
                    installation.erasure.face("staff", face)
                if done.is_set():
                    return
        except BaseException as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            taken = installation.backups.take(tmp_path / str(number), silent)
            assert installation.backups.check(tmp_path / str(number), silent) == taken
            assert taken.faces == taken.images
    finally:
        done.set()
        writer.join()
    assert failures == []
    traces = [samples.template(5).tobytes(), picture(5)]  # erased before the first
    for path in tmp_path.glob("[012]/**/*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(trace in content for trace in traces), path


def test_damaged_backups_are_told_and_leave_the_target_empty(
    sqlite_database: str, migrated_sqlite: Path, samples: Samples, tmp_path: Path
) -> None:
    source = Installation(sqlite_database, tmp_path / "images")
    samples.fill(source.storage, faces=0)
    source.enrol(samples, 1)
    source.backups.take(tmp_path / "backup", silent)
    with pytest.raises(InvalidRequestError, match="exists"):
        source.backups.take(tmp_path / "backup", silent)
    target = Installation(f"sqlite:///{tmp_path / 'target.db'}", tmp_path / "target-images")
    image = next(path for path in (tmp_path / "backup" / "images").rglob("*") if path.is_file())
    for path in (image, tmp_path / "backup" / "facet.db", tmp_path / "backup" / "manifest.json"):
        before = path.read_bytes()
        middle = len(before) // 2
        for damaged in (before[:middle] + b"#" + before[middle + 1 :], None):
            if damaged is None:
                path.unlink()
            else:
                path.write_bytes(damaged)
            with pytest.raises(InvalidRequestError):
                target.backups.restore(tmp_path / "backup", silent)
        path.write_bytes(before)
    target.backups.require_empty()
    assert target.backups.restore(tmp_path / "backup", silent).manifest.faces == 1
