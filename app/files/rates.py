"""Counters of rates in a file that all processes of a server share."""

import os
import sqlite3
import threading
import time
from pathlib import Path

from limits.storage import Storage

_SWEEP_SECONDS = 60.0


class CounterFile(Storage):
    """Counters in SQLite without its guarantees: a machine that crashes may begin windows anew.

    The file is opened with the first count: most servers have no key with limits.
    """

    STORAGE_SCHEME = None

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._threads = threading.local()
        self._swept = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter, or begin it anew where its time is over; what it counts then."""
        now = time.time()
        row = self._connection().execute(
            "INSERT INTO counters VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET"
            " count = CASE WHEN ends <= ?4 THEN ?2 ELSE count + ?2 END,"
            " ends = CASE WHEN ends <= ?4 THEN ?3 ELSE ends END RETURNING count",
            (key, amount, now + expiry, now),
        )
        (count,) = row.fetchone()
        if now - self._swept > _SWEEP_SECONDS:
            self._swept = now
            self._connection().execute("DELETE FROM counters WHERE ends <= ?", (now,))
        return int(count)

    def get(self, key: str) -> int:
        """Count of a counter, 0 where its time is over."""
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        """End of a counter, in seconds since 1970."""
        return float(self._row(key)[1])

    def check(self) -> bool:
        """Whether the file can be read."""
        return self.get("") == 0

    def reset(self) -> int:
        """Remove every counter; how many there were."""
        return self._connection().execute("DELETE FROM counters").rowcount

    def clear(self, key: str) -> None:
        """Remove a counter."""
        self._connection().execute("DELETE FROM counters WHERE name = ?", (key,))

    def _row(self, key: str) -> tuple[int, float]:
        now = time.time()
        query = "SELECT count, ends FROM counters WHERE name = ? AND ends > ?"
        found: tuple[int, float] | None = self._connection().execute(query, (key, now)).fetchone()
        return found or (0, now)

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if found is None:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            found = sqlite3.connect(self._path, timeout=5.0, isolation_level=None)
            found.execute("PRAGMA journal_mode = MEMORY")
            found.execute("PRAGMA synchronous = OFF")
            found.execute(
                "CREATE TABLE IF NOT EXISTS counters"
                " (name TEXT PRIMARY KEY, count INTEGER NOT NULL, ends REAL NOT NULL)"
            )
            self._threads.connection = found
        return found
