"""One process at a time brings a shared index up to date; nobody else has to wait for it."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

_TURN = 0x66616365
"""First key of the advisory locks on PostgreSQL, "face" in ASCII; the second is the engine's."""


@contextmanager
def in_turn(engine: Engine, index: str) -> Iterator[None]:
    """Hold the turn at the index of that name; waits for it as long as it takes.

    A lock of the session on PostgreSQL, of a file beside the database on SQLite: both go with
    their process, however it ends.
    """
    if engine.dialect.name == "sqlite":
        path = Path(f"{engine.url.database}-turn-{_number(index):08x}")
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_lock(:turn, :index)"), _keys(index))
        try:
            yield
        finally:
            connection.invalidate()  # and with the session go its setting and its lock


def take_turn(connection: Connection, index: str) -> bool:
    """Take the turn on PostgreSQL until the transaction ends, or find that it is taken."""
    query = text("SELECT pg_try_advisory_xact_lock(:turn, :index)")
    return bool(connection.execute(query, _keys(index)).scalar_one())


def _keys(index: str) -> dict[str, int]:
    return {"turn": _TURN, "index": _number(index)}


def _number(index: str) -> int:
    return zlib.crc32(index.encode()) & 0x7FFFFFFF
