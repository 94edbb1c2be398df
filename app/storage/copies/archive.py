"""Copies of the whole database, taken while it serves and put into an empty one.

A copy is a SQLite file whatever the database is, so that a gallery can also move from SQLite to
PostgreSQL and back.
"""

import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

import migrations
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import DatabaseUnavailableError
from app.domain.people.erasing import ErasedAgain, ErasedItem
from app.platform.progress import Report
from app.storage import schema
from app.storage.audit_tables import AuditHeadRow, AuditRow
from app.storage.base import Base
from app.storage.change_tables import ChangeFloorRow, FollowerRow
from app.storage.copies.erasing_again import erase_again
from app.storage.dialects.protocol import Engines
from app.storage.dialects.table import dialect_of
from app.storage.engine import open_migration_engine, snapshots_of
from app.storage.errors import domain_errors
from app.storage.image_tables import ImagePlaceRow, ReleasedImageRow
from app.storage.ledger_tables import ErasedItemRow, InstallationRow
from app.storage.tables import (
    ApiKeyRow,
    ChangeClockRow,
    CollectionRow,
    ErasureClockRow,
    MasterKeyRow,
)
from app.storage.unit_of_work import CLOCK, SqlStorage
from models.files.locking import ScratchDirectory

_RESTORING = ".restoring-"
_ROWS = 1_000
_REPLACED = (
    ChangeClockRow,
    ChangeFloorRow,
    ErasureClockRow,
    MasterKeyRow,
    AuditHeadRow,
    AuditRow,
    InstallationRow,
    ErasedItemRow,
)
"""Rows of an empty database that those of the copy replace."""
_NOT_COPIED = {row.__tablename__ for row in (ImagePlaceRow, ReleasedImageRow, FollowerRow)}
"""Tables about the place of a database's own pictures, and about indexes of its own servers."""


class DatabaseArchive:
    """Takes copies of one database, and fills it from one while it is empty."""

    def __init__(self, url: str, engines: Engines, scratch: Path) -> None:
        """`scratch`: the directory for a copy that is being restored, as private as the rest."""
        self._scratch = scratch
        self._url = url
        self._engines = engines

    def snapshot(self, target: Path, report: Report) -> None:
        """Write a copy as of one moment; readers and writers go on meanwhile."""
        revision = schema.current(self._url)
        schema.refuse_newer(revision)
        if revision != migrations.HEAD:
            raise DatabaseUnavailableError(
                "The database's tables are not of this version.", hint="Run `facet db upgrade`."
            )
        target.unlink(missing_ok=True)
        with domain_errors():
            address = self._engines.reader.url
            if not self._engines.dialect.copy_file(address, target, report):
                self._copy_rows_out(target, report)
        with closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself

    @contextmanager
    def writers_waiting(self) -> Iterator[int]:
        """Let nobody write during the block, which gets the number of erasures until now."""
        with SqlStorage(self._engines).write() as uow:
            yield uow.changes.erasures()

    def is_empty(self) -> bool:
        """Whether there is neither a collection nor a key. Brings the tables up to date."""
        schema.upgrade(self._url)
        with domain_errors(), self._engines.writer.connect() as connection:
            counts = [
                connection.execute(select(func.count()).select_from(row)).scalar_one()
                for row in (CollectionRow, ApiKeyRow)
            ]
        return not any(counts)

    def ledger(self, seq: int, *, limit: int) -> Sequence[ErasedItem]:
        """Entries of the database's own ledger of erasures, behind the place `seq`."""
        with SqlStorage(self._engines).read() as uow:
            return uow.ledger.after(seq, limit=limit)

    @contextmanager
    def prepared(
        self, source: Path, erased: Iterable[ErasedItem]
    ) -> Iterator[tuple[Path, ErasedAgain]]:
        """A copy of the copy, brought up to date and without what the ledger says is erased."""
        with closing(ScratchDirectory(self._scratch, _RESTORING)) as directory:
            copy = directory.path / "facet.db"
            shutil.copyfile(source, copy)
            schema.upgrade(f"sqlite:///{copy}")
            yield copy, erase_again(f"sqlite:///{copy}", erased)

    def fill(self, prepared: Path, report: Report) -> None:
        """Fill the database from a prepared copy, in one transaction.

        It gets a name of its own: what is erased in one of two copies is not erased in the other.
        Raises InvalidRequestError when the database is not empty.
        """
        reader = open_migration_engine(f"sqlite:///{prepared}", busy_timeout=5.0, raw_json=True)
        # Without foreign keys: faces come before what refers to them anyhow.
        writer = open_migration_engine(self._url, busy_timeout=5.0, raw_json=True)
        with domain_errors(), reader.connect() as old, writer.connect() as new:
            dialect_of(new.dialect).begin_writing(new, CLOCK)
            if new.execute(select(func.count()).select_from(CollectionRow)).scalar_one():
                raise InvalidRequestError("The database holds collections already.")
            _copy_rows(old, new, report)
            renamed = {"id": secrets.token_hex(8), "restored_from": InstallationRow.id}
            new.execute(update(InstallationRow).values(renamed))
            new.commit()

    def _copy_rows_out(self, target: Path, report: Report) -> None:
        schema.upgrade(f"sqlite:///{target}")
        writer = open_migration_engine(f"sqlite:///{target}", busy_timeout=5.0, raw_json=True)
        reader = snapshots_of(open_migration_engine(self._url, busy_timeout=5.0, raw_json=True))
        with reader.connect() as old, writer.connect() as new:
            dialect_of(new.dialect).begin_writing(new, CLOCK)
            _copy_rows(old, new, report)
            new.commit()


