"""Rates of keys: what each has asked for in windows of time."""

import time

from limits import RateLimitItemPerSecond
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from app.domain.access.limits import Window
from app.domain.access.rates import Usage
from app.domain.errors.trouble import DatabaseUnavailableError


class Rates:
    """Counts what keys ask for in windows of time. Thread-safe if the counters are."""

    def __init__(self, counters: Storage) -> None:
        self._limiter = FixedWindowRateLimiter(counters)
        errors = counters.base_exceptions
        several = errors if isinstance(errors, tuple) else (errors,)
        self._errors: tuple[type[Exception], ...] = (OSError, *several)

    def count(self, key_id: str, window: Window, amount: int, limit: int) -> Usage:
        """Count so much, be it too much or not, and tell what is left of the window.

        Raises DatabaseUnavailableError where it cannot be counted.
        """
        item = RateLimitItemPerSecond(limit, window.seconds)
        try:
            granted = self._limiter.hit(item, key_id, window.kind, cost=amount)
            stats = self._limiter.get_window_stats(item, key_id, window.kind)
        except self._errors as error:
            raise DatabaseUnavailableError(
                "What the key asks for cannot be counted.",
                hint="Look whether the data directory can be written and has space, and whether "
                "the database answers.",
            ) from error
        return Usage(granted, max(0, stats.remaining), max(0.0, stats.reset_time - time.time()))
