"""Connections to SQLite or PostgreSQL, set up so that what is acknowledged stays."""

import sqlite3
import time
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from app.domain.errors.trouble import DatabaseUnavailableError
from app.storage.metadata import read_json

_SQLITE_READERS = 64
_POSTGRESQL_CONNECTIONS = 16
_LEAST_CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine for readers and one for writers, which need other settings."""

    reader: Engine
    writer: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    def dispose(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


def open_engines(url: str, *, busy_timeout: float, processes: int = 1) -> Engines:
    """Engines for `url`; `busy_timeout` (seconds) is how long a writer waits for its turn.

    So many `processes` of a server share the connections that it may have to PostgreSQL.
    Connects lazily. Raises DatabaseUnavailableError for a URL that cannot work.
    """
    address = database_address(url)
    if address.get_backend_name() == "sqlite":
        return Engines(
            _sqlite(address, busy_timeout, pool_size=_SQLITE_READERS, read_only=True),
            # Writers of one process queue here, in order, instead of polling SQLite's lock.
            _sqlite(address, busy_timeout, pool_size=1, read_only=False),
        )
    connections = max(_LEAST_CONNECTIONS, ceil(_POSTGRESQL_CONNECTIONS / processes))
    writer = create_engine(
        address,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=connections,
        pool_timeout=busy_timeout,
        pool_pre_ping=True,
        json_deserializer=read_json,
        connect_args={"connect_timeout": 10},
    )
    event.listen(writer, "connect", _postgresql_settings(busy_timeout))
    event.listen(writer, "checkout", _in_the_servers_mode)
    return Engines(snapshots_of(writer), writer)


def open_migration_engine(url: str, *, busy_timeout: float, raw_json: bool = False) -> Engine:
    """An engine that keeps no connection and, on SQLite, does not follow foreign keys.

    Rebuilding a table, SQLite's way to alter one, would otherwise cascade into its children.
    With `raw_json` columns of JSON are texts that nobody looks into, to be copied as they are.
    """
    address = database_address(url)
    options: dict[str, Any] = {"hide_parameters": True, "poolclass": NullPool}
    if raw_json:
        options |= {"json_serializer": str, "json_deserializer": _as_text}
    if address.get_backend_name() != "sqlite":
        return create_engine(address, **options)
    engine = create_engine(address, connect_args=_sqlite_args(busy_timeout), **options)
    event.listen(engine, "connect", _sqlite_settings(busy_timeout, foreign_keys=False))
    return engine


def snapshots_of(engine: Engine) -> Engine:
    """The engine for transactions that only read, and see one moment."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def database_address(url: str) -> URL:
    """The parsed URL with the driver filled in. Raises DatabaseUnavailableError."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnavailableError(
            "The database URL cannot be read.",
            hint="Use sqlite:///path/to/file or postgresql://user@host/name.",
        ) from error
    backend = address.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUnavailableError(
            f"Databases of the kind {backend!r} are not supported.",
            hint="Use SQLite or PostgreSQL.",
        )
    if address.database in (None, "", ":memory:"):
        raise DatabaseUnavailableError(
            "A database in memory would lose every face.", hint="Use sqlite:///path/to/file."
        )
    return address


def _sqlite(address: URL, busy_timeout: float, *, pool_size: int, read_only: bool) -> Engine:
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,  # every connection has a cache of its own; in turn, all would be filled
        pool_timeout=busy_timeout,
        json_deserializer=read_json,
        connect_args=_sqlite_args(busy_timeout),
    )
    event.listen(engine, "connect", _sqlite_settings(busy_timeout, read_only=read_only))
    return engine


def _sqlite_args(busy_timeout: float) -> dict[str, Any]:
    # No isolation level: the driver must not open transactions of its own kind.
    return {"timeout": busy_timeout, "isolation_level": None, "check_same_thread": False}


def _sqlite_settings(
    busy_timeout: float, *, read_only: bool = False, foreign_keys: bool = True
) -> Any:
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


def _in_the_servers_mode(connection: Any, *_: object) -> None:
    """Instead of READ WRITE, which SQLAlchemy asks for after a reader: a standby would not say
    that it is read-only, but that it lacks the feature.
    """
    connection.read_only = None


def _postgresql_settings(busy_timeout: float) -> Any:
    def configure(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {max(1, round(busy_timeout * 1000))}")
        connection.commit()

    return configure


def _as_text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
