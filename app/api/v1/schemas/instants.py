"""Instants in queries."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$"
)
_SCHEMA = {
    "type": "string",
    "pattern": _PATTERN,
    "description": "A date, or a date and time, as ISO 8601 writes them; UTC without a zone.",
    "examples": ["2026-01-31", "2026-01-31T08:15:00Z"],
}


def _written(given: object) -> object:
    """Give back the text. Without a look at it, a number would be seconds since 1970."""
    if not (isinstance(given, str) and re.fullmatch(_PATTERN, given)):
        raise ValueError("Give a date, or a date and time, as ISO 8601 writes them.")
    return given


def _in_utc(given: datetime) -> datetime:
    return given if given.tzinfo else given.replace(tzinfo=UTC)


Instant = Annotated[
    datetime, BeforeValidator(_written), AfterValidator(_in_utc), WithJsonSchema(_SCHEMA)
]
