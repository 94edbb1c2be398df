"""Counters of rates in a database that several servers share."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from limits.storage import Storage
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_SWEEP_SECONDS = 60.0
_LOCK = 0x72617465
"""The advisory lock of whoever makes the table: "rate" in ASCII."""
# Unlogged: it is lost in a crash, which begins windows anew, and nobody waits for the disk.
_TABLE = text(
    "CREATE UNLOGGED TABLE IF NOT EXISTS rate_counters"
    " (name text PRIMARY KEY, count bigint NOT NULL, ends timestamptz NOT NULL)"
)
# By the database's clock: those of servers differ.
_ADD = text(
    "INSERT INTO rate_counters AS held"
    " VALUES (:name, :amount, clock_timestamp() + make_interval(secs => :expiry))"
    " ON CONFLICT (name) DO UPDATE SET"
    " count = CASE WHEN held.ends <= clock_timestamp() THEN excluded.count"
    " ELSE held.count + excluded.count END,"
    " ends = CASE WHEN held.ends <= clock_timestamp() THEN excluded.ends ELSE held.ends END"
    " RETURNING count"
)
_FIND = text(
    "SELECT count, extract(epoch FROM ends - clock_timestamp()) AS seconds"
    " FROM rate_counters WHERE name = :name AND ends > clock_timestamp()"
)
_SWEEP = text("DELETE FROM rate_counters WHERE ends <= clock_timestamp()")
_REMOVE = text("DELETE FROM rate_counters WHERE name = :name")
_REMOVE_ALL = text("DELETE FROM rate_counters")


class CounterTable(Storage):
    """Counters in PostgreSQL, exact among all servers on the database. Thread-safe."""

    STORAGE_SCHEME = None

    def __init__(self, engine: Engine) -> None:
        """Makes the table with the first count: most installations have no key with limits."""
        super().__init__()
        self._engine = engine
        self._made = False
        self._swept = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter, or begin it anew where its time is over; what it counts then."""
        with self._connected() as connection:
            values = {"name": key, "amount": amount, "expiry": expiry}
            counted = int(connection.execute(_ADD, values).scalar_one())
            now = time.monotonic()
            if now - self._swept > _SWEEP_SECONDS:
                self._swept = now
                connection.execute(_SWEEP)
        return counted

    def get(self, key: str) -> int:
        """Count of a counter, 0 where its time is over."""
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        """End of a counter, in seconds since 1970 by this machine's clock."""
        return time.time() + float(self._row(key)[1])

    def check(self) -> bool:
        """Whether the table can be read."""
        return self.get("") == 0

    def reset(self) -> int:
        """Remove every counter; how many there were."""
        with self._connected() as connection:
            return connection.execute(_REMOVE_ALL).rowcount

    def clear(self, key: str) -> None:
        """Remove a counter."""
        with self._connected() as connection:
            connection.execute(_REMOVE, {"name": key})

    def _row(self, key: str) -> tuple[Any, Any]:
        with self._connected() as connection:
            found = connection.execute(_FIND, {"name": key}).one_or_none()
        return (0, 0.0) if found is None else (found.count, found.seconds)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        options = {"isolation_level": "AUTOCOMMIT"}
        with self._engine.connect().execution_options(**options) as connection:
            if not self._made:
                self._make(connection)
            yield connection

    def _make(self, connection: Connection) -> None:
        """Make the table. Two who make it at once would fail, in spite of IF NOT EXISTS."""
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        try:
            connection.execute(_TABLE)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        self._made = True
