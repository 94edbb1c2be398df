"""The numbers and months of a text, in their order, with their places."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from models.pipelines.dates.finding.marks import Mark, marks_in
from models.pipelines.dates.text.forms import LONG_NAME, is_slip
from models.pipelines.dates.text.month_names import OTHER_MONTHS, likened
from models.pipelines.dates.text.normalization import PlacedText
from models.pipelines.dates.text.numerals import SIGNS, chinese_number

Months = Sequence[Sequence[str]]
"""Normalized names of the twelve Gregorian months in all languages of the network."""
GREGORIAN = "gregorian"
_LONGEST_NUMBER = 20
"""Characters; what is longer is no part of a date, and its value does not matter."""
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?![\d:])")
_NUMBER = re.compile(rf"\d+|[{SIGNS}]+(?=\s?[年月日號号])")
_SIGNS = {"年": "y", "년": "y", "月": "m", "월": "m", "日": "d", "號": "d", "号": "d", "일": "d"}
_SIGN = re.compile(rf"\s?([{''.join(_SIGNS)}])")
_WORD = re.compile(r"[^\d\s.,;:/()\[\]'\"’‘“”«»–—〜~、，。،\-]+")
_OTHER_MONTH = re.compile(
    r"(?<![^\W\d_])(?:"
    + "|".join(map(re.escape, sorted(OTHER_MONTHS, key=len, reverse=True)))
    + r")(?![^\W\d_])"
)
_AFTER_MARK = re.compile(r"[\s.:,(-]{0,3}(?:year\s|anno\s|年\s?)?")
_BEFORE_MARK = re.compile(r"\s?[年년]?[\s,.(]{0,3}")
_GLOSS = re.compile(r"[年년]?\s?[(\[/]\s?")
_BOTH_NAMES = re.compile(r"\.?\s?[/(]\s?|\.?\s?-\s?")
_NUMERIC_GAP = re.compile(r"\s?[./-]\s?|\s")
_GLOSS_END = re.compile(r"\s?[年년]?\s?[)\]]\s?([年년])?")


@dataclass(frozen=True, slots=True)
class Element:
    """A number or a month's name."""

    start: int
    end: int
    """End, after the sign for year, month or day if there is one."""
    text: str
    value: int
    """Value of a number; of a month that has one meaning alone, its number; else 0."""
    digits: int
    """Number of digits; 0 for numbers in Chinese characters and for names."""
    sign: Literal["y", "m", "d"] | None = None
    months: frozenset[int] = frozenset()
    """Months that a name may mean; empty for numbers."""
    calendar: str = GREGORIAN
    """Calendar of a month's name; "thai" are the Gregorian months in Thai."""
    mark: Mark | None = None
    """Mark by which a number is a year."""
    gloss: int | None = None
    """The Western year that stands in brackets beside a marked one."""
    joined: bool = False
    """Whether a month stands there in two languages, of which `text` is the first."""

    @property
    def is_month(self) -> bool:
        return bool(self.months)


@dataclass(frozen=True, slots=True)
class Scan:
    """A text cut into what dates consist of."""

    placed: PlacedText
    elements: Sequence[Element]
    marks: Sequence[Mark]

    @property
    def text(self) -> str:
        """Normalized."""
        return self.placed.text

    def gap(self, i: int) -> str:
        """Text between element i and the next, without marks."""
        start, end = self.elements[i].end, self.elements[i + 1].start
        kept = list(self.text[start:end])
        for mark in self.marks:
            if start <= mark.start and mark.end <= end:
                kept[mark.start - start : mark.end - start] = [""] * (mark.end - mark.start)
        return "".join(kept)


def scanned(placed: PlacedText, months: Months) -> Scan:
    """The elements and marks of a text."""
    text, marks = placed.text, marks_in(placed)
    found = [*_numbers(text), *_month_names(text, months)]
    elements = sorted(found, key=lambda element: element.start)
    elements = _without_weekdays(text, _with_both_names(text, elements))
    elements = _with_marks(text, elements, marks)
    return Scan(placed, _with_glosses(text, elements, marks), marks)


def _numbers(text: str) -> Iterator[Element]:
    times = [match.span() for match in _TIME.finditer(text)]
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if any(first <= start < last for first, last in times):
            continue
        sign = _SIGN.match(text, end)
        if len(match[0]) > _LONGEST_NUMBER:
            value: int | None = 0
        else:
            value = int(match[0]) if match[0].isdigit() else chinese_number(match[0])
        if value is None:
            continue
        yield Element(
            start,
            sign.end() if sign else end,
            match[0],
            value,
            len(match[0]) if match[0].isdigit() else 0,
            _SIGNS[sign[1]] if sign else None,  # type: ignore[arg-type]
        )


