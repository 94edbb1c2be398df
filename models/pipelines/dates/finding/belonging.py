"""Marks of calendars, each with the date that it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.pipelines.dates.finding.elements import GREGORIAN, Scan
from models.pipelines.dates.finding.marks import Mark
from models.pipelines.dates.finding.shapes import Parts
from models.pipelines.dates.text.connectors import is_range

_SHORT_YEARS = ("japanese", "roc")
"""Calendars whose years have one to three digits."""
_BESIDE = re.compile(r"[\s.,:()/-]{0,3}(?:year\s|年)?")


@dataclass(frozen=True, slots=True)
class Belonging:
    """The marks of one date."""

    marks: tuple[Mark, ...]
    start: int
    end: int
    """End of the date with the marks that stand beside it."""
    apart: bool = False
    """Whether its only marks stand somewhere else in the text."""
    bare: bool = False
    """Whether its short year stands without the era that another date of the text has."""


def belongings(scan: Scan, dates: Sequence[Parts]) -> list[Belonging]:
    """The marks of each date: inside it, directly beside it, or nearest to it.

    A mark away from all dates counts for the nearest one, if it is of those that may stand
    anywhere, or if that date has no year of four digits and could be of the mark's era.
    """
    beside: list[list[Mark]] = [[] for _ in dates]
    apart: list[list[Mark]] = [[] for _ in dates]
    for mark in scan.marks:
        owners = _owners(scan.text, mark, dates)
        for i in owners:
            beside[i].append(mark)
        if owners:
            continue
        near = _nearest(mark, dates)
        if near is None or mark.calendar == GREGORIAN:
            continue
        if mark.side == "anywhere" or (not _has_whole_year(dates[near]) and len(mark.text) > 1):
            apart[near].append(mark)
    found = [_belonging(*three) for three in zip(dates, beside, apart, strict=True)]
    return _with_eras_before(scan.text, dates, found)


def _with_eras_before(
    text: str, dates: Sequence[Parts], found: Sequence[Belonging]
) -> list[Belonging]:
    """Eras go on to the end of a range: 昭和62年5月3日〜64年1月7日.

    Any other short year in a text with an era of short years stays without a meaning.
    """
    whole = list(found)
    eras = any(mark.calendar in _SHORT_YEARS for each in found for mark in each.marks)
    for i, parts in enumerate(dates):
        if (
            not eras
            or found[i].marks
            or _has_whole_year(parts)
            or parts.month.calendar != GREGORIAN
        ):
            continue
        before = whole[i - 1] if i else None
        marks = [m for m in before.marks if m.calendar in _SHORT_YEARS] if before else []
        if marks and before and is_range(text[before.end : parts.start]):
            whole[i] = replace(found[i], marks=tuple(marks))
        else:
            whole[i] = replace(found[i], bare=True)
    return whole


def _belonging(parts: Parts, beside: list[Mark], apart: list[Mark]) -> Belonging:
    joined = [m for m in beside if m.calendar != GREGORIAN]
    start = min([parts.start, *(m.start for m in joined)])
    end = max([parts.end, *(m.end for m in joined)])
    return Belonging((*beside, *apart), start, end, apart=bool(apart) and not joined)


def _owners(text: str, mark: Mark, dates: Sequence[Parts]) -> list[int]:
    """Dates that a mark is about: of one at a year that two dates share, both."""
    sharing = [
        i
        for i, parts in enumerate(dates)
        if any(e.mark is mark for e in (parts.day, parts.month, parts.year))
    ]
    inside = [i for i, p in enumerate(dates) if p.start <= mark.start and mark.end <= p.end]
    if sharing or inside:
        return sharing or inside[:1]
    before = [i for i, p in enumerate(dates)
              if p.end <= mark.start and _BESIDE.fullmatch(text, p.end, mark.start)]  # fmt: skip
    after = [i for i, p in enumerate(dates)
             if mark.end <= p.start and _BESIDE.fullmatch(text, mark.end, p.start)]  # fmt: skip
    if mark.side == "before":
        before = []
    if mark.side == "after":
        after = []
    return [*before, *after][:1]


def _nearest(mark: Mark, dates: Sequence[Parts]) -> int | None:
    def distance(i: int) -> int:
        return max(dates[i].start - mark.end, mark.start - dates[i].end)

    return min(range(len(dates)), key=distance, default=None)


def _has_whole_year(parts: Parts) -> bool:
    return any(e.digits >= 4 or (e.sign == "y" and e.value > 999) for e in (parts.day, parts.year))
