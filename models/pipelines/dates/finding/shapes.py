"""Numbers and months of a text that belong together as a date, and dates that share some."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.pipelines.dates.finding.elements import GREGORIAN, Element, Scan
from models.pipelines.dates.text.connectors import is_range

_WIDEST_GAP = 24
"""Characters between two parts of one date, such as "de", "of the year" or a weekday."""
_APART = re.compile(r"[;|!?=]")
_YEARS_OF = {
    "islamic-umalqura": range(1200, 1600), "persian": range(1200, 1600),
    "hebrew": range(5000, 6100), "indian": range(1300, 2200), "ethiopic": range(1700, 2200),
    "coptic": range(1500, 1900), "french-republican": range(1, 300),
    "thai": range(1000, 3000),
}  # fmt: skip
"""Years without a mark that months of other calendars are taken for months with."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Day, month and year of one date. Numbers without names may change their places."""

    day: Element
    month: Element
    year: Element
    start: int
    end: int
    separator: str | None = None
    """Sign between the parts of an all-numeric date, given in the order they are written in: the
    first as `day`. None where a name or a sign tells the month."""
    shared: bool = False
    """Whether a part of it stands elsewhere, as the year of 3 May in "3 May to 9 July 1987"."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to read some neighboring elements."""

    first: int
    last: int
    """Indices of elements, both included."""
    score: int
    parts: tuple[Parts, ...]


@dataclass(frozen=True, slots=True)
class _Pattern:
    roles: str
    """"d", "m" or "y" for each element."""
    dates: tuple[tuple[int, int, int], ...]
    """Positions of day, month and year of each date."""
    ranges: tuple[int, ...] = ()
    """Gaps in which a word or sign for a range has to stand."""
    preferred: int = 0


_PATTERNS = (
    _Pattern("dmy", ((0, 1, 2),), preferred=5),
    _Pattern("mdy", ((1, 0, 2),), preferred=5),
    _Pattern("ymd", ((2, 1, 0),), preferred=4),
    _Pattern("ydm", ((1, 2, 0),), preferred=-100),
    _Pattern("myd", ((2, 0, 1),), preferred=-100),
    _Pattern("ddmy", ((0, 2, 3), (1, 2, 3)), (0,)),
    _Pattern("mddy", ((1, 0, 3), (2, 0, 3)), (1,)),
    _Pattern("dmdmy", ((0, 1, 4), (2, 3, 4)), (1,)),
    _Pattern("mdmdy", ((1, 0, 4), (3, 2, 4)), (1,)),
    _Pattern("ymdd", ((2, 1, 0), (3, 1, 0)), (2,)),
    _Pattern("ymdmd", ((2, 1, 0), (4, 3, 0)), (2,)),
)
_PER_DATE, _WHOLE_YEAR = 1000, 50
PER_ELEMENT = 30
"""Points that a date's score gains by each number and name that it explains."""


def named_shapes(scan: Scan) -> Iterator[Shape]:
    """Every way to read neighboring elements as dates whose month has a name or a sign."""
    for first in range(len(scan.elements)):
        for pattern in _PATTERNS:
            part = scan.elements[first : first + len(pattern.roles)]
            if len(part) == len(pattern.roles):
                shape = _shape(scan, first, part, pattern)
                if shape:
                    yield shape


def _shape(scan: Scan, first: int, part: Sequence[Element], pattern: _Pattern) -> Shape | None:
    by_role = {role: [e for e, r in zip(part, pattern.roles, strict=True) if r == role]
               for role in "dmy"}  # fmt: skip
    if not (
        all(map(_is_month, by_role["m"]))
        and all(_is_day(e, by_role["m"][0]) for e in by_role["d"])
        and _is_year(by_role["y"][0], by_role["m"][0])
    ):
        return None
    gaps = [scan.gap(i) for i in range(first, first + len(part) - 1)]
    narrow = 3 if pattern.roles in ("ydm", "myd") else _WIDEST_GAP
    if any(len(gap) > narrow or _APART.search(gap) for gap in gaps):
        return None
    if not all(is_range(gaps[i]) for i in pattern.ranges):
        return None
    dates = [(part[d], part[m], part[y]) for d, m, y in pattern.dates]
    if len(dates) == 2 and not _in_order(*dates):
        return None
    several = len(dates) > 1
    parts = tuple(
        Parts(*date, min(e.start for e in date), max(e.end for e in date), shared=several)
        for date in dates
    )
    year = by_role["y"][0]
    whole = _WHOLE_YEAR * (year.digits == 4 or year.mark is not None or year.sign == "y")
    score = _PER_DATE * len(dates) + PER_ELEMENT * len(part) + whole + pattern.preferred
    score -= min(20, sum(map(len, gaps)))
    return Shape(first, first + len(part) - 1, score, parts)


def _is_month(element: Element) -> bool:
    return element.is_month or element.sign == "m"


def _is_day(element: Element, month: Element) -> bool:
    if element.is_month or element.mark or not 1 <= element.value <= 31:
        return False
    if element.sign in ("y", "m") or element.digits > 2:
        return False
    return element.sign == "d" or element.digits > 0


def _is_year(element: Element, month: Element) -> bool:
    if element.is_month or element.sign in ("m", "d"):
        return False
    if element.mark and element.mark.calendar != GREGORIAN:
        return element.digits <= 4
    known = _YEARS_OF.get(month.calendar)
    if known:
        return element.value in known or (month.calendar == "thai" and element.digits == 2)
    if element.digits:
        return element.digits in (2, 4) or (element.sign == "y" and element.digits < 4)
    return element.sign == "y" and element.value > 0


def _in_order(
    first: tuple[Element, Element, Element], second: tuple[Element, Element, Element]
) -> bool:
    return (_number(first[1]), first[0].value) < (_number(second[1]), second[0].value)


def _number(month: Element) -> int:
    return month.value or min(month.months, default=0)


def chosen_shapes(shapes: Sequence[Shape], elements: int) -> list[Shape]:
    """Shapes that share no element, with the greatest sum of scores; most dates come first."""
    ending: dict[int, list[Shape]] = {}
    for shape in shapes:
        ending.setdefault(shape.last, []).append(shape)
    best: list[tuple[int, Shape | None]] = [(0, None)]
    for i in range(elements):
        top: tuple[int, Shape | None] = (best[i][0], None)
        for shape in ending.get(i, ()):
            score = best[shape.first][0] + shape.score
            if score > top[0]:
                top = (score, shape)
        best.append(top)
    found: list[Shape] = []
    i = elements
    while i > 0:
        chosen = best[i][1]
        if chosen:
            found.append(chosen)
        i = chosen.first if chosen else i - 1
    return found[::-1]
