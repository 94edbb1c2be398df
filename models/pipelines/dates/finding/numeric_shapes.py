"""Dates of digits alone, ranges of them, and eight digits in a row."""

import re
from collections.abc import Iterator

from models.pipelines.dates.finding.elements import Element, Scan
from models.pipelines.dates.finding.shapes import PER_ELEMENT, Parts, Shape
from models.pipelines.dates.text.connectors import is_range
from models.pipelines.dates.text.forms import FIRST_YEAR, LAST_YEAR, numeric_readings

_SEPARATOR = re.compile(r"\s*([./・·-])\s*|\s")
_COMPACT_DIGITS = 8
_SCORE, _WHOLE_YEAR = 1000, 50
_GOES_ON = re.compile(r"[\d:]|[.,/]\d|-\w")
_BEGAN = re.compile(r"\d[.,:/-]$|\d$")
_ANOTHER_AFTER = re.compile(r"\s\d{1,4}(?![\d:])")
_ANOTHER_BEFORE = re.compile(r"\d\s$")
_AFTER_TIME = re.compile(r"\d:\d{2}(?:\.\d+)?\s?[/-]$")
_DASH = re.compile(r"\s?[-/]\s?")


def numeric_shapes(scan: Scan) -> Iterator[Shape]:
    """Every way to read numbers as all-numeric dates."""
    elements = scan.elements
    triples: dict[int, Parts] = {}
    for i in range(len(elements) - 2):
        parts = _triple(scan, i)
        if parts:
            triples[i] = parts
    for i, parts in triples.items():
        if _stands_alone(scan, i, triples):
            yield Shape(i, i + 2, _score(parts, 1), (parts,))
        if i - 3 not in triples:
            yield from _shared_before(scan, i, parts)
        yield from _shared_after(scan, i, parts, triples)
    for i, element in enumerate(elements):
        if element.digits == _COMPACT_DIGITS and numeric_readings(element.text):
            parts = Parts(element, element, element, element.start, element.end, "")
            yield Shape(i, i, _SCORE + PER_ELEMENT, (parts,))


def _triple(scan: Scan, i: int) -> Parts | None:
    part = scan.elements[i : i + 3]
    if any(e.is_month or e.sign in ("m", "d") or (not e.digits and not e.mark) for e in part):
        return None
    separators = [_separator(scan, i), _separator(scan, i + 1)]
    separator = separators[0]
    if separator is None or separators[1] != separator:
        return None
    first, second, third = part
    parts = Parts(first, second, third, first.start, third.end, separator)
    if second.digits > 2 or not _is_dated(parts):
        return None
    if separator == " " and not _whole(parts) and _is_part(scan.text, parts):
        return None
    return parts


def _separator(scan: Scan, i: int) -> str | None:
    gap = scan.gap(i)
    if scan.elements[i].sign == "y":
        return None
    match = _SEPARATOR.fullmatch(gap)
    return (match[1] or " ") if match else None


def _is_dated(parts: Parts) -> bool:
    """Whether three numbers can be a date of some calendar, even an impossible day."""
    first, second, third = parts.day, parts.month, parts.year
    if numeric_readings(numeric_text(parts)):
        return True
    marked = [e for e in (first, third) if e.mark]
    others = [e for e in (first, second, third) if e not in marked]
    if len(marked) == 1 and all(0 < e.digits <= 2 for e in others):
        return True
    if parts.separator == " ":
        return False
    lengths = (first.digits, second.digits, third.digits)
    whole = (lengths[0] <= 2 and lengths[2] == 4) or (lengths[0] == 4 and lengths[2] <= 2)
    small = [e.value for e in (first, second, third) if e.digits <= 2]
    if not whole or not all(0 <= value <= 31 for value in small):
        return False
    year = first if lengths[0] == 4 else third
    return year.value >= 1000 and (
        min(small) > 0 or FIRST_YEAR <= year.value <= LAST_YEAR or parts.separator != "."
    )


def numeric_text(parts: Parts) -> str:
    """The date in digits, as a reader of the network is given it."""
    sign = parts.separator or " "
    return sign.join(e.text for e in (parts.day, parts.month, parts.year))


