"""Meanings that the digits of a text can have as a date, by the calendar alone.

Texts are normalized (`models.pipelines.dates.text.normalization`). No network is asked here:
these rules tell which answers a text can support, and which others it would support just as well.
"""

import calendar
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

from models.pipelines.dates.text.edit_distance import edit_distance

Order = Literal["DMY", "MDY", "YMD"]
"""Order of day, month and year in dates of digits alone."""
FIRST_YEAR, LAST_YEAR = 1900, 2099
PIVOT = 30
"""Two-digit years from here on are 19.., those below 20..: 1930 to 2029."""
_NUMERIC = re.compile(
    r"(?<!\d)(?<!\d[.,:/-])(\d{1,4})(?:\s?([./-])\s?|\s)(\d{1,2})(?:\s?([./-])\s?|\s)(\d{1,4})"
    r"(?![\d:]|[.,/]\d|-\w)"
)
_ANOTHER_AFTER = re.compile(r"\s\d{1,4}(?![\d:])")
_ANOTHER_BEFORE = re.compile(r"\d\s$")
_COMPACT = re.compile(r"(?<!\d)\d{8}(?!\d)")
_BETWEEN_WORDS = re.compile(r"[\d\s.,;:/()'\"-]+")
LONG_NAME = 5
"""Letters of names that may be misspelt."""
_NUMBER = re.compile(r"\d+")
_MONTH_SIGN = re.compile(r"\s?[月월]")
_DAY_SIGN = re.compile(r"\s?[日号일]")


def full_year(two_digits: int) -> int:
    """1930 to 2029, from 0 to 99."""
    return two_digits + (1900 if two_digits >= PIVOT else 2000)


def day_of(year: int, month: int, day: int) -> date | None:
    """The day; None where there is no such day, or it lies outside of 1900 to 2099."""
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def numeric_readings(text: str) -> frozenset[date]:
    """Every day that the all-numeric dates of a text may mean, in any order.

    A year of four digits tells its own place, and before it day and month can change places. With
    one of two digits, day, month and year may stand in the order DMY, MDY or YMD. Eight digits
    in a row are a year, a month and a day.
    """
    found = {day for match in _NUMERIC.finditer(text) for day in _days(match, text).values()}
    for match in _COMPACT.finditer(text):
        digits = match[0]
        found.add(day_of(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    return frozenset(day for day in found if day is not None)


def other_readings(text: str, day: date) -> tuple[date, ...]:
    """The other days that all-numeric dates in the text may mean, in their order."""
    return tuple(sorted(numeric_readings(text) - {day}))


def in_order(text: str, day: date, order: Order) -> date:
    """Day that the digits which may mean `day` mean in the order of a locale.

    That is `day` itself where it was not read from digits alone, or where they make no possible
    day in that order.
    """
    for match in _NUMERIC.finditer(text):
        readings = _days(match, text)
        if day in readings.values():
            return readings.get(order) or day
    return day


def _days(match: re.Match[str], text: str) -> dict[Order, date | None]:
    first, second, third = match[1], match[3], match[5]
    if match[2] != match[4] or (match[2] is None and _is_part(match, text)):
        return {}
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4 and len(third) <= 2:
        return {"YMD": day_of(a, b, c)}
    if len(first) <= 2 and len(third) == 4:
        return {"DMY": day_of(c, b, a), "MDY": day_of(c, a, b)}
    days: dict[Order, date | None] = {}
    if len(first) <= 2 and len(third) == 2:
        days |= {"DMY": day_of(full_year(c), b, a), "MDY": day_of(full_year(c), a, b)}
    if len(first) == 2 and len(third) <= 2:
        days["YMD"] = day_of(full_year(a), b, c)
    return days


def _is_part(match: re.Match[str], text: str) -> bool:
    """Whether numbers with spaces between them go on, as those of a telephone do."""
    before, after = text[: match.start()], text[match.end() :]
    return bool(_ANOTHER_BEFORE.search(before) or _ANOTHER_AFTER.match(after))


def supports(text: str, day: date, months: Sequence[Sequence[str]]) -> bool:
    """Whether everything in a date stands in the text, so that nothing of it is made up.

    Either the date is one reading of an all-numeric date in the text, or the text has a number
    for its day, another for its year (of four digits, or of two by the pivot), and its month: as
    one more number with the sign for month after it (the day then has its sign too), or as a
    name. `months` are the normalized names of the twelve months in all languages; long ones may
    be misspelt by one letter.
    """
    if day in numeric_readings(text):
        return True
    numbers = list(_NUMBER.finditer(text))
    years = [i for i, n in enumerate(numbers) if _is_year(n[0], day.year)]
    days = [i for i, n in enumerate(numbers) if len(n[0]) <= 2 and int(n[0]) == day.day]
    signed = [i for i, n in enumerate(numbers) if _MONTH_SIGN.match(text, n.end())]
    if signed:
        right = [i for i in signed if int(numbers[i][0]) == day.month]
        days = [i for i in days if _DAY_SIGN.match(text, numbers[i].end())]
        return any(len({y, m, d}) == 3 for y in years for m in right for d in days)
    return any(y != d for y in years for d in days) and _names(text, months[day.month - 1])


def _names(text: str, names: Sequence[str]) -> bool:
    if any(name in text for name in names):
        return True
    return any(
        is_slip(word, name)
        for word in _BETWEEN_WORDS.split(text)
        for name in names
        if len(name) >= LONG_NAME
    )


def is_slip(word: str, name: str) -> bool:
    """Whether one letter is missing, wrong or too many, or two have changed places."""
    if abs(len(word) - len(name)) > 1:
        return False
    distance = edit_distance(word, name)
    return distance <= 1 or (distance == 2 and sorted(word) == sorted(name))


def _is_year(digits: str, year: int) -> bool:
    return int(digits) == year or (len(digits) == 2 and full_year(int(digits)) == year)


@lru_cache(maxsize=10_000)
def next_digits(prefix: tuple[int, ...]) -> Sequence[int]:
    """Digits that may follow the first of YYYYMMDD so that a day of 1900 to 2099 can come of it.

    Empty after the eighth.
    """
    return tuple(d for d in range(10) if _can_begin("".join(map(str, (*prefix, d)))))


def _can_begin(digits: str) -> bool:
    if len(digits) > 8:
        return False
    year, month, day = digits[:4], digits[4:6], digits[6:]
    if not any(str(century).startswith(year[:2]) for century in (19, 20)):
        return False
    if not any(f"{number:02d}".startswith(month) for number in range(1, 13)):
        return False
    if not day:
        return True
    last = calendar.monthrange(int(year), int(month))[1]
    return any(f"{number:02d}".startswith(day) for number in range(1, last + 1))