def _month_names(text: str, months: Months) -> Iterator[Element]:
    taken: list[tuple[int, int]] = []
    for match in _OTHER_MONTH.finditer(likened(text)):
        calendar, number = OTHER_MONTHS[match[0]]
        taken.append(match.span())
        yield Element(*match.span(), match[0], number, 0, None, frozenset({number}), calendar)
    known = tuple(tuple(names) for names in months)
    for match in _WORD.finditer(text):
        start, end = match.span()
        if any(first < end and start < last for first, last in taken):
            continue
        glued = text[start - 1 : start].isdigit() or text[end : end + 1].isdigit()
        place = _month_of(match[0], glued, known)
        if place:
            first, last, numbers = place
            only = min(numbers) if len(numbers) == 1 else 0
            name = match[0][first:last]
            yield Element(start + first, start + last, name, only, 0, None, numbers)


@lru_cache(maxsize=20_000)
def _month_of(
    word: str, glued: bool, months: tuple[tuple[str, ...], ...]
) -> tuple[int, int, frozenset[int]] | None:
    """Place of a month in a word, and which month it is.

    The word is a name, or one with a slip, or it begins with a long name; a word without a space
    to a number may hold one anywhere. Names of Chinese numbers are left to `_numbers`.
    """
    names = {name: i for i, forms in enumerate(months, 1) for name in forms if name[-1] != "月"}
    if word in names:
        return 0, len(word), frozenset({names[word]})
    if len(word) >= LONG_NAME - 1:
        slips = {i for name, i in names.items() if len(name) >= LONG_NAME and is_slip(word, name)}
        if slips:
            return 0, len(word), frozenset(slips)
    held = [n for n in names if (n in word if glued else len(n) > 3 and word.startswith(n))]
    if not held:
        return None
    name = max(held, key=len)
    first = word.index(name)
    return first, first + len(name), frozenset({names[name]})


def _with_both_names(text: str, elements: Sequence[Element]) -> list[Element]:
    """Joins the name of one month in two languages, as in 12 MAR/MARS 2016."""
    found: list[Element] = []
    for element in elements:
        last = found[-1] if found else None
        both = last.months & element.months if last else frozenset()
        if last and both and _BOTH_NAMES.fullmatch(text, last.end, element.start):
            only = min(both) if len(both) == 1 else 0
            found[-1] = replace(last, end=element.end, value=only, months=both, joined=True)
        else:
            found.append(element)
    return found


def _without_weekdays(text: str, elements: Sequence[Element]) -> list[Element]:
    """Takes signs from the last number of 1956/6/24 일, where they are days of the week.

    月 and 日 stand for Monday and Sunday as well, and begin words.
    """
    found = list(elements)
    for i in range(2, len(found)):
        first, second, third = found[i - 2 : i + 1]
        gaps = {text[first.end : second.start], text[second.end : third.start]}
        numeric = len(gaps) == 1 and _NUMERIC_GAP.fullmatch(gaps.pop())
        if third.sign and numeric and not (first.sign or second.sign) and third.digits:
            found[i] = replace(third, sign=None, end=third.start + len(third.text))
    return found


def _with_marks(text: str, elements: Sequence[Element], marks: Sequence[Mark]) -> list[Element]:
    """Numbers directly beside a mark of an era become its years."""
    found = list(elements)
    for mark in marks:
        if mark.side == "anywhere":
            continue
        i = _marked(text, found, mark)
        if i is not None and found[i].mark is None:
            found[i] = replace(found[i], mark=mark)
    return found


def _marked(text: str, elements: Sequence[Element], mark: Mark) -> int | None:
    after = before = None
    for i, element in enumerate(elements):
        if element.is_month or element.sign in ("m", "d"):
            continue
        if mark.end <= element.start and _AFTER_MARK.fullmatch(text, mark.end, element.start):
            after = i
        end = element.end - (element.sign == "y")
        if end <= mark.start and _BEFORE_MARK.fullmatch(text, end, mark.start):
            before = i
    if mark.side == "before":
        return after
    if mark.side == "after":
        return before
    # A number of four digits is a year; one of one or two may be a day.
    if before is not None and (elements[before].digits > 2 or after is None):
        return before
    return after


def _with_glosses(text: str, elements: Sequence[Element], marks: Sequence[Mark]) -> list[Element]:
    """Joins 昭和62年(1987年) and 1987(昭和62)年 into one year."""
    found: list[Element] = []
    for element in elements:
        joined = found and _joined(text, found[-1], element, marks)
        if joined:
            found[-1] = joined
        else:
            found.append(element)
    return found


def _joined(text: str, first: Element, second: Element, marks: Sequence[Mark]) -> Element | None:
    marked = [e for e in (first, second) if e.mark and e.mark.calendar != GREGORIAN]
    plain = [e for e in (first, second) if e not in marked and e.digits == 4 and not e.is_month]
    end = _GLOSS_END.match(text, second.end)
    if len(marked) != 1 or len(plain) != 1 or end is None:
        return None
    start = first.end - (first.sign == "y")
    between = text[start : second.start]
    for mark in marks:
        if start <= mark.start and mark.end <= second.start:
            between = between.replace(text[mark.start : mark.end], "")
    if not _GLOSS.fullmatch(between.replace(" ", "")):
        return None
    year = marked[0]
    sign: Literal["y"] | None = "y" if "y" in (first.sign, second.sign) or end[1] else None
    return replace(year, start=first.start, end=end.end(), sign=sign, gloss=plain[0].value)
