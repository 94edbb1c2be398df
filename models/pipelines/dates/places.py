"""The places of a text in which dates stand, and what those of other calendars mean."""

from dataclasses import dataclass
from datetime import date

from models.pipelines.dates.calendars.conversion import calendar_of, converted
from models.pipelines.dates.calendars.gregorian import NotConvertedError
from models.pipelines.dates.finding.belonging import Belonging, belongings
from models.pipelines.dates.finding.elements import GREGORIAN, Months, Scan, scanned
from models.pipelines.dates.finding.numeric_shapes import numeric_shapes, numeric_text
from models.pipelines.dates.finding.shapes import Parts, chosen_shapes, named_shapes
from models.pipelines.dates.text.forms import (
    FIRST_YEAR,
    LAST_YEAR,
    Order,
    day_of,
    full_year,
    numeric_readings,
)
from models.pipelines.dates.text.normalization import PlacedText


@dataclass(frozen=True, slots=True)
class DatePlace:
    """A part of a text with day, month and year of one date."""

    start: int
    end: int
    """Place in the normalized text, end excluded."""
    text: str
    """Text that a reader has to read: the date alone, with what it shares with another."""
    as_written: bool
    """Whether `text` stands so in the normalized text."""
    calendar: str
    day: date | None = None
    """Day that rules alone have read; None where the network is to read it, or it is refused."""
    other_days: tuple[date, ...] = ()
    """Other days that its digits may mean; of those read by rules alone."""
    reason: str | None = None
    """A slug that tells why no day comes of it."""
    detail: str | None = None


def places_in(placed: PlacedText, months: Months, order: Order | None) -> list[DatePlace]:
    """All places of a text where a complete date of some calendar stands, in their order.

    `months` are the normalized names of the twelve months in all languages; `order` is that of
    the locale, if one is known.
    """
    scan = scanned(placed, months)
    shapes = chosen_shapes([*named_shapes(scan), *numeric_shapes(scan)], len(scan.elements))
    parts = [part for shape in shapes for part in shape.parts]
    belonging = belongings(scan, parts)
    return [_place(scan, *both, order) for both in zip(parts, belonging, strict=True)]


def _place(scan: Scan, parts: Parts, belonging: Belonging, order: Order | None) -> DatePlace:
    text, as_written = _reading_text(scan.text, parts)
    hull = (min(parts.start, belonging.start), max(parts.end, belonging.end))
    try:
        found = converted(parts, belonging, order)
    except NotConvertedError as error:
        calendar = calendar_of(parts, belonging) or GREGORIAN
        return DatePlace(
            *hull, text, as_written, calendar, reason=error.reason, detail=error.detail
        )
    if found is not None:
        return DatePlace(*hull, text, as_written, found.calendar, found.day, found.other_days)
    reason, detail = _problem(text, parts)
    return DatePlace(*hull, text, as_written, GREGORIAN, reason=reason, detail=detail)


def _reading_text(text: str, parts: Parts) -> tuple[str, bool]:
    """The text of a date, and whether it stands so."""
    numbers = [e for e in (parts.day, parts.month, parts.year) if not e.is_month]
    if not (parts.shared or parts.month.joined) and all(
        e.digits for e in numbers if e is not parts.month
    ):
        return text[parts.start : parts.end], True
    if parts.separator is not None:
        return numeric_text(parts), False
    if parts.month.sign == "m":
        return f"{parts.year.value}年{parts.month.value}月{parts.day.value}日", False
    return f"{parts.day.text} {parts.month.text} {parts.year.text}", False


def _problem(text: str, parts: Parts) -> tuple[str | None, str | None]:
    """Reason why a Gregorian date is none of 1900 to 2099; nothing where it is one."""
    if parts.separator is not None:
        if numeric_readings(text):
            return None, None
        year = max((parts.day, parts.year), key=lambda element: element.digits).value
    else:
        months = parts.month.months or {parts.month.value}
        year = parts.year.value
        if parts.year.digits == 2:
            year = full_year(year)
        if any(day_of(year, month, parts.day.value) for month in months):
            return None, None
    if FIRST_YEAR <= year <= LAST_YEAR:
        return "no-such-day", "The calendar has no such day."
    detail = f"Without a mark of an era, years run from {FIRST_YEAR} to {LAST_YEAR}."
    return "year-out-of-range", detail
