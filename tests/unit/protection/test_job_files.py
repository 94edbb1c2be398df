"""Files of jobs lie sealed in the database, and those of before are read as they are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors.protection import WrongMasterKeyError
from app.domain.jobs import Job, JobFile
from app.protection.master_key import MasterKey
from app.storage.unit_of_work import SqlStorage

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
UPLOAD = JobFile("image/png", b"the picture of somebody" * 20)


def add(storage: SqlStorage, name: str) -> None:
    with storage.write() as uow:
        uow.jobs.add(Job(name, "style-transfer", "k", None, {}, 60.0, 1, NOON), {"image": UPLOAD})


def test_uploads_are_sealed(sqlite_database: str, tmp_path: Path) -> None:
    storage = SqlStorage.open(sqlite_database)
    storage.seal_with(MasterKey([bytes(32)]))
    add(storage, "job-1")
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"job-1" in stored and b"the picture of somebody" not in stored
    with storage.read() as uow:
        assert uow.jobs.inputs("job-1") == {"image": UPLOAD}
    storage.seal_with(MasterKey([bytes(range(32))]))
    with storage.read() as uow, pytest.raises(WrongMasterKeyError):
        uow.jobs.inputs("job-1")
    storage.close()


def test_uploads_of_before_are_read(sqlite_database: str) -> None:
    storage = SqlStorage.open(sqlite_database)
    add(storage, "job-1")
    storage.seal_with(MasterKey([bytes(32)]))
    with storage.read() as uow:
        assert uow.jobs.inputs("job-1") == {"image": UPLOAD}
    storage.close()
