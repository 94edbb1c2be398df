"""Meaning of a date of another calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import get_args

from models.pipelines.dates.calendars.gregorian import (
    Calendar,
    NotConvertedError,
    from_buddhist,
    from_islamic,
    from_japanese,
    from_persian,
    from_roc,
)
from models.pipelines.dates.finding.belonging import Belonging
from models.pipelines.dates.finding.elements import GREGORIAN, Element
from models.pipelines.dates.finding.shapes import Parts
from models.pipelines.dates.text.forms import Order

_THAI = "thai"
_BUDDHIST_YEARS = range(2400, 2700)
"""Years that are Buddhist ones where they stand without a mark beside a Thai month."""
_WESTERN_YEARS = range(1900, 2100)
_OWN_MONTHS = {"islamic-umalqura", "persian"}
_CONVERTING: dict[str, Callable[[int, int, int], date]] = {
    "roc": from_roc,
    "buddhist": from_buddhist,
    "islamic-umalqura": from_islamic,
    "persian": from_persian,
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """A day that rules have read."""

    day: date
    calendar: str
    other_days: tuple[date, ...] = ()


def calendar_of(parts: Parts, belonging: Belonging) -> str | None:
    """The calendar of a date; None for the Gregorian one.

    Raises NotConvertedError when its marks and months are of several.
    """
    marked = {mark.calendar for mark in belonging.marks} - {GREGORIAN}
    months = {parts.month.calendar} - {GREGORIAN, _THAI}
    if not marked and parts.month.calendar == _THAI:
        western = bool(belonging.marks)
        if not western and parts.year.value in _BUDDHIST_YEARS:
            return "buddhist"
        return None
    calendars = marked | months
    return calendars.pop() if len(calendars) == 1 else "/".join(sorted(calendars)) or None


def converted(parts: Parts, belonging: Belonging, order: Order | None) -> Conversion | None:
    """The day that a date of another calendar means; None for what the network is to read.

    `order` is that of the locale; it decides about digits of which a mark in Latin letters alone
    tells the calendar. Raises NotConvertedError where no day, or not one alone, is meant.
    """
    calendar = calendar_of(parts, belonging)
    if belonging.bare:
        raise NotConvertedError(
            "year-unclear", "The year has no era, but another date of the text has one."
        )
    if calendar is None:
        return _thai_western(parts, belonging) if parts.month.calendar == _THAI else None
    _check(calendar, parts, belonging)
    (year, month, day), other = _ordered(parts, belonging, order)
    found = _day(calendar, belonging, year, month.value, day.value)
    if year.gloss is not None and year.gloss != found.year:
        raise NotConvertedError("years-disagree", "The two years of the date are not the same.")
    others: tuple[date, ...] = ()
    if other is not None:
        try:
            others = (_day(calendar, belonging, year, other[0].value, other[1].value),)
        except NotConvertedError:
            others = ()
    return Conversion(found, calendar, tuple(each for each in others if each != found))


def _check(calendar: str, parts: Parts, belonging: Belonging) -> None:
    if "/" in calendar:
        raise NotConvertedError("calendars-disagree", f"It has signs of {calendar}.")
    if calendar not in get_args(Calendar):
        raise NotConvertedError(
            "calendar-not-supported", f"Dates of the {calendar} calendar are not converted."
        )
    if any(mark.unclear for mark in belonging.marks):
        raise NotConvertedError(
            "year-unclear", "The letter can mean a Japanese era: write its name, or four digits."
        )
    if belonging.apart:
        raise NotConvertedError(
            "year-unclear", f"The text has a mark of the {calendar} calendar, but not at the year."
        )
    if calendar in _OWN_MONTHS and parts.month.is_month and parts.month.calendar != calendar:
        raise NotConvertedError("calendars-disagree", "Month and year are of two calendars.")
    if parts.month.is_month and not parts.month.value:
        raise NotConvertedError("month-unclear", "The month's name can mean two months.")


_Ordered = tuple[tuple[Element, Element, Element], tuple[Element, Element] | None]


def _ordered(parts: Parts, belonging: Belonging, order: Order | None) -> _Ordered:
    """Year, month and day; and month and day in the other order, if that is possible."""
    if parts.separator is None:
        return (parts.year, parts.month, parts.day), None
    first, second, third = parts.day, parts.month, parts.year
    if third.digits < 4 and (first.digits == 4 or first.mark or not third.mark):
        return (first, second, third), None
    usual, american = (third, second, first), (third, first, second)
    if not all(mark.text.isascii() for mark in belonging.marks):
        return usual, None
    if order == "MDY" and first.value <= 12:
        return american, (second, first)
    return usual, (first, second)


def _day(calendar: str, belonging: Belonging, year: Element, month: int, day: int) -> date:
    if calendar == "japanese":
        eras = {mark.era for mark in belonging.marks if mark.era}
        if len(eras) != 1:
            raise NotConvertedError("calendars-disagree", "It has signs of several eras.")
        return from_japanese(eras.pop(), year.value, month, day)
    return _CONVERTING[calendar](year.value, month, day)


def _thai_western(parts: Parts, belonging: Belonging) -> Conversion:
    if not belonging.marks or parts.year.value not in _WESTERN_YEARS:
        raise NotConvertedError(
            "year-unclear", "Write the Thai year with four digits, or with พ.ศ. or ค.ศ. before it."
        )
    try:
        return Conversion(date(parts.year.value, parts.month.value, parts.day.value), GREGORIAN)
    except ValueError as error:
        raise NotConvertedError("no-such-day", "The month has no such day.") from error
