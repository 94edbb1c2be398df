"""Requests that were refused for their keys: recorded, and few however many there are."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.auditing.entries import AuditEntry
from app.services.auditing.trail import AuditTrail

_WINDOW = 60.0
"""Seconds in which refusals that are alike are counted into one entry."""
_WINDOWS = 200
"""Different ones in a window; the rest are counted together."""
ACTION = "authenticate"


@dataclass(frozen=True, slots=True)
class _Alike:
    address: str
    code: str
    key_id: str


@dataclass(slots=True)
class _Counted:
    began: float
    more: int = 0
    """Refusals after the one that was recorded."""


_OTHERS = _Alike("", "others", "")


class Refusals:
    """Records the first refusal of a kind at once, and how many came after it a minute later.

    So a stranger makes two entries a minute for each address and code, and all strangers
    together no more than for some hundred. Thread-safe.
    """

    def __init__(self, trail: AuditTrail, clock: Callable[[], float] = time.monotonic) -> None:
        self._trail = trail
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: OrderedDict[_Alike, _Counted] = OrderedDict()

    def refused(self, code: str, address: str, key_id: str = "") -> None:
        """Record or count one. `key_id` is that of a key that is known."""
        alike = _Alike(address, code, key_id)
        with self._lock:
            entries = self._ended()
            if alike not in self._windows and len(self._windows) >= _WINDOWS:
                alike = _OTHERS
            counted = self._windows.get(alike)
            if counted is None:
                self._windows[alike] = _Counted(self._clock())
                entries.append(self._entry(alike))
            else:
                counted.more += 1
        if entries:
            self._trail.write(entries)

    def flush(self, *, all_of_them: bool = False) -> None:
        """Record the counts of windows that have ended, or of all."""
        with self._lock:
            entries = self._ended(all_of_them=all_of_them)
        if entries:
            self._trail.write(entries)

    def _ended(self, *, all_of_them: bool = False) -> list[AuditEntry]:
        """Entries of the counts that are due; their windows are closed."""
        entries = []
        for alike, counted in list(self._windows.items()):
            if not all_of_them and self._clock() - counted.began < _WINDOW:
                continue
            del self._windows[alike]
            if counted.more:
                seconds = round(self._clock() - counted.began)
                entries.append(self._entry(alike, more=counted.more, seconds=seconds))
        return entries

    def _entry(self, alike: _Alike, **details: int) -> AuditEntry:
        # Many requests are nobody's own.
        request = {"request_id": ""} if details else {}
        return self._trail.entry(
            ACTION,
            alike.code,
            origin="http",
            key_id=alike.key_id,
            address=alike.address,
            details=details,
            **request,
        )
