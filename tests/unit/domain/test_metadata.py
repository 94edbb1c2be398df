"""Metadata are what every database keeps and every client can read back."""

import json
from typing import Any

import pytest

from app.domain.errors.requests import InvalidRequestError
from app.domain.metadata import clean_conditions, clean_metadata, is_readable


def nested(levels: int) -> dict[str, Any]:
    value: Any = 1
    for _ in range(levels - 1):
        value = [value]
    return {"a": value}


KEPT: list[dict[str, Any]] = [
    {},
    {"floor": 3, "ünï": ["☃", None, 1.5], "a": {"b": [True, False]}, "": 0},
    {"large": 2**53, "small": -(2**53), "tiny": 5e-324, "huge": 1e308},
    nested(16),
    {"family": "\U0001f469\u200d\U0001f4bb", "lines": "a\nb"},
    {"a": "x" * 16_000},
]
REFUSED: dict[str, Any] = {
    "deep": nested(17),
    "deeper": nested(300),
    "deepest": nested(5_000),
    "beyond": {"a": 2**53 + 1},
    "far beyond": {"a": [-(10**4_000)]},
    "not a number": {"a": float("nan")},
    "infinite": {"a": {"b": float("-inf")}},
    "half": {"a": "\ud83d"},
    "half key": {"\udce9": 1},
    "nul": {"a": ["\0"]},
    "nul key": {"a\0": 1},
    "long": {"a": "x" * 16_400},
    "two forms": {"é": 1, "e\u0301": 2},
    "number for key": {1: 2},
    "bytes": {"a": b"x"},
    "a set": {"a": {1}},
    "list": [1],
    "text": "x",
    "nothing": None,
}


@pytest.mark.parametrize("metadata", KEPT)
def test_what_is_kept(metadata: dict[str, Any]) -> None:
    assert clean_metadata(metadata) == metadata
    assert is_readable(metadata)
    assert json.loads(json.dumps(clean_metadata(metadata), allow_nan=False)) == metadata


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(what: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        clean_metadata(REFUSED[what])
    assert caught.value.data["errors"][0]["field"] == "metadata" and caught.value.hint
    str(caught.value).encode()
    if what not in ("long", "two forms"):
        assert not is_readable(REFUSED[what])


def test_texts_have_one_form() -> None:
    assert clean_metadata({"e\u0301": ["Zu\u0308rich"]}) == {"é": ["Zürich"]}
    assert clean_conditions({"e\u0301": "Zu\u0308rich"}) == {"é": "Zürich"}


@pytest.mark.parametrize(
    "where",
    [
        {"a": []},
        {"a": {}},
        {"a": float("inf")},
        {"a": 2**53 + 1},
        {"a": "\0"},
        {"\ud83d": 1},
        {"a": "x" * 501},
        {str(n): n for n in range(9)},
    ],
    ids=repr,
)
def test_conditions_that_are_refused(where: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError, match="where"):
        clean_conditions(where)
