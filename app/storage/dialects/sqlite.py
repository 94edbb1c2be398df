"""SQLite: one file, one writer at a time, many readers."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from limits.storage import Storage
from sqlalchemy import (
    URL,
    ClauseElement,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    case,
    create_engine,
    event,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.domain.errors import FacetError
from app.domain.errors.trouble import DatabaseUnavailableError
from app.domain.gallery import Scalar
from app.domain.metadata import read_json
from app.platform.progress import Report
from app.storage.dialects import meanings
from app.storage.dialects.protocol import Engines, lock_number
from models.files.locking import lock

_COMPILING = pysqlite.dialect(paramstyle="qmark")
_READERS = 64
_PAGES = 2_048
_CHECKPOINT_MILLISECONDS = 200
"""For readers and writers of the moment to end; nobody else writes meanwhile."""

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BROKEN = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
}
# SQLite calls only ENOSPC "full"; a quota or file size limit fails the write itself.
_UNWRITABLE = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}


class Sqlite:
    """The dialect of a file on this machine, in WAL mode."""

    name = "sqlite"
    aliases: tuple[str, ...] = ()
    title = "SQLite"
    example = "sqlite:///path/to/file"
    driver_errors: tuple[type[Exception], ...] = (sqlite3.Error,)
    word: TypeEngine[str] = Text()
    big_id: TypeEngine[int] = Integer()  # ids are handed out for exactly this type alone
    ids_once: Mapping[str, Any] = {"sqlite_autoincrement": True}
    rebuilds_tables = True

    def address(self, url: URL) -> URL:
        if url.database in (None, "", ":memory:"):
            raise DatabaseUnavailableError(
                "A database in memory would lose every face.", hint=f"Use {self.example}."
            )
        return url

    def exists(self, address: URL) -> bool:
        return Path(str(address.database)).exists()

    def open(self, address: URL, *, busy_timeout: float, processes: int) -> Engines:
        return Engines(
            _pooled(address, busy_timeout, pool_size=_READERS, read_only=True),
            # Writers of one process queue here, in order, instead of polling SQLite's lock.
            _pooled(address, busy_timeout, pool_size=1, read_only=False),
            self,
        )

    def open_unpooled(self, address: URL, *, busy_timeout: float, **options: Any) -> Engine:
        engine = create_engine(address, connect_args=_arguments(busy_timeout), **options)
        # Rebuilding a table would otherwise cascade into its children.
        event.listen(engine, "connect", _settings(busy_timeout, foreign_keys=False))
        return engine

    def snapshots_of(self, engine: Engine) -> Engine:
        return engine

    def begin_reading(self, connection: Connection) -> None:
        _run(connection, "BEGIN DEFERRED")

    def begin_writing(
        self, connection: Connection, clock: Select[Any], *, durable: bool = True
    ) -> Sequence[Any] | None:
        wanted = "FULL" if durable else "NORMAL"
        # Not set where it is so already: a recognition waits for every statement of its entry.
        if connection.info.get("synchronous", "FULL") != wanted:
            _run(connection, f"PRAGMA synchronous = {wanted}")
            connection.info["synchronous"] = wanted
        _run(connection, "BEGIN IMMEDIATE")
        return None

    def run(
        self, connection: Connection, *steps: tuple[ClauseElement, Sequence[Mapping[str, Any]]]
    ) -> Sequence[Any] | None:
        rows = []
        for statement, values in steps:
            written, names = _compiled(statement)
            rows += [_run(connection, written, [one[name] for name in names]) for one in values]
        return rows[0]

    def begin_upgrade(self, connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def dangling_table(self, connection: Connection) -> str | None:
        found = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        return None if found is None else str(found[0])

    def counters(self, engines: Engines) -> Storage | None:
        return None

    @contextmanager
    def index_lock(self, engine: Engine, index: str) -> Iterator[None]:
        # The name of the file is what processes of earlier versions lock as well.
        with lock(Path(f"{engine.url.database}-turn-{lock_number(index):08x}")):
            yield

    def try_index_lock(self, connection: Connection, index: str) -> bool:
        return False

    def checkpoint(self, connect: Callable[[], AbstractContextManager[Connection]]) -> bool | None:
        # Not for as long as a writer may wait: the others wait meanwhile.
        with connect() as connection:
            timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_CHECKPOINT_MILLISECONDS}")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {timeout}")
        return not busy

    def copy_file(self, address: URL, target: Path, report: Report) -> bool:
        source = f"file:{address.database}?mode=ro"
        with (
            closing(sqlite3.connect(source, uri=True, isolation_level=None)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            # Inside a transaction, so that no writer makes the copy start again.
            old.execute("BEGIN")
            old.execute("SELECT version_num FROM alembic_version").fetchone()
            old.backup(new, pages=_PAGES, progress=lambda _, left, all_: report(all_ - left, all_))
        return True

    def last_id(self, connection: Connection, table: str) -> int:
        query = text("SELECT max(seq) FROM sqlite_sequence WHERE name = :table")
        return connection.execute(query, {"table": table}).scalar() or 0

    def set_last_id(self, connection: Connection, table: str, last: int) -> None:
        values = {"table": table, "last": last}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), values)
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), values
        )

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Any]:
        return Text()

    def list_value(self, values: Sequence[Any]) -> Any:
        return json.dumps(list(values))

    def is_among(self, column: str, values: str) -> str:
        return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - placeholders

    def instant(self, utc: datetime) -> datetime:
        return utc.replace(tzinfo=None)

    def having(
        self, column: SQLColumnExpression[Any], metadata: Mapping[str, Scalar]
    ) -> Iterator[ColumnElement[bool]]:
        # Not by JSON paths, in which not every key can be written.
        for key, value in metadata.items():
            sound = case((func.json_valid(column) == 1, column), else_="{}")
            fields = func.json_each(sound).table_valued("key", "type", "atom")
            if value is None or isinstance(value, bool):
                same = fields.c.type == json.dumps(value)  # null, true and false are types
            elif isinstance(value, str):
                same = (fields.c.type == "text") & (fields.c.atom == value)
            else:
                same = fields.c.type.in_(["integer", "real"]) & (fields.c.atom == value)
            yield exists(select(1).select_from(fields).where(fields.c.key == key, same))

    def raised(self, error: BaseException | None) -> bool:
        return isinstance(error, sqlite3.Error)

    def meaning(self, error: DBAPIError | Exception) -> FacetError | None:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK)
        primary = code & 0xFF
        if primary in _LOCKED:
            return meanings.locked()
        if primary == sqlite3.SQLITE_FULL or code in _UNWRITABLE:
            return meanings.full()
        if primary == sqlite3.SQLITE_READONLY:
            return meanings.read_only()
        if primary in _BROKEN:
            return meanings.unavailable()
        if primary == sqlite3.SQLITE_ERROR and "no such" in str(cause):
            return meanings.outdated()
        return None


@cache
def _compiled(statement: ClauseElement) -> tuple[str, Sequence[str]]:
    """The statement's text, and the names of its parameters in their order."""
    compiled = cast(SQLCompiler, statement.compile(dialect=_COMPILING))
    return str(compiled), compiled.positiontup or ()