def _whole(parts: Parts) -> bool:
    return 4 in (parts.day.digits, parts.year.digits)


def _is_part(text: str, parts: Parts) -> bool:
    """Whether numbers with spaces between them go on, as those of a telephone do."""
    before, after = text[: parts.start], text[parts.end :]
    return bool(_ANOTHER_BEFORE.search(before) or _ANOTHER_AFTER.match(after))


def _stands_alone(scan: Scan, i: int, triples: dict[int, Parts]) -> bool:
    """Whether no digits go on at either side, but those of another date after a dash."""
    text, parts = scan.text, triples[i]
    if parts.separator == " " and _is_part(text, parts):
        return (i + 3 in triples or i - 3 in triples) and _whole(parts)
    after = triples.get(i + 3)
    before = triples.get(i - 3)
    open_end = bool(_GOES_ON.match(text, parts.end)) and not (
        after and _DASH.fullmatch(text, parts.end, after.start)
    )
    begun = _has_begun(text[: parts.start]) and not (
        before and _DASH.fullmatch(text, before.end, parts.start)
    )
    return not open_end and not begun


def _has_begun(text: str) -> bool:
    """Whether digits go on after a text that ends in others, which are no time of day."""
    return bool(_BEGAN.search(text)) and not _AFTER_TIME.search(text)


def _shared_before(scan: Scan, i: int, parts: Parts) -> Iterator[Shape]:
    """3.-5.5.1987 and 03.05.-09.07.1987."""
    elements = scan.elements
    day, month, year = parts.day, parts.month, parts.year
    if _GOES_ON.match(scan.text, parts.end) or year.digits not in (2, 4) or day.digits > 2:
        return
    if i >= 2 and _small(elements[i - 2], elements[i - 1]) and is_range(scan.gap(i - 1)):
        first, second = elements[i - 2], elements[i - 1]
        gap = _separator(scan, i - 2)
        if gap == parts.separator and gap != " ":
            other = Parts(first, second, year, first.start, parts.end, gap, shared=True)
            yield _pair(i - 2, i + 2, other, parts)
    if i >= 1 and _small(elements[i - 1]) and is_range(scan.gap(i - 1)):
        first = elements[i - 1]
        alike = scan.gap(i - 1).strip() == parts.separator or parts.separator == " "
        if not alike and first.value < day.value and not _BEGAN.search(scan.text[: first.start]):
            other = Parts(first, month, year, first.start, parts.end, parts.separator, True)
            yield _pair(i - 1, i + 2, other, parts)


def _shared_after(scan: Scan, i: int, parts: Parts, triples: dict[int, Parts]) -> Iterator[Shape]:
    """1987/5/3~5/9 and 1987.5.3-5."""
    elements, year = scan.elements, parts.day
    if year.digits != 4 and not year.mark:
        return
    if i + 3 in triples or i + 3 >= len(elements) or not is_range(scan.gap(i + 2)):
        return
    if scan.gap(i + 2).strip(" .") == parts.separator:
        return
    last = elements[i + 3]
    if i + 4 < len(elements) and _small(last, elements[i + 4]):
        end = elements[i + 4]
        if _separator(scan, i + 3) == parts.separator and not _GOES_ON.match(scan.text, end.end):
            other = Parts(year, last, end, parts.start, end.end, parts.separator, True)
            yield _pair(i, i + 4, parts, other)
            return
    if _small(last) and last.value > parts.year.value and not _GOES_ON.match(scan.text, last.end):
        other = Parts(year, parts.month, last, parts.start, last.end, parts.separator, True)
        yield _pair(i, i + 3, parts, other)


def _pair(first: int, last: int, one: Parts, other: Parts) -> Shape:
    score = _score(one, 2) + PER_ELEMENT * (last - first - 3)
    return Shape(first, last, score, (one, other))


def _score(parts: Parts, dates: int) -> int:
    # Two whole dates explain more of a text than one of which another borrows a part.
    return dates * _SCORE + _WHOLE_YEAR * _whole(parts) + PER_ELEMENT * (2 + dates)


def _small(*elements: Element) -> bool:
    return all(0 < e.digits <= 2 and e.sign is None and not e.mark for e in elements)
