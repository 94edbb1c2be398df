"""Retries: which failures pass by themselves, and how long to wait for that."""

import asyncio
import random
import time
from dataclasses import dataclass

PASSING = frozenset({429, 503})
"""Statuses of a server that has too much to do, or is in trouble that passes."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and for how long a request is tried again."""

    times: int = 4
    """Beyond the first; 0 is never."""
    first: float = 0.5
    """Seconds until the second try where the server says nothing, doubled with each."""
    longest: float = 30.0
    """Seconds that are waited at most; a server that asks for more is not asked again."""

    def delay(self, tried: int, retry_after: str | None) -> float | None:
        """Seconds to wait after so many tries, or None to give up."""
        if tried > self.times:
            return None
        if retry_after is not None and retry_after.isdecimal():
            asked = float(retry_after)
            return asked if asked <= self.longest else None
        wait = min(self.longest, self.first * 2.0 ** (tried - 1))
        return wait * random.uniform(0.5, 1.0)  # noqa: S311 - so that clients do not come together


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


async def pause_async(seconds: float) -> None:
    """Wait, and let others work meanwhile."""
    await asyncio.sleep(seconds)
