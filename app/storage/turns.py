"""One process at a time brings a shared index up to date; nobody else has to wait for it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

_TURN = 0x6661636574696E
"""The advisory lock on PostgreSQL: "facetin" in ASCII."""


@contextmanager
def in_turn(engine: Engine) -> Iterator[None]:
    """Hold the turn; waits for it as long as it takes.

    A lock of the session on PostgreSQL, of a file beside the database on SQLite: both go with
    their process, however it ends.
    """
    if engine.dialect.name == "sqlite":
        path = Path(f"{engine.url.database}-turn")
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": _TURN})
        try:
            yield
        finally:
            connection.invalidate()  # and with the session go its setting and its lock


def take_turn(connection: Connection) -> bool:
    """Take the turn on PostgreSQL until the transaction ends, or find that it is taken."""
    query = text("SELECT pg_try_advisory_xact_lock(:turn)")
    return bool(connection.execute(query, {"turn": _TURN}).scalar_one())
