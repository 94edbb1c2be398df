"""Places of clients that follow events, for the server and for each key."""

import threading
from collections import Counter

from app.domain.errors.trouble import OverloadedError


class StreamPlaces:
    """Places of one process, of which each key has so many at most. Thread-safe."""

    def __init__(self, places: int, per_key: int) -> None:
        self._places, self._per_key = places, per_key
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, key_id: str, own: int | None = None) -> None:
        """Take a place; `own` is a limit of the key's own. Raises OverloadedError."""
        bound = self._per_key if own is None else own
        with self._lock:
            if self._taken[key_id] >= bound:
                raise OverloadedError(
                    f"This key follows {bound} streams of events, as many as it may.",
                    hint="End one of them, or try again after the time in Retry-After.",
                )
            if self._taken.total() >= self._places:
                raise OverloadedError(
                    "Too many clients follow events.",
                    hint="Try again after the time in Retry-After.",
                )
            self._taken[key_id] += 1

    def leave(self, key_id: str) -> None:
        """Give the place back."""
        with self._lock:
            self._taken[key_id] -= 1
            self._taken += Counter()
