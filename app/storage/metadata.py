"""Metadata in SQL: rows that an older version stored wrongly are read without them."""

from collections.abc import Mapping
from typing import Any

from app.domain.metadata import is_readable


def readable(stored: object) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Stored metadata, and the fields that cannot be given out: ("metadata",) or none."""
    if isinstance(stored, dict) and is_readable(stored):
        return stored, ()
    return {}, ("metadata",)


def written(metadata: Mapping[str, Any], unreadable: tuple[str, ...]) -> dict[str, Any]:
    """The column's value to write; none where what could not be read stays as it is."""
    return {} if "metadata" in unreadable else {"meta": dict(metadata)}