class DatabaseCopies:
    """Questions that a copy answers without being restored."""

    def check(self, path: Path) -> None:
        """Raise InvalidRequestError for a file that is no sound copy of a gallery."""
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
                sound = copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                sound = sound and not copy.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.Error as error:
            raise InvalidRequestError("The backup's database cannot be read.") from error
        if not sound:
            raise InvalidRequestError("The backup's database is damaged.")

    def digests(self, path: Path) -> Sequence[str]:
        """Digests of the image files that the copy refers to."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            return [row[0] for row in copy.execute("SELECT digest FROM images ORDER BY digest")]

    def erasures(self, path: Path) -> int:
        """Number of erasures when the copy was taken."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            return int(copy.execute("SELECT erasures FROM erasure_clock").fetchone()[0])

    def master_keys(self, path: Path) -> frozenset[str]:
        """Names of the master keys that the copy is under; older versions had none."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
            if "master_keys" not in tables:
                return frozenset()
            return frozenset(row[0] for row in copy.execute("SELECT id FROM master_keys"))

    def installation(self, path: Path) -> str | None:
        """The name of the database that the copy is of; older versions had none."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
            if "installation" not in tables:
                return None
            return str(copy.execute("SELECT id FROM installation").fetchone()[0])

    def faces(self, path: Path) -> int:
        """Faces in the copy."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            return int(copy.execute("SELECT count(*) FROM faces").fetchone()[0])


def _copy_rows(old: Connection, new: Connection, report: Report) -> None:
    tables = [t for t in Base.metadata.sorted_tables if t.name not in _NOT_COPIED]
    total = sum(old.execute(select(func.count()).select_from(t)).scalar_one() for t in tables)
    done = 0
    # Their rows come with the others; two chains of the audit record cannot be one.
    for replaced in _REPLACED:
        new.execute(delete(replaced))
    for table in tables:
        for rows in _pages(old, table):
            new.execute(insert(table), rows)
            done += len(rows)
            report(done, total)
    for table in filter(_counts, tables):
        last = dialect_of(old.dialect).last_id(old, table.name)
        last = max(last, old.execute(select(func.max(table.c.id))).scalar() or 0)
        if last:
            dialect_of(new.dialect).set_last_id(new, table.name, last)


def _counts(table: Table) -> bool:
    """Whether the database hands out the ids of the table's rows."""
    return table.autoincrement_column is not None and table.autoincrement_column.name == "id"


def _pages(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = connection.execution_options(yield_per=_ROWS).execute(select(table))
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]
