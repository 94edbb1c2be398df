"""Texts with the date they hold, or with none: as many as wanted, by seed."""

import calendar
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from models.pipelines.dates.text.forms import (
    FIRST_YEAR,
    LAST_YEAR,
    PIVOT,
    numeric_readings,
)
from models.pipelines.dates.text.normalization import normalized
from training.dates.texts import words
from training.dates.texts.locales import DateLocale, all_locales
from training.dates.texts.rendering import rendered, with_habits

SHORT_YEARS = range(1900 + PIVOT, 2000 + PIVOT)
"""What two-digit years stand for."""
LONGEST = 120
"""Characters of a normalised text to train on."""
_NUMERIC_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Example:
    """A normalised text, the locale it was written in, and the ISO date or None."""

    text: str
    locale: str
    date: str | None
    known_locale: str | None
    """The locale that the reader is given, if any."""


def is_held_out_day(day: date) -> bool:
    """One day in ten is kept for measuring."""
    return day.toordinal() * 2_654_435_761 % 2**32 % 10 == 0


def examples(
    seed: Sequence[int],
    count: int,
    *,
    unseen: bool = False,
    days_unseen: bool | None = None,
    none_share: float = 0.0,
) -> list[Example]:
    """`count` of them, the same for the same seed.

    All locales come alike, but for twice as many with the month first, which are few.

    `unseen` takes patterns that are held out, else those that are trained on; `days_unseen`
    does so for days, and is like `unseen` if not given. `none_share` of the texts hold no date.
    """
    rng = random.Random(repr(tuple(seed)))  # noqa: S311
    locales = [*all_locales(), *(each for each in all_locales() if each.order == "MDY")]
    writer = DateWriter(unseen, unseen if days_unseen is None else days_unseen)
    others = OtherTexts()
    found: list[Example] = []
    while len(found) < count:
        source = others if rng.random() < none_share else writer
        drawn = source.example(rng, rng.choice(locales))
        text = normalized(drawn.text)
        if text and len(text) <= LONGEST:
            found.append(replace(drawn, text=text))
    return found


class DateWriter:
    """Writes dates by the patterns that are trained on, or by those held out."""

    def __init__(self, patterns_unseen: bool, days_unseen: bool) -> None:
        self._patterns_unseen, self._days_unseen = patterns_unseen, days_unseen

    def example(self, rng: random.Random, locale: DateLocale) -> Example:
        """A date in a text."""
        pattern = rng.choice(
            _patterns(locale.key, self._patterns_unseen)[rng.random() < _NUMERIC_SHARE]
        )
        day = self._day(rng, short="yy" in pattern)
        numbers = (day.day, day.month)
        if _is_numeric(pattern) and rng.random() < 0.03 and not pattern.startswith("y"):
            # The other order of day and month, where only one of them is possible.
            numbers = (day.month, day.day) if day.day > 12 else numbers
        text = rendered(rng, locale, pattern, *numbers, day.year, day.weekday())
        text = with_habits(rng, locale, text)
        text = _in_context(rng, locale, text)
        known = locale.key if rng.random() < 0.5 else None
        if known and not _is_numeric(pattern) and rng.random() < 0.1:
            known = rng.choice(all_locales()).key  # people abroad write in their own language
        return Example(text, locale.key, day.isoformat(), known)

    def _day(self, rng: random.Random, *, short: bool) -> date:
        first, last = (SHORT_YEARS[0], SHORT_YEARS[-1]) if short else (FIRST_YEAR, LAST_YEAR)
        if not short and rng.random() < 0.25:
            first, last = 1930, 2030
        while True:
            low, high = date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()
            day = date.fromordinal(rng.randint(low, high))
            if is_held_out_day(day) == self._days_unseen:
                return day


def _in_context(rng: random.Random, locale: DateLocale, text: str) -> str:
    drawn = rng.random()
    if drawn < 0.14:
        text = f"{words.label(rng, locale.key)} {text}"
    elif drawn < 0.2:
        with_number = rng.random() < 0.2 and any(char.isalpha() for char in text)
        before = words.number(rng, locale.key) if with_number else ""
        text = f"{words.phrase(rng, locale.key, 6)} {before}, {text}"
    elif drawn < 0.23:
        text = f"{text} {words.phrase(rng, locale.key, 4)}"
    elif drawn < 0.27:
        text = (
            f"{words.phrase(rng, locale.key, 4)} {words.label(rng, locale.key)} {text}"
            f"{rng.choice((', ', ' ', '. '))}{words.phrase(rng, locale.key, 4)}"
        )
    elif drawn < 0.29:
        text = f"{text} {rng.randrange(24):02d}:{rng.randrange(60):02d}"
    return text


