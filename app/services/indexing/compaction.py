"""Compaction of the change log: lines go that every index has behind itself.

An index says from time to time where it stands. What is older than the retention and behind the
slowest of them goes. Whoever was silent for so long, and comes back, finds itself behind the
floor and builds its index again from the rows: see `IndexFollower`.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.gallery import LogFloor
from app.services.ports import Storage, VectorIndex

_BATCH = 10_000
"""Lines removed in one transaction, for which writers wait."""


class LogCompaction:
    """Any number of processes may do it at the same time."""

    def __init__(
        self, storage: Storage, index: VectorIndex, follower: str, retention: timedelta
    ) -> None:
        """`follower` names the index: all processes that share one call it the same."""
        self._storage = storage
        self._index = index
        self._follower = follower
        self._retention = retention

    def announce(self) -> None:
        """Say where the index stands."""
        stands = self._index.watermark()
        with self._storage.write() as uow:
            uow.compaction.announce(self._follower, stands, datetime.now(UTC))

    def announce_and_run(self) -> int:
        """Say where the index stands, and do what `run` does."""
        self.announce()
        return self.run(datetime.now(UTC))

    def run(self, now: datetime) -> int:
        """Remove what is due; how many lines it was. Interrupted, the next run goes on."""
        floor = self._due(now)
        removed = 0
        while floor is not None:
            done, floor = self._step(floor)
            removed += done
        return removed

    def _due(self, now: datetime) -> LogFloor | None:
        """The floor as it should become; None when there is nothing to do yet."""
        with self._storage.read() as uow:
            found = uow.compaction.floor()
        if found is not None and now - found.mark_at < self._retention:
            return None
        with self._storage.write() as uow:
            uow.compaction.forget_silent(now - self._retention)
            head = uow.changes.head()
            if found is None:
                uow.compaction.put_floor(LogFloor(0, head, now))
                return None
            slowest = uow.compaction.slowest()
            target = found.mark_seq if slowest is None else min(found.mark_seq, slowest)
            return LogFloor(max(target, found.seq), head, now)

    def _step(self, wanted: LogFloor) -> tuple[int, LogFloor | None]:
        """One transaction: what is gone is below the floor, and nothing else is."""
        with self._storage.write() as uow:
            now = uow.compaction.floor()
            if now is None or now.mark_at >= wanted.mark_at:
                return 0, None  # another process has done it
            through = min(wanted.seq, now.seq + _BATCH)
            last = through >= wanted.seq
            uow.compaction.put_floor(wanted if last else replace(now, seq=through))
            return uow.compaction.remove_through(through), None if last else wanted
