"""What SQLite alone has to promise: its settings, a full disk, and erasure down to the files."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.domain.errors.trouble import (
    DatabaseLockedError,
    DatabaseUnavailableError,
    StorageFullError,
)
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def sqlite_storage(sqlite_database: str) -> Iterator[SqlStorage]:
    storage = SqlStorage.open(sqlite_database, busy_timeout=0.3)
    yield storage
    storage.close()


def test_the_settings_of_a_connection(sqlite_database: str) -> None:
    engines = open_engines(sqlite_database, busy_timeout=1.5)
    for engine, read_only in ((engines.reader, 1), (engines.writer, 0)):
        with engine.connect() as connection:

            def pragma(name: str, connection: Any = connection) -> object:
                return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

            assert pragma("journal_mode") == "wal"
            assert pragma("synchronous") == 2  # FULL
            assert pragma("secure_delete") == 1
            assert pragma("foreign_keys") == 1
            assert pragma("busy_timeout") == 1500
            assert pragma("query_only") == read_only
    engines.dispose()


def test_a_full_database_leaves_the_gallery_as_it_was(
    sqlite_storage: SqlStorage, sqlite_database: str, samples: Samples
) -> None:
    faces = samples.fill(sqlite_storage, faces=2)
    with sqlite_storage._engines.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFullError) as caught, sqlite_storage.write() as work:
        for seed in range(1000):
            work.faces.add(samples.face(seed=seed))
    assert "INSERT" not in str(caught.value)
    with sqlite_storage.read() as work:
        assert [face.id for face in work.faces.list("col-staff", limit=99)] == faces
        assert work.changes.head() == 2
    with sqlite_storage.write() as work:  # there is room again after an erasure
        work.faces.remove(work.faces.list("col-staff", limit=99))
        work.faces.add(samples.face(seed=1))


@pytest.mark.parametrize("erase", ["face", "subject", "collection"])
def test_erased_templates_are_in_no_file(
    sqlite_storage: SqlStorage, sqlite_database: str, samples: Samples, erase: str
) -> None:
    samples.fill(sqlite_storage, faces=40)
    path = path_of(sqlite_database)
    marks = [
        samples.template(seed).tobytes()[start:][:16] for seed in (3, 39) for start in (0, 240)
    ]

    def found() -> bool:
        data = b"".join(p.read_bytes() for p in path.parent.iterdir() if p.is_file())
        return any(mark in data for mark in marks)

    sqlite_storage.checkpoint()
    assert found()
    with sqlite_storage.write() as work:
        if erase == "face":
            work.faces.remove(work.faces.list("col-staff", limit=99))
        elif erase == "subject":
            work.subjects.remove("sub-Ada")
        else:
            work.collections.remove("col-staff")
    sqlite_storage.checkpoint()
    assert not found()
    assert path.with_name(path.name + "-wal").stat().st_size == 0


def test_a_checkpoint_that_a_reader_prevents_says_so(
    sqlite_storage: SqlStorage, samples: Samples
) -> None:
    samples.fill(sqlite_storage)
    with sqlite_storage.read() as work:
        work.changes.head()
        with sqlite_storage.write() as writer:
            writer.faces.add(samples.face(seed=1))
        assert sqlite_storage.checkpoint() is False
    assert sqlite_storage.checkpoint() is True


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "facet.db"
    path.write_bytes(b"certainly not a database" * 100)
    storage = SqlStorage.open(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailableError), storage.read():
        pytest.fail("opened")
    storage.close()


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    storage = SqlStorage.open(f"sqlite:///{tmp_path / 'nowhere' / 'facet.db'}")
    with pytest.raises(DatabaseUnavailableError), storage.write():
        pytest.fail("opened")
    storage.close()


def test_a_backup_tool_that_holds_the_lock(
    sqlite_storage: SqlStorage, sqlite_database: str, samples: Samples
) -> None:
    outside = sqlite3.connect(path_of(sqlite_database), isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLockedError), sqlite_storage.write():
        pytest.fail("two writers at once")
    outside.execute("ROLLBACK")
    samples.fill(sqlite_storage)


def test_a_list_of_any_length_is_one_statement_that_uses_an_index(
    sqlite_storage: SqlStorage, sqlite_database: str, samples: Samples
) -> None:
    """Statements per length were kept by every connection: gigabytes, with long lists."""
    faces = samples.fill(sqlite_storage, faces=3)
    statements: set[str] = set()

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "json_each" in statement:
            statements.add(statement)

    try:
        with sqlite_storage.read() as work:
            for more in (0, 1, 7, 300):
                ids = [*faces, *range(10**6, 10**6 + more)]
                assert sorted(work.faces.subjects_of(ids)) == faces
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    (statement,) = statements
    with sqlite3.connect(path_of(sqlite_database)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", ["[1]"]).fetchall()
    assert plan[0][3] == "SEARCH faces USING INTEGER PRIMARY KEY (rowid=?)"