@cache
def _patterns(key: str, unseen: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Patterns with a month's name or sign, and of digits alone."""
    locale = next(each for each in all_locales() if each.key == key)
    chosen = locale.unseen if unseen else locale.trained
    numeric = tuple(p for p in chosen if _is_numeric(p))
    worded = tuple(p for p in chosen if not _is_numeric(p))
    return worded or numeric, numeric or worded


def _is_numeric(pattern: str) -> bool:
    return not ("MMM" in pattern or "LLL" in pattern or "月" in pattern or "월" in pattern)


class OtherTexts:
    """Texts without a possible, complete date of the years 1900 to 2099."""

    def example(self, rng: random.Random, locale: DateLocale) -> Example:
        """A text with nothing to find."""
        if rng.random() < 0.5:
            text = rng.choices(_NEARLY, _NEARLY_WEIGHTS)[0](rng, locale)
        else:
            text = rng.choices(_FAR, _FAR_WEIGHTS)[0](rng, locale)
            while numeric_readings(normalized(text)):
                text = rng.choices(_FAR, _FAR_WEIGHTS)[0](rng, locale)
        if rng.random() < 0.2:
            text = _in_context(rng, locale, text)
        # What only the locale makes impossible is told with it.
        is_known = rng.random() < 0.5 or numeric_readings(normalized(text))
        return Example(text, locale.key, None, locale.key if is_known else None)


def _impossible(rng: random.Random, locale: DateLocale) -> str:
    pattern = rng.choice(_patterns(locale.key, False)[rng.random() < 0.5])
    if not _is_numeric(pattern):
        pattern = pattern.replace("yy", "y")  # else "46 May 28" could be of 1946
    year = rng.choice(SHORT_YEARS) if "yy" in pattern else rng.randint(FIRST_YEAR, LAST_YEAR)
    month, drawn = rng.randint(1, 12), rng.random()
    last = calendar.monthrange(year, month)[1]
    if drawn < 0.5 and last < 31:
        day = rng.randint(last + 1, 31)
    elif drawn < 0.8 and _is_numeric(pattern):
        # Both numbers must be beyond twelve, or the other order makes sense of them.
        month, day = rng.randint(13, 45), rng.randint(13, 45)
    else:
        day = rng.choice((0, rng.randint(32, 99)))
    text = rendered(rng, locale, pattern, day, month, year, rng.randrange(7))
    return with_habits(rng, locale, text)


_INCOMPLETE = (
    "MMMM y", "MMM y", "MM/y", "M.y", "y-MM", "d MMMM", "MMMM d", "d MMM", "d. MMM", "dd.MM.",
    "d/M", "y", "MMMM", "EEEE", "E d", "EEEE, d. MMMM", "M-y", "y/M", "MMMM yy", "E, MMM d",
    "d MMM E", "EEEE y",
)  # fmt: skip
_HAN = 2 * ("y年M月", "M月d日", "y年", "M月", "d日", "M月d日(E)")
_HANGUL = ("y년 M월", "M월 d일", "y년", "M월", "d일", "M월 d일 (E)")
_INCOMPLETE_SIGNS = {"ja": _HAN, "zh": _HAN, "ko": _HANGUL}


def _incomplete(rng: random.Random, locale: DateLocale) -> str:
    """A month and its year, a day and its month, or less."""
    month, year = rng.randint(1, 12), rng.randint(FIRST_YEAR, LAST_YEAR)
    shapes = _INCOMPLETE + _INCOMPLETE_SIGNS.get(locale.key, ())
    pattern = rng.choice(shapes)
    text = rendered(rng, locale, pattern, rng.randint(1, 28), month, year, rng.randrange(7))
    return with_habits(rng, locale, text)


def _out_of_range(rng: random.Random, locale: DateLocale) -> str:
    shapes = [p for p in _patterns(locale.key, False)[rng.random() < 0.5] if "yy" not in p]
    pattern = rng.choice(shapes)
    year = rng.choice((rng.randint(1000, FIRST_YEAR - 1), rng.randint(LAST_YEAR + 1, 9999)))
    if rng.random() < 0.4:
        year = rng.choice((rng.randint(1700, 1899), rng.randint(2100, 2300), rng.randint(100, 999)))
    text = rendered(
        rng, locale, pattern, rng.randint(1, 28), rng.randint(1, 12), year, rng.randrange(7)
    )
    return with_habits(rng, locale, text)


def _words(rng: random.Random, locale: DateLocale) -> str:
    return words.phrase(rng, locale.key, 8)


def _number(rng: random.Random, locale: DateLocale) -> str:
    return words.number(rng, locale.key)


def _sentence(rng: random.Random, locale: DateLocale) -> str:
    """Words with numbers, times and names of months between them."""
    parts = []
    for _ in range(rng.randint(1, 3)):
        parts.append(words.phrase(rng, locale.key, 4))
        if rng.random() < 0.75:
            parts.append(words.number(rng, locale.key))
        if rng.random() < 0.2:
            parts.append(rng.choice(locale.months[rng.choice((3, 4))][rng.randrange(12)]))
        if rng.random() < 0.1:
            parts.append(str(rng.randint(FIRST_YEAR, LAST_YEAR)))
    if rng.random() < 0.3:
        rng.shuffle(parts)
    return " ".join(parts)


def _counts(rng: random.Random, locale: DateLocale) -> str:
    """Words with small numbers and years between them, as many as a date has or more."""
    parts = [words.phrase(rng, locale.key, 2)] if rng.random() < 0.7 else []
    for _ in range(rng.randint(2, 4)):
        numbers = (
            rng.randint(0, 12),
            rng.randint(0, 31),
            rng.randint(0, 99),
            rng.randint(1900, 2099),
        )
        parts.append(f"{rng.choice(numbers)} {words.phrase(rng, locale.key, 2)}")
    return rng.choice((" ", ", ")).join(parts)


def _junk(rng: random.Random, locale: DateLocale) -> str:
    alphabet = rng.choice(("0123456789 ./-", "abcdefghijklmnopqrstuvwxyz 0123456789", "?!.,-_ 019"))
    return "".join(rng.choices(alphabet, k=rng.randint(1, 20)))


_NEARLY = (_impossible, _incomplete, _out_of_range)
_NEARLY_WEIGHTS = (5, 3, 2)
_FAR = (_words, _number, _sentence, _counts, _junk)
_FAR_WEIGHTS = (1, 3, 3, 3, 1)
