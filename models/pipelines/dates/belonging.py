"""Which marks of calendars are about which date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.pipelines.dates.elements import GREGORIAN, Scan
from models.pipelines.dates.marks import Mark
from models.pipelines.dates.shapes import Parts

_BESIDE = re.compile(r"[\s.,:()/-]{0,3}(?:year\s|年)?")


@dataclass(frozen=True, slots=True)
class Belonging:
    """The marks of one date."""

    marks: tuple[Mark, ...]
    start: int
    end: int
    """Of the date with the marks that stand beside it."""
    apart: bool = False
    """Whether its only marks stand somewhere else in the text."""


def belongings(scan: Scan, dates: Sequence[Parts]) -> list[Belonging]:
    """The marks of each date: inside it, directly beside it, or nearest to it.

    A mark away from all dates counts for the nearest one, if it is of those that may stand
    anywhere, or if that date has no year of four digits and could be of the mark's era.
    """
    beside: list[list[Mark]] = [[] for _ in dates]
    apart: list[list[Mark]] = [[] for _ in dates]
    for mark in scan.marks:
        i = _owner(scan.text, mark, dates)
        if i is not None:
            beside[i].append(mark)
            continue
        near = _nearest(mark, dates)
        if near is None or mark.calendar == GREGORIAN:
            continue
        if mark.side == "anywhere" or (not _has_whole_year(dates[near]) and len(mark.text) > 1):
            apart[near].append(mark)
    return [_belonging(scan.text, *three) for three in zip(dates, beside, apart, strict=True)]


def _belonging(text: str, parts: Parts, beside: list[Mark], apart: list[Mark]) -> Belonging:
    joined = [m for m in beside if m.calendar != GREGORIAN]
    start = min([parts.start, *(m.start for m in joined)])
    end = max([parts.end, *(m.end for m in joined)])
    return Belonging((*beside, *apart), start, end, apart=bool(apart) and not joined)


def _owner(text: str, mark: Mark, dates: Sequence[Parts]) -> int | None:
    for i, parts in enumerate(dates):
        if any(e.mark is mark for e in (parts.day, parts.month, parts.year)):
            return i
        if parts.start <= mark.start and mark.end <= parts.end:
            return i
    before = [i for i, p in enumerate(dates)
              if p.end <= mark.start and _BESIDE.fullmatch(text, p.end, mark.start)]  # fmt: skip
    after = [i for i, p in enumerate(dates)
             if mark.end <= p.start and _BESIDE.fullmatch(text, mark.end, p.start)]  # fmt: skip
    if mark.side == "before":
        before = []
    if mark.side == "after":
        after = []
    return next(iter((*before, *after)), None)


def _nearest(mark: Mark, dates: Sequence[Parts]) -> int | None:
    def distance(i: int) -> int:
        return max(dates[i].start - mark.end, mark.start - dates[i].end)

    return min(range(len(dates)), key=distance, default=None)


def _has_whole_year(parts: Parts) -> bool:
    return any(e.digits >= 4 or (e.sign == "y" and e.value > 999) for e in (parts.day, parts.year))
