"""Metadata: free JSON objects that every database keeps and every client can read back."""

import json
import math
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Scalar

MAX_BYTES = 16_384
MAX_DEPTH = 16
"""Objects and lists in one another, the outermost included."""
MAX_INTEGER = 2**53
"""Beyond, a client or database with floating-point numbers takes two whole numbers for one."""
MAX_CONDITIONS = 8
_LONGEST = 500
"""Characters of a key or text that metadata are asked for."""
_HINT = (
    f"Plain JSON: at most {MAX_DEPTH} levels and {MAX_BYTES:,} bytes, whole numbers within ±2^53, "
    "valid Unicode without NUL. Send larger numbers as text."
)


class _Unfit(Exception):  # noqa: N818 - never leaves this module
    """Says what is wrong."""


def clean_metadata(value: object) -> dict[str, Any]:
    """Metadata as they are kept: texts in NFC, the rest as given.

    Raises InvalidRequestError for what not every reader could read back: more than `MAX_DEPTH`
    levels, whole numbers beyond `MAX_INTEGER`, numbers that are not finite, half characters, NUL,
    more than `MAX_BYTES` bytes.
    """
    try:
        if not isinstance(value, Mapping):
            raise _Unfit("is no JSON object")
        cleaned: dict[str, Any] = _clean(value, MAX_DEPTH)
        _check_size(cleaned)
    except _Unfit as unfit:
        raise InvalidRequestError.of_field("metadata", str(unfit), _HINT) from None
    return cleaned


def read_json(text: str | bytes) -> Any:
    """The value of a stored text of JSON; None where no reader of JSON can tell.

    Raises nothing: one bad value would take every row of its list along.
    """
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):  # SQLite takes a number for a number
        return None


def is_readable(value: object) -> bool:
    """Whether stored metadata can be given out; an older version may have kept what cannot."""
    if not isinstance(value, dict):
        return False
    try:
        _clean(value, MAX_DEPTH, text=_check_text)
    except _Unfit:
        return False
    return True


def clean_conditions(value: Mapping[str, Any]) -> dict[str, Scalar]:
    """Conditions on metadata, written as they are kept. Raises InvalidRequestError."""
    try:
        if len(value) > MAX_CONDITIONS:
            raise _Unfit(f"has {len(value)} keys; {MAX_CONDITIONS} are allowed")
        if any(isinstance(one, Mapping | list) for one in value.values()):
            raise _Unfit("compares with texts, numbers, true, false and null only")
        if any(len(text) > _LONGEST for pair in value.items() for text in map(str, pair)):
            raise _Unfit(f"holds a text of more than {_LONGEST} characters")
        cleaned: dict[str, Scalar] = _clean(value, 1)
    except _Unfit as unfit:
        raise InvalidRequestError.of_field("where", str(unfit), _HINT) from None
    return cleaned


def written_conditions(text: str) -> dict[str, Scalar]:
    """Conditions on metadata that are written as a JSON object. Raises InvalidRequestError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InvalidRequestError.of_field(
            "where", "is no JSON object", 'Write it as {"department": "sales"}.'
        )
    return clean_conditions(value)


def _clean(value: Any, levels: int, text: Callable[[str], str] | None = None) -> Any:
    text = text or _clean_text
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise _Unfit("holds a whole number beyond ±2^53")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _Unfit("holds a number that is not finite")
        return value
    if not isinstance(value, Mapping | list | tuple):
        raise _Unfit(f"holds a {type(value).__name__}, which is no JSON")
    if levels == 0:
        raise _Unfit(f"is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        return _clean_object(value, levels, text)
    return [_clean(item, levels - 1, text) for item in value]


def _clean_object(value: Mapping[Any, Any], levels: int, text: Callable[[str], str]) -> Any:
    cleaned: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise _Unfit("has a key that is no text")
        key = text(key)
        if key in cleaned:
            raise _Unfit(f"has the key {key!r} twice, in two forms of Unicode")
        cleaned[key] = _clean(item, levels - 1, text)
    return cleaned


def _clean_text(text: str) -> str:
    return text if text.isascii() and "\0" not in text else _check_text(_composed(text))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _check_text(text: str) -> str:
    if "\0" in text:
        raise _Unfit("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Unfit("holds half of a character (a lone surrogate)") from None
    return text


def _check_size(cleaned: Mapping[str, Any]) -> None:
    size = len(json.dumps(cleaned, ensure_ascii=False).encode())
    if size > MAX_BYTES:
        raise _Unfit(f"has {size:,} bytes; {MAX_BYTES:,} are allowed")
