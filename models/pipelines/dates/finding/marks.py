"""Marks of the calendar that a year counts by: 昭和, 民國, พ.ศ., هـ, AH, "Old Style" and others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from models.pipelines.dates.text.forms import numeric_readings
from models.pipelines.dates.text.month_names import likened
from models.pipelines.dates.text.normalization import PlacedText, normalized

Side = Literal["before", "after", "either", "anywhere"]
"""Side on which a mark stands of the date or year that it is about."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in a normalized text."""

    start: int
    end: int
    text: str
    calendar: str
    """One of `Calendar`, "gregorian" too, or the name of one that is not supported."""
    era: str | None
    """Key of `JAPANESE_ERAS`."""
    side: Side
    unclear: bool = False
    """Whether it may be no mark at all, though the date would mean another day without it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    pattern: re.Pattern[str]
    calendar: str
    side: Side
    era: str | None = None
    capitals: bool = False
    """Whether it is a word of its own in small letters, such as "be" or "ah"."""
    letter: bool = False
    """Whether it is a mere letter, as in S62.5.3, which "R 4.5.6" looks like as well."""


_JAPANESE = (
    ("meiji", "明治", "明", "m"),
    ("taisho", "大正", "大", "t"),
    ("showa", "昭和", "昭", "s"),
    ("heisei", "平成", "平", "h"),
    ("reiwa", "令和", "令", "r"),
)
_LETTER_DATE = re.compile(
    r"\.?\s?(?:\d{1,2}|元)\s?(?:年|([./・-])\s?\d{1,2}\s?\1\s?\d{1,2}"
    r"(?!\d|\.\d|[/-](?!\s?[mtshr]?\.?\d{1,2}[./年-])))"
)
_KANJI = r"\u4e00-\u9fff"
_JAPANESE_LETTERS = rf"\u3040-\u30ff{_KANJI}"
_LETTERS_BEFORE = rf"(?<![^\W\d_{_JAPANESE_LETTERS}])"
_LETTERS_AFTER = rf"(?![^\W\d_{_JAPANESE_LETTERS}])"
"""Words of other scripts may stand beside Japanese without a space."""
_AFTER_LETTER = re.compile(
    r"\.?\s?\(?(\d{1,2}(?:\s?[./・-]\s?|\s)\d{1,2}(?:\s?[./・-]\s?|\s)\d{1,2}|\d{1,2}\)?\s?年)"
)
_PARTS_OF_WORDS = ("明", "大", "平")
_ALONE = re.compile(r"[mtshr][\d\s./元年月日-]+")
_JAPANESE_SCRIPT = re.compile(f"[{_JAPANESE_LETTERS}]")
_WORDS: tuple[tuple[str, Side, str], ...] = (
    # Of those that overlap the first counts.
    ("before-roc", "anywhere", "民國前|民国前|民前"),
    ("roc", "before", "中華民國|中华民国|民國|民国"),
    ("roc", "either", r"<republic of china(?: year)?>|<roc>|<r\.o\.c\.?>|<minguo(?: year)?>"),
    ("buddhist", "either", "พุทธศักราช|พ.?ศ.?(?=[^ก-ํ]|$)|佛曆|佛历|仏暦"),
    ("buddhist", "either", r"<b\. ?e\.>|<buddhist era>|<buddhist calendar>"),
    ("persian", "either", r"ه?ـ*جري ?شمسي|هجري ?خورشيدي|شمسي|خورشيدي|<هـ*[ .]*ش>|<ش>"),
    ("persian", "either", r"<solar hijri>|<jalali>|<shamsi>|<s\. ?h\.>|<a\. ?p\.>"
     "|<persian calendar>"),
    ("islamic-umalqura", "either", r"هجري ?قمري|هجريه?|للهجره|قمري|<هـ*[ .]*ق>|<هـ*>"),
    ("islamic-umalqura", "either",
     r"<anno hegirae>|<a\. ?h\.>|<hijriy?a?h?>|<hegira>|<hicri>|<islamic calendar>|<хиджры>"
     r"|回曆|回历|伊斯蘭曆|イスラム暦|ヒジュラ暦"),
    ("hebrew", "anywhere", r"<hebrew calendar>|<jewish calendar>|<anno mundi>|<לבריאת העולם>"),
    ("hebrew", "either", "<hebrew>"),
    ("indian", "anywhere", "<indian national calendar>|<saka (?:era|calendar|samvat)>"),
    ("indian", "either", "<saka>|<shaka>|शक संवत|शक|शके"),
    ("vikram-samvat", "anywhere", "<(?:vikram|bikram) sam[bv]at>|<samvat>|विक्रम संवत|संवत"),
    ("vikram-samvat", "either", r"<b\. ?s\.>|वि\. ?सं\.?"),
    ("bengali", "anywhere", "<bangla calendar>|<bengali calendar>|বঙ্গাব্দ"),
    ("ethiopic", "anywhere", "<ethiopian calendar>|<ethiopic calendar>|ዓመተ ምህረት"),
    ("ethiopic", "either", r"<ethiopian(?: date)?>|<e\. ?c\.>|ዓ\. ?ም\.?"),
    ("coptic", "anywhere", "<coptic calendar>|<anno martyrum>"),
    ("coptic", "either", "<coptic>"),
    ("juche", "either", "<juche>|주체|チュチェ"),
    ("juche", "before", r"主[體体](?=\s?\d)"),
    ("dangi", "either", "단기|단군기원|檀[紀纪]"),
    ("chinese-lunar", "anywhere",
     "음력|[陰阴]暦|[陰阴][曆历]|旧暦|舊曆|[農农][曆历]|夏[曆历]|<lunar calendar>|<am lich>"),
    ("chinese-lunar", "either", "<lunar>"),
    ("julian", "anywhere",
     r"<old style>|<o\. ?s\.>|<julian calendar>|<julianisch\w* kalender\w*>|<calendrier julien>"
     r"|ст\. ?ст\.?|старо\w+ стил\w+|<стар\w+ стил\w+>|<юлианск\w+(?: календар\w+)?>|ιουλιαν\w+"
     r"|παλαι\w+ ημερολογι\w+"),
    ("before-christ", "after",
     r"до н\. ?[эе]\.?|기원전|قبل الميلاد|ق\. ?م\.?|<v\. ?chr\.?>|<b\. ?c\.(?: ?e\.)?>"
     r"|<av\. ?j\.?-? ?c\.?>|<p\. ?n\. ?e\.>|<a\. ?c\.>|π\. ?χ\.?"),
    ("before-christ", "before", r"紀元前|公元前|西元前|기원전|ก่อนคริสต์\w*"),
    ("thai-other", "either", r"ร\. ?ศ\.?|รัตนโกสินทร์ศก|จ\. ?ศ\.?|จุลศักราช|ม\. ?ศ\.?"),
    ("imperial", "before",
     "皇紀|神武|康[德徳]|大同(?=[元〇-九0-9])|光[緒绪]|宣[統统]|同治|咸[豐丰]|道光|嘉[慶庆]|乾隆|雍正|康熙|[順顺]治|洪[憲宪]"
     r"|慶[応應]|元治|文久|万延|安政|嘉永|弘化|天保|文政|文化(?=\s?[元0-9一二三四五六七八九十]+\s?年)|享和|寛政"
     "|光武|隆熙|建陽|開國|開国|[黃黄]帝|道[曆历]|孔[曆历]|광무|융희|개국"),
    ("gregorian", "either",
     r"西暦|西[曆历]|公元|西元|公[曆历]|新暦|陽暦|[陽阳][曆历]|서기|양력|ค\. ?ศ\.?|คริสต์ศักราช"
     r"|ميلاديه?|<م>|<a\. ?d\.>"
     r"|<c\. ?e\.>|<n\. ?chr\.?>|<gregorian(?: calendar)?>|<g\. ?c\.>|<n\. ?s\.>|<new style>"),
)  # fmt: skip
_CAPITALS: tuple[tuple[str, Side, str], ...] = (
    ("buddhist", "either", "BE"),
    ("islamic-umalqura", "either", "AH"),
    ("persian", "after", "SH|AP"),
    ("ethiopic", "after", "EC"),
    ("vikram-samvat", "either", "BS"),
    ("julian", "after", "OS"),
    ("before-christ", "after", "BC|BCE"),
    ("gregorian", "either", "AD|CE|GC"),
)


def marks_in(placed: PlacedText) -> Sequence[Mark]:
    """All marks of a text in their order; none overlaps another."""
    text = likened(placed.text)
    found: list[Mark] = []
    taken = [False] * len(text)
    for kind in _kinds():
        for match in kind.pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            if kind.capitals and not placed.written(start, end).isupper():
                continue
            unclear = kind.letter and not _is_letter_date(text, start)
            if unclear and not _is_western(text, start):
                continue
            taken[start:end] = [True] * (end - start)
            found.append(Mark(start, end, match[0], kind.calendar, kind.era, kind.side, unclear))
    return sorted(found, key=lambda mark: mark.start)


def _is_letter_date(text: str, start: int) -> bool:
    """Whether a letter before numbers means an era: a year of one digit needs more than that.

    Either the text is nothing but the date, or it has Japanese in it.
    """
    match = _LETTER_DATE.match(text, start + 1)
    glued = text[max(0, start - 1) : start] in (".", "-")
    if match is None or (glued and not match[0].endswith("年")):
        return False
    two_digits = re.compile(r"\.?\s?\d\d").match(text, start + 1)
    return bool(two_digits or _ALONE.fullmatch(text) or _JAPANESE_SCRIPT.search(text))


def _is_western(text: str, start: int) -> bool:
    """Whether what follows a letter could be read as a date without it."""
    match = _AFTER_LETTER.match(text, start + 1)
    return match is not None and (match[1].endswith("年") or bool(numeric_readings(match[1])))


@cache
def _kinds() -> tuple[_Kind, ...]:
    kinds = []
    for era, name, short, letter in _JAPANESE:
        kinds.append(_Kind(re.compile(name), "japanese", "before", era))
        kinds.append(_Kind(_compiled(f"<{era}>|<{_long(era)}>"), "japanese", "either", era))
        year = r"\(?[\d元]+(?:\s?[)年./・-]|\s\d)"
        alone = f"(?<![{_KANJI}])" if short in _PARTS_OF_WORDS else ""
        shortened = rf"{short}(?={year})|{alone}{short}(?=\s{year})"
        kinds.append(_Kind(re.compile(shortened), "japanese", "before", era))
        dated = rf"(?<![^\W{_JAPANESE_LETTERS}]){letter}(?=\.?\s?{year})"
        kinds.append(_Kind(re.compile(dated), "japanese", "before", era, letter=True))
    kinds += [_Kind(_compiled(words), name, side) for name, side, words in _WORDS]
    kinds.append(_Kind(re.compile(r"民(?=\(?\d{1,3}\s?[)年./-])"), "roc", "before"))
    for name, side, words in _CAPITALS:
        pattern = "|".join(f"<{word.lower()}>" for word in words.split("|"))
        kinds.append(_Kind(_compiled(pattern), name, side, capitals=True))
    return tuple(kinds)


def _long(era: str) -> str:
    return {"taisho": "taishou", "showa": "shouwa"}.get(era, era)


def _compiled(words: str) -> re.Pattern[str]:
    """Words between angle brackets have no letter before or after them."""
    text = likened(normalized(words))
    return re.compile(text.replace("<", _LETTERS_BEFORE).replace(">", _LETTERS_AFTER))
