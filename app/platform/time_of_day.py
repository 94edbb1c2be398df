"""The time of day, which gets set: nothing is removed by one that has just jumped."""

import time
from datetime import datetime

_JUMP = 60.0
"""Seconds by which the time of day may move against the monotonic clock between two looks."""
_SETTLING = 600.0
"""Seconds until a time of day that has jumped is believed: enough to put it right."""


class TimeOfDay:
    """Watches whether the time of day goes on as time does."""

    def __init__(self, now: datetime) -> None:
        self._offset = _offset(now)
        self._jumped_at: float | None = None

    def is_settled(self, now: datetime) -> bool:
        """False for a while after a jump; at once true again when it is put right."""
        offset = _offset(now)
        if abs(offset - self._offset) > _JUMP:
            if self._jumped_at is None:
                self._jumped_at = time.monotonic()
            if time.monotonic() - self._jumped_at < _SETTLING:
                return False
        self._offset, self._jumped_at = offset, None
        return True


def _offset(now: datetime) -> float:
    return now.timestamp() - time.monotonic()
