"""Days of other calendars as days of the Gregorian one, or the reason why not."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Calendar = Literal[
    "gregorian", "japanese", "roc", "buddhist", "islamic-umalqura", "persian"
]  # fmt: skip
"""Calendars whose dates are read, by their names in the Unicode CLDR."""
FIRST_YEAR, LAST_YEAR = 1868, 2099
"""Gregorian years that a converted date may fall in."""
_ROC_BEFORE, _BUDDHIST_AHEAD = 1911, 543
_THAI_YEAR_FROM_JANUARY = 2484
"""The first Buddhist year that began in January; until then it was April."""
_PERSIAN_YEARS = 1277, 1477
"""Years in which the rule of leap years agrees with the equinoxes; earlier it is off by a day in
some years, long before the calendar became law in 1304."""


class NotConvertedError(Exception):
    """A date that means no day. `reason` is a slug, the text says what is wrong."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class JapaneseEra:
    """The years of an emperor; its first year is 1."""

    name: str
    first: date
    last: date


JAPANESE_ERAS = {
    "meiji": JapaneseEra("明治", date(1868, 1, 25), date(1912, 7, 30)),
    "taisho": JapaneseEra("大正", date(1912, 7, 30), date(1926, 12, 25)),
    "showa": JapaneseEra("昭和", date(1926, 12, 25), date(1989, 1, 7)),
    "heisei": JapaneseEra("平成", date(1989, 1, 8), date(2019, 4, 30)),
    "reiwa": JapaneseEra("令和", date(2019, 5, 1), date(LAST_YEAR, 12, 31)),
}
"""The day on which one era ended and the next began counts for both, as it did in law."""
_JAPAN_GREGORIAN_FROM = date(1873, 1, 1)


def from_japanese(era: str, year: int, month: int, day: int) -> date:
    """A day of an era of `JAPANESE_ERAS`. Raises NotConvertedError."""
    known = JAPANESE_ERAS[era]
    found = _gregorian(known.first.year + year - 1, month, day)
    if year < 1 or not known.first <= found <= known.last:
        raise NotConvertedError(
            "outside-era", f"{known.name} runs from {known.first} to {known.last}."
        )
    if found < _JAPAN_GREGORIAN_FROM:
        raise NotConvertedError(
            "calendar-not-supported", "Before 1873 Japan counted months by the moon."
        )
    return found


def from_roc(year: int, month: int, day: int) -> date:
    """A day of the Republic of China; its year 1 is 1912. Raises NotConvertedError."""
    if year < 1:
        raise NotConvertedError("outside-era", "The first year of the Republic of China is 1.")
    return _gregorian(year + _ROC_BEFORE, month, day)


def from_buddhist(year: int, month: int, day: int) -> date:
    """A day of the Thai Buddhist era. Raises NotConvertedError.

    Before 1941 the Thai year began in April, and January to March of a year are written in two
    ways since: those are refused.
    """
    if year < 1000:
        raise NotConvertedError("year-unclear", "A Buddhist year has four digits.")
    if year < _THAI_YEAR_FROM_JANUARY and month <= 3:
        raise NotConvertedError(
            "year-unclear",
            "Until 2483 the Thai year began in April: its January to March mean one of two years.",
        )
    return _gregorian(year - _BUDDHIST_AHEAD, month, day)


def from_islamic(year: int, month: int, day: int) -> date:
    """A day of the Umm al-Qura calendar, whose tables run from 1343 to 1500 AH.

    Raises NotConvertedError.
    """
    from hijridate import Hijri

    if year < 100:
        raise NotConvertedError("year-unclear", "A Hijri year has four digits.")
    try:
        found = Hijri(year, month, day).to_gregorian()
    except OverflowError as error:
        raise NotConvertedError(
            "year-out-of-range", "The Umm al-Qura tables run from 1343 to 1500 AH."
        ) from error
    except ValueError as error:
        raise NotConvertedError("no-such-day", "The Hijri month has no such day.") from error
    return date(found.year, found.month, found.day)


def from_persian(year: int, month: int, day: int) -> date:
    """A day of the Solar Hijri calendar of Iran. Raises NotConvertedError."""
    from persiantools.jdatetime import JalaliDate

    if year < 100:
        raise NotConvertedError("year-unclear", "A Persian year has four digits.")
    if not _PERSIAN_YEARS[0] <= year <= _PERSIAN_YEARS[1]:
        raise NotConvertedError(
            "year-out-of-range",
            "Persian years are converted from {} to {}.".format(*_PERSIAN_YEARS),
        )
    try:
        found: date = JalaliDate(year, month, day).to_gregorian()
    except ValueError as error:
        raise NotConvertedError("no-such-day", "The Persian month has no such day.") from error
    return found


def _gregorian(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range()
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotConvertedError("no-such-day", "The month has no such day.") from error


def _out_of_range() -> NotConvertedError:
    return NotConvertedError(
        "year-out-of-range", f"The year lies outside of {FIRST_YEAR} to {LAST_YEAR}."
    )
