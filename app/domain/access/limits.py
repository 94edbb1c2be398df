"""Limits of what one key may ask for.

Each is one field: answers, requests and options of commands are made of the fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

from app.domain.errors.requests import InvalidRequestError

Kind = Literal["requests", "pictures"]
"""What is counted of a key that may have only so many in a time."""
MOST = 1_000_000
"""The largest limit."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which only so many of a kind may be asked for."""

    kind: Kind
    seconds: int
    name: str
    """As in "so many per second"."""


def _limit(description: str, window: Window | None = None) -> Any:
    return field(default=None, metadata={"description": description, "window": window})


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """Limits of one key; null is none beside those of the server."""

    requests_per_second: int | None = _limit("Requests.", Window("requests", 1, "second"))
    pictures_per_second: int | None = _limit(
        "Pictures and recordings, however many requests bring them.",
        Window("pictures", 1, "second"),
    )
    workers: int | None = _limit(
        "Requests at work on the networks at once, in each process; others of the key wait."
    )
    streams: int | None = _limit("Events followed at once, in each process.")
    jobs: int | None = _limit("Jobs waiting and running.")

    def checked(self) -> Self:
        """The limits. Raises InvalidRequestError unless each is at least 1, or None."""
        for each in fields(self):
            value: Any = getattr(self, each.name)
            if value is not None and not (type(value) is int and 1 <= value <= MOST):
                raise InvalidRequestError(
                    f"limits.{each.name} is a whole number from 1 to {MOST}, or null."
                )
        return self

    def windows(self, kind: Kind) -> Iterator[tuple[Window, int]]:
        """Windows of a kind that have a limit, and how many there may be in each."""
        for each in fields(self):
            window: Window | None = each.metadata["window"]
            limit: int | None = getattr(self, each.name)
            if window is not None and window.kind == kind and limit is not None:
                yield window, limit


NO_LIMITS = KeyLimits()


def known_limits(stored: Mapping[str, int]) -> KeyLimits:
    """The limits that this version knows, of those that a newer one may have stored."""
    names = {each.name for each in fields(KeyLimits)}
    return KeyLimits(**{name: value for name, value in stored.items() if name in names})
