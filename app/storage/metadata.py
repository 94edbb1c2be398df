"""Metadata in SQL: rows that an older version stored wrongly are read without them."""

import json
from collections.abc import Mapping
from typing import Any

from app.domain.metadata import is_readable


def read_json(text: str | bytes) -> Any:
    """What a JSON column holds; None where no reader of JSON can tell.

    Raises nothing: one bad value would take every row of its list along.
    """
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):  # SQLite takes a number for a number
        return None


def readable(stored: object) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Stored metadata, and the fields that cannot be given out: ("metadata",) or none."""
    if isinstance(stored, dict) and is_readable(stored):
        return stored, ()
    return {}, ("metadata",)


def written(metadata: Mapping[str, Any], unreadable: tuple[str, ...]) -> dict[str, Any]:
    """The column's value to write; none where what could not be read stays as it is."""
    return {} if "metadata" in unreadable else {"meta": dict(metadata)}
