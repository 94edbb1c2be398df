"""Limits of what one key may ask for."""

from dataclasses import dataclass, fields
from typing import Any, Self

from app.domain.errors.requests import InvalidRequestError

_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """Limits of one key, beside those of the server; None is no limit of its own."""

    requests_per_second: int | None = None
    pictures_per_second: int | None = None
    """Pictures and recordings, however many requests bring them."""
    streams: int | None = None
    """Events followed at once."""
    jobs: int | None = None
    """Jobs waiting and running."""

    def checked(self) -> Self:
        """The limits. Raises InvalidRequestError unless each is at least 1, or None."""
        for each in fields(self):
            value: Any = getattr(self, each.name)
            if value is not None and not (type(value) is int and 1 <= value <= _MOST):
                raise InvalidRequestError(
                    f"limits.{each.name} is a whole number from 1 to {_MOST}, or null."
                )
        return self


NO_LIMITS = KeyLimits()
