"""Lists cut to what one SQL statement can take as parameters."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_LARGEST = 5_000  # SQLite allows 32,766 parameters, PostgreSQL 65,535


def batches(items: Sequence[T], size: int = _LARGEST) -> Iterator[Sequence[T]]:
    """Slices of at most `size` items, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
