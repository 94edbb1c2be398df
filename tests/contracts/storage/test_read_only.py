"""A database or data directory that can only be read: told as that, and no restart afterwards."""

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.domain.errors import FacetError
from app.domain.errors.trouble import StorageReadOnlyError
from app.files.images import FileImageStore
from app.storage.engine import database_address
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

_NOBODY = 65534
_END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def test_a_standby_of_postgresql(
    postgresql: Callable[[str], str], migrated_postgresql: str, samples: Samples
) -> None:
    url = postgresql(migrated_postgresql)
    storage = SqlStorage.open(url, busy_timeout=5)
    faces = samples.fill(storage, faces=2)
    _set_read_only(url, "on")
    for _ in range(2):
        with pytest.raises(StorageReadOnlyError), storage.write() as work:
            work.faces.add(samples.face(seed=7))
        with storage.read() as work:
            assert [face.id for face in work.faces.list("col-staff", limit=9)] == faces
    _set_read_only(url, "off")
    with storage.write() as work:
        faces.append(work.faces.add(samples.face(seed=8)).id)
    with storage.read() as work:
        assert [face.id for face in work.faces.list("col-staff", limit=9)] == faces
    storage.close()


def _set_read_only(url: str, how: str) -> None:
    """Every connection is made anew, as after a fail-over."""
    address = database_address(url)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        name = address.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = {how}"))
        connection.execute(text(_END_OTHERS))
    engine.dispose()


def test_files_without_the_right_to_write(
    sqlite_database: str, tmp_path: Path, samples: Samples
) -> None:
    """In a process without privileges, because nothing is read-only for root."""
    SqlStorage.open(sqlite_database).close()
    data = tmp_path / "data"
    (data / "images").mkdir(parents=True)
    database = Path(sqlite_database.removeprefix("sqlite:///")).rename(data / "facet.db")
    _permit(data, writing=False)
    for directory in (tmp_path, *tmp_path.parents[:-2]):
        directory.chmod(directory.stat().st_mode | 0o011)
    here, there = get_context("fork").Pipe()
    child = get_context("fork").Process(target=_unprivileged, args=(there, database, samples))
    child.start()
    assert here.recv() == {"database": "storage-read-only", "images": "storage-read-only"}
    _permit(data, writing=True)
    here.send("now it can be written")
    assert here.recv() == {"database": 1, "images": True}
    child.join(timeout=120)
    assert child.exitcode == 0


def _permit(data: Path, *, writing: bool) -> None:
    for path in (data, *data.rglob("*")):
        mode = 0o777 if path.is_dir() else 0o666
        path.chmod(mode if writing else mode & 0o555)


def _unprivileged(pipe: Connection, database: Path, samples: Samples) -> None:
    if os.getuid() == 0:
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    storage = SqlStorage.open(f"sqlite:///{database}", busy_timeout=0.3)
    found = {}
    try:
        samples.fill(storage)
    except FacetError as error:
        found["database"] = error.slug
    try:
        FileImageStore(database.parent / "images")
    except FacetError as error:
        found["images"] = error.slug
    pipe.send(found)
    pipe.recv()
    images = FileImageStore(database.parent / "images")
    faces = samples.fill(storage)
    pipe.send({"database": len(faces), "images": bool(images.put(b"a picture"))})
    storage.close()