def _run(
    connection: Connection, statement: str, values: Sequence[Any] = ()
) -> Sequence[Any] | None:
    """Run it by the driver alone: what SQLAlchemy does about a statement costs more than most."""
    if not connection.in_transaction():
        connection.begin()  # sends nothing, but lets it know that there is something to end
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement, values)
        row: Sequence[Any] | None = cursor.fetchone()
        return row
    finally:
        cursor.close()


def _pooled(address: URL, busy_timeout: float, *, pool_size: int, read_only: bool) -> Engine:
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,  # every connection has a cache of its own; in turn, all would be filled
        pool_timeout=busy_timeout,
        json_deserializer=read_json,
        connect_args=_arguments(busy_timeout),
    )
    event.listen(engine, "connect", _settings(busy_timeout, read_only=read_only))
    return engine


def _arguments(busy_timeout: float) -> dict[str, Any]:
    # No isolation level: the driver must not open transactions of its own kind.
    return {"timeout": busy_timeout, "isolation_level": None, "check_same_thread": False}


def _settings(busy_timeout: float, *, read_only: bool = False, foreign_keys: bool = True) -> Any:
    def configure(connection: sqlite3.Connection, _: object) -> None:
        _switch_to_wal(connection, busy_timeout)
        connection.execute("PRAGMA synchronous = FULL")  # in WAL, NORMAL may lose the last commits
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # rows never reach a temporary directory
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        connection.execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")

    return configure


def _switch_to_wal(connection: sqlite3.Connection, busy_timeout: float) -> None:
    """Two processes that switch a new file at once get "busy" without being made to wait."""
    deadline = time.monotonic() + busy_timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
