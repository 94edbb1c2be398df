"""Driver errors become domain errors, with what to do and without any SQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.domain.errors import FacetError
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import (
    DatabaseLockedError,
    DatabaseUnavailableError,
    StorageFullError,
    StorageReadOnlyError,
)

_SQLITE_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_BROKEN = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
}
# SQLite calls only ENOSPC "full"; a quota or file size limit fails the write itself.
_SQLITE_UNWRITABLE = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}

_PG_LOCKED = {"55P03", "40P01", "40001"}  # lock timeout, deadlock, serialization failure
_PG_FULL = {"53100"}
_PG_READ_ONLY = {"25006"}  # such as a standby that a fail-over has left
_PG_NO_TABLE = {"42P01", "42703", "3F000"}
_PG_BROKEN_CLASSES = {"08", "28", "3D", "53", "57", "58", "XX"}


@contextmanager
def domain_errors() -> Iterator[None]:
    """Raise what the block's database errors mean; errors nobody expects pass unchanged."""
    try:
        yield
    except SQLAlchemyError as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error
    except sqlite3.Error as error:  # of copies, which are made without SQLAlchemy
        meaning = _of_sqlite(error)
        if meaning is None:
            raise
        raise meaning from error


def locked() -> DatabaseLockedError:
    return DatabaseLockedError(
        "The database is busy with another writer.", hint="Try again in a moment."
    )


def unavailable() -> DatabaseUnavailableError:
    return DatabaseUnavailableError(
        "The database cannot be used.",
        hint="Check that it runs, that FACET_DATABASE_URL is right and its files are accessible.",
    )


def _full() -> StorageFullError:
    return StorageFullError(
        "The database has no room left; nothing was changed.",
        hint="Free disk space or raise the quota, then try again.",
    )


def _read_only() -> StorageReadOnlyError:
    return StorageReadOnlyError(
        "The database can be read, but not written; nothing was changed.",
        hint="Make it and its directory writable, or point FACET_DATABASE_URL at the primary.",
    )


def _outdated() -> DatabaseUnavailableError:
    return DatabaseUnavailableError(
        "The database's tables do not fit this version.", hint="Run `facet db upgrade`."
    )


def _meaning(error: SQLAlchemyError) -> FacetError | None:
    if isinstance(error, PoolTimeoutError):
        return unavailable()
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    if isinstance(error, DataError):
        return InvalidRequestError("The database cannot hold one of these values.")
    return _of_postgresql(error)


def _of_sqlite(error: sqlite3.Error) -> FacetError | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    primary = code & 0xFF
    if primary in _SQLITE_LOCKED:
        return locked()
    if primary == sqlite3.SQLITE_FULL or code in _SQLITE_UNWRITABLE:
        return _full()
    if primary == sqlite3.SQLITE_READONLY:
        return _read_only()
    if primary in _SQLITE_BROKEN:
        return unavailable()
    if primary == sqlite3.SQLITE_ERROR and "no such" in str(error):
        return _outdated()
    return None


def _of_postgresql(error: DBAPIError) -> FacetError | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state in _PG_LOCKED:
        return locked()
    if state in _PG_FULL:
        return _full()
    if state in _PG_READ_ONLY:
        return _read_only()
    if state in _PG_NO_TABLE:
        return _outdated()
    # The driver reports a server it cannot reach, or lost, without any state.
    if state is None or state[:2] in _PG_BROKEN_CLASSES:
        return unavailable()
    return None
