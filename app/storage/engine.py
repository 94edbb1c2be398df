"""Connections to the database, set up so that what is acknowledged stays."""

from typing import Any

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from app.domain.errors.trouble import DatabaseUnavailableError
from app.storage.dialects.protocol import Engines
from app.storage.dialects.table import DIALECTS, dialect_of


def open_engines(url: str, *, busy_timeout: float, processes: int = 1) -> Engines:
    """Engines for `url`; `busy_timeout` (seconds) is how long a writer waits for the others.

    So many `processes` of a server share the connections that it may have to a database server.
    Connects lazily. Raises DatabaseUnavailableError for a URL that cannot work.
    """
    address = database_address(url)
    dialect = DIALECTS[address.get_backend_name()]
    return dialect.open(address, busy_timeout=busy_timeout, processes=processes)


def open_migration_engine(url: str, *, busy_timeout: float, raw_json: bool = False) -> Engine:
    """An engine that keeps no connection and, on SQLite, does not follow foreign keys.

    With `raw_json` columns of JSON are texts that nobody looks into, to be copied as they are.
    """
    address = database_address(url)
    options: dict[str, Any] = {"hide_parameters": True, "poolclass": NullPool}
    if raw_json:
        options |= {"json_serializer": str, "json_deserializer": _as_text}
    dialect = DIALECTS[address.get_backend_name()]
    return dialect.open_unpooled(address, busy_timeout=busy_timeout, **options)


def snapshots_of(engine: Engine) -> Engine:
    """The engine for transactions that only read, and see one moment."""
    return dialect_of(engine.dialect).snapshots_of(engine)


def database_address(url: str) -> URL:
    """The parsed URL with the driver filled in. Raises DatabaseUnavailableError."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnavailableError(
            "The database URL cannot be read.",
            hint=f"Use {' or '.join(one.example for one in DIALECTS.values())}.",
        ) from error
    backend = address.get_backend_name()
    for dialect in DIALECTS.values():
        if backend in (dialect.name, *dialect.aliases):
            return dialect.address(address)
    raise DatabaseUnavailableError(
        f"Databases of the kind {backend!r} are not supported.",
        hint=f"Use {' or '.join(one.title for one in DIALECTS.values())}.",
    )


def _as_text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
