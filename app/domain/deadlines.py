"""Deadlines: how long a request may take, and whether anybody still waits for it.

Whoever accepts a request makes its deadline current; whoever does long work for it asks between
two steps, with `check_deadline`, whether to go on. Work without a deadline never ends early.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.domain.errors.trouble import AbandonedRequestError, DeadlineExceededError


class Deadline:
    """The deadline of one request. Thread-safe."""

    def __init__(self, seconds: float | None = None) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds
        self._lock = threading.Lock()
        self._abandoned = False
        self._sealed = False

    def remaining(self) -> float | None:
        """Seconds left, 0 when it has passed; None without end."""
        return None if self._ends is None else max(0.0, self._ends - time.monotonic())

    def check(self) -> None:
        """Raise DeadlineExceededError or AbandonedRequestError when it is time to stop."""
        if self._sealed:
            return
        if self._abandoned:
            raise AbandonedRequestError("The client has gone away.")
        if self.remaining() == 0:
            raise self.exceeded()

    def abandon(self) -> bool:
        """Tell the work to stop; False when it is past the point of no return."""
        with self._lock:
            self._abandoned = not self._sealed
            return self._abandoned

    def seal(self) -> None:
        """Finish the work from here on, whatever happens. Raises what `check` raises.

        What is about to be stored must not be reported as given up.
        """
        with self._lock:
            self.check()
            self._sealed = True

    def exceeded(self) -> DeadlineExceededError:
        """The error that reports its passing."""
        return DeadlineExceededError(
            "The request was not done in the time that the server gives to one.",
            hint="Try again later, or send fewer or smaller images.",
        )


_current: ContextVar[Deadline] = ContextVar("deadline", default=Deadline())  # noqa: B039 - endless


def current_deadline() -> Deadline:
    """The deadline of the request this thread works for; an endless one outside of requests."""
    return _current.get()


def check_deadline() -> None:
    """Raise DeadlineExceededError or AbandonedRequestError when it is time to stop."""
    _current.get().check()


@contextmanager
def working_under(deadline: Deadline) -> Iterator[None]:
    """Make the deadline current."""
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)
