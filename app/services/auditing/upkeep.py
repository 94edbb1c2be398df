"""Upkeep of the audit record beside the requests: counts that are due, and what is old enough."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from app.domain.auditing.chain import CUT
from app.domain.auditing.entries import AuditEntry, AuditRecord
from app.domain.errors import FacetError
from app.platform.time_of_day import TimeOfDay
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.services.ports import Storage

_SECONDS = 1.0
_CUT_SECONDS = 3_600.0
Copy = Callable[[Sequence[AuditRecord]], None]


class AuditUpkeep:
    """Works beside the requests. Any number of processes may do it at the same time."""

    def __init__(
        self,
        storage: Storage,
        trail: AuditTrail,
        refusals: Refusals,
        retention: timedelta | None,
    ) -> None:
        """`retention`: None keeps everything."""
        self._storage = storage
        self._trail = trail
        self._refusals = refusals
        self._retention = retention
        self._clock = TimeOfDay(datetime.now(UTC))
        self._stopping = threading.Event()
        self._cut_at = -_CUT_SECONDS

    def start(self) -> None:
        self._stopping.clear()
        threading.Thread(target=self._work, name="audit", daemon=True).start()

    def stop(self) -> None:
        """Record what has been counted until now."""
        self._stopping.set()
        with suppress(FacetError):
            self._refusals.flush(all_of_them=True)
            self._trail.sync()

    def _work(self) -> None:
        while not self._stopping.wait(_SECONDS):
            with suppress(FacetError):
                self.run()

    def run(self) -> None:
        """One round."""
        self._refusals.flush()
        self._trail.write_owed()
        self._trail.sync()
        now = datetime.now(UTC)
        # Nothing is removed by a time of day that has just jumped.
        if self._retention is None or not self._clock.is_settled(now):
            return
        if time.monotonic() - self._cut_at >= _CUT_SECONDS:
            cut(self._storage, now - self._retention, self._trail.copy)
            self._cut_at = time.monotonic()


def cut(storage: Storage, before: datetime, copy: Copy | None = None) -> int:
    """Remove the oldest entries, those from before that time; how many there were.

    An entry at the other end says so, in the same transaction: by it the chain is whole. `copy`
    is given that entry, as copies hold every entry.
    """
    with storage.read() as uow:
        if uow.audit.older_than(before) is None:
            return 0
    with storage.append_audit() as audit:
        last = audit.older_than(before)
        if last is None:
            return 0
        removed = audit.cut(last.seq)
        details = {"through": last.seq, "hash": last.hash, "entries": removed}
        records = audit.append([AuditEntry(datetime.now(UTC), CUT, "done", details=details)])
    if copy is not None:
        copy(records)
    return removed
