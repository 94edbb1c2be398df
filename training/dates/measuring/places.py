"""Measures a reader of dates on texts with several dates and with dates of other calendars."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from models.pipelines.dates.answers import DateReading
from models.pipelines.dates.reading import DateReader

_LISTED = 20


@dataclass(frozen=True, slots=True)
class PlacedDates:
    """A text, and the dates that stand in it."""

    kind: str
    text: str
    locale: str | None
    dates: tuple[tuple[str, str | None], ...]
    """ISO 8601, and what of the text it stands in, where that is told; in their order."""
    calendar: str | None
    """Of all dates, where that is told."""

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Self:
        """The text of one line of a file."""
        dates = tuple((day, place) for day, place in fields["dates"])
        return cls(fields["kind"], fields["text"], fields["locale"], dates, fields["calendar"])


def placed_dates(path: Path) -> list[PlacedDates]:
    """The texts of a file, one JSON object a line."""
    return [PlacedDates.of(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def placed_figures(reader: DateReader, texts: Sequence[PlacedDates]) -> dict[str, Any]:
    """Shares of texts of each kind that are read right, refused and read wrong; some mistakes.

    Right is a text of which all dates, their places and their calendars are found, and no other
    date. Wrong is one with a day that does not stand in it; the others lack a date or misplace it.
    """
    readings = [reader.read(each.text, each.locale) for each in texts]
    pairs = list(zip(texts, readings, strict=True))
    kinds = {
        kind: _figures([pair for pair in pairs if pair[0].kind == kind])
        for kind in dict.fromkeys(each.kind for each in texts)
    }
    mistakes = [
        [each.text, [day for day, _ in each.dates], [str(found.date) for found in reading.dates]]
        for each, reading in pairs
        if not _is_right(each, reading)
    ]
    return {**_figures(pairs), "kinds": kinds, "mistakes": mistakes[:_LISTED]}


def _figures(pairs: Sequence[tuple[PlacedDates, DateReading]]) -> dict[str, Any]:
    return {
        "texts": len(pairs),
        "right": sum(_is_right(*pair) for pair in pairs) / len(pairs),
        "wrong": sum(_is_wrong(*pair) for pair in pairs) / len(pairs),
        "refused": sum(not reading.dates for _, reading in pairs) / len(pairs),
    }


def _is_right(expected: PlacedDates, reading: DateReading) -> bool:
    found = reading.dates
    if [str(each.date) for each in found] != [day for day, _ in expected.dates]:
        return False
    if expected.calendar and any(each.calendar != expected.calendar for each in found):
        return False
    places = [expected.text[each.start : each.end] for each in found]
    return all(
        place is None or place == written
        for (_, place), written in zip(expected.dates, places, strict=True)
    )


def _is_wrong(expected: PlacedDates, reading: DateReading) -> bool:
    return any(str(found.date) not in dict(expected.dates) for found in reading.dates)
