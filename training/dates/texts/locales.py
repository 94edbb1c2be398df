"""Dates of each locale as CLDR knows them, by way of Babel, and patterns that people write."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from babel import Locale
from babel.dates import tokenize_pattern

from models.pipelines.dates.text.forms import Order
from models.pipelines.dates.text.normalization import normalized

Token = tuple[str, str | tuple[str, int]]
"""("chars", text) or ("field", (letter, width)), as Babel cuts patterns."""

ORDERS: dict[str, Order] = {
    "en_US": "MDY", "en_GB": "DMY", "de": "DMY", "fr": "DMY", "es": "DMY", "it": "DMY",
    "pt": "DMY", "nl": "DMY", "sv": "YMD", "da": "DMY", "pl": "DMY", "cs": "DMY", "tr": "DMY",
    "ru": "DMY", "uk": "DMY", "el": "DMY", "hu": "YMD", "fi": "DMY", "ro": "DMY", "ja": "YMD",
    "zh": "YMD", "ko": "YMD", "ar": "DMY", "hi": "DMY",
}  # fmt: skip
"""The order of day, month and year in each locale's numeric dates."""

_NUMERIC = {
    "DMY": ("d{0}M{0}y", "dd{0}MM{0}y", "d{0}MM{0}y", "d{0}M{0}yy", "dd{0}MM{0}yy"),
    "MDY": ("M{0}d{0}y", "MM{0}dd{0}y", "M{0}d{0}yy", "MM{0}dd{0}yy"),
    "YMD": ("y{0}M{0}d", "y{0}MM{0}dd", "yy{0}M{0}d", "yy{0}MM{0}dd"),
}
_SEPARATORS = ("/", "-", ".", ". ", " ", " / ", " - ")
_EVERYWHERE = ("y-MM-dd", "y/MM/dd", "y.MM.dd", "y-M-d", "y/M/d", "y. M. d.", "y MM dd", "yMMdd")
_DAY_FIRST = (
    "d MMMM y", "dd MMMM y", "d MMM y", "dd MMM y", "d. MMMM y", "d. MMM y", "d-MMM-y",
    "dd-MMM-y", "d/MMM/y", "dd.MMM.y", "d MMMM, y", "d MMM, y", "dd-MMM-yy", "d MMM yy",
    "d MMMM yy", "d-MMMM-y", "dMMMy", "dMMMMy", "EEEE d MMMM y", "EEEE, d. MMMM y", "E d MMM y",
    "E, d MMM y", "EEEE, dd MMMM y", "d MMMM y, EEEE", "d MMM y (E)", "E. d MMM. y", "EEEE d/M/y",
    "d MMM ''yy",
)  # fmt: skip
_MONTH_FIRST = (
    "MMMM d, y", "MMMM d y", "MMM d, y", "MMM d y", "MMM dd, y", "MMMM dd, y", "MMM. d, y",
    "MMM-dd-y", "MMM/d/y", "EEEE, MMMM d, y", "E, MMM d, y", "EEEE MMMM d y", "MMM d, yy",
    "MMMM d, ''yy", "MMMMd, y",
)  # fmt: skip
_YEAR_FIRST = ("y MMMM d", "y MMM d", "y-MMM-dd", "y, MMMM d", "y. MMMM d.", "y. MMM d.")
_HAN = tuple(
    pattern.format(*signs)
    for pattern, signs in product(
        ("y{0}M{1}d{2}", "y{0}MM{1}dd{2}", "yy{0}M{1}d{2}", "y{0} M{1} d{2}", "y{0}M{1}d{2}EEEE",
         "y{0}M{1}d{2}(E)", "y{0} MM{1} dd{2}", "y{0}M{1}d{2} EEEE", "EEEE y{0}M{1}d{2}",
         "y {0} M {1} d {2}"),
        (("年", "月", "日"),),
    )
)  # fmt: skip
_OWN = {
    "en_US": ("'the' d 'of' MMMM y", "d 'of' MMMM, y", "MMMM 'the' d, y", *_MONTH_FIRST,
              *_DAY_FIRST),
    "en_GB": ("'the' d 'of' MMMM y", "d 'of' MMMM y", "EEEE 'the' d 'of' MMMM y", *_DAY_FIRST,
              *_MONTH_FIRST),
    "de": ("'den' d. MMMM y", "'am' d. MMMM y", "d.MMMM y", "d.MMM.y", "EEEE, 'den' d. MMMM y"),
    "fr": ("'le' d MMMM y", "'le' EEEE d MMMM y"),
    "es": ("d 'de' MMMM 'de' y", "d 'de' MMMM 'del' y", "d 'de' MMMM y", "'el' d 'de' MMMM 'de' y",
           "d 'de' MMM 'de' y", "EEEE d 'de' MMMM 'de' y"),
    "it": ("'il' d MMMM y", "'li' d MMMM y", "d MMMM 'del' y"),
    "pt": ("d 'de' MMMM 'de' y", "d 'de' MMMM y", "'em' d 'de' MMMM 'de' y", "d 'de' MMM 'de' y"),
    "nl": ("'op' d MMMM y", "d MMMM 'van' y"),
    "sv": ("'den' d MMMM y", "EEEE 'den' d MMMM y"),
    "da": ("'den' d. MMMM y", "EEEE 'd'. d. MMMM y"),
    "pl": ("d MMMM y 'r'.", "'dnia' d MMMM y", "d MMMM y 'roku'", "d MMM y 'r'."),
    "cs": ("'dne' d. MMMM y", "d. M. y"),
    "tr": ("d MMMM y EEEE", "d MMM y, E"),
    "ru": ("d MMMM y 'года'", "d MMMM y 'г'.", "d MMM y 'г'."),
    "uk": ("d MMMM y 'року'", "d MMMM y 'р'.", "d MMM y 'р'."),
    "el": ("'στις' d MMMM y", "'την' d MMMM y"),
    "hu": ("y. MMMM d.", "y MMMM d", "y.MM.dd.", "y. MM. dd.", "y. MMM d., EEEE", "y. MMMM dd."),
    "fi": ("d. MMMM'ta' y", "d. MMMM y"),
    "ro": ("'la' d MMMM y", "d MMMM 'anul' y"),
    "ja": _HAN,
    "zh": (*_HAN, "y年M月d号", "y年MMMMd日"),
    "ko": tuple(p.replace("年", "년").replace("月", "월").replace("日", "일") for p in _HAN),
    "ar": ("d MMMM، y", "EEEE d MMMM y", "'يوم' EEEE d MMMM y"),
    "hi": ("d MMMM, y", "'दिनांक' d MMMM y"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateLocale:
    """Dates as one locale writes them."""

    key: str
    order: Order
    patterns: tuple[str, ...]
    """All that are known, of which some are held out."""
    standard: frozenset[str]
    """CLDR's own full, long, medium and short pattern; never held out."""
    months: dict[int, tuple[tuple[str, ...], ...]]
    """By width (3, 4): the forms of each of the twelve months."""
    days: dict[int, tuple[tuple[str, ...], ...]]
    """By width (3, 4): the forms of each weekday from Monday."""

    @property
    def trained(self) -> tuple[str, ...]:
        """Patterns to train on."""
        return tuple(p for p in self.patterns if p in self.standard or not held_out(p))

    @property
    def unseen(self) -> tuple[str, ...]:
        """Patterns that nothing is trained on in any locale."""
        standard = frozenset().union(*(date_locale(key).standard for key in ORDERS))
        return tuple(p for p in self.patterns if p not in standard and held_out(p))


def held_out(pattern: str) -> bool:
    """Whether a pattern is kept for measuring: one in six, by its checksum."""
    return hashlib.sha256(pattern.encode()).digest()[0] % 6 == 0


@cache
def tokens(pattern: str) -> tuple[Token, ...]:
    """A CLDR pattern, cut into fields and other characters."""
    return tuple(tokenize_pattern(pattern))


@cache
def date_locale(key: str) -> DateLocale:
    """One of `ORDERS`."""
    cldr = Locale.parse(key)
    standard = [
        str(cldr.date_formats[width].pattern) for width in ("full", "long", "medium", "short")
    ]
    skeletons = [
        str(getattr(pattern, "pattern", pattern))
        for name, pattern in cldr.datetime_skeletons.items()
        if {"y", "M", "d"} <= set(name) and not {"G", "Q", "w", "W"} & set(name)
    ]
    order = ORDERS[key]
    numeric = [shape.format(sign) for shape in _NUMERIC[order] for sign in _SEPARATORS]
    if order == "YMD" and key in ("sv", "hu"):
        numeric += [shape.format(sign) for shape in _NUMERIC["DMY"][:3] for sign in ("/", ".", "-")]
    worded = [] if key in ("ja", "zh", "ko") else [*_DAY_FIRST, *_YEAR_FIRST]
    patterns = [*standard, *skeletons, *numeric, *_EVERYWHERE, *_OWN[key], *worded]
    return DateLocale(
        key,
        order,
        tuple(dict.fromkeys(patterns)),
        frozenset(standard),
        {3: _names(cldr, "months", "abbreviated", 1), 4: _names(cldr, "months", "wide", 1)},
        {3: _names(cldr, "days", "abbreviated", 0), 4: _names(cldr, "days", "wide", 0)},
    )


def _names(cldr: Locale, kind: str, width: str, first: int) -> tuple[tuple[str, ...], ...]:
    tables = getattr(cldr, kind)
    forms: list[tuple[str, ...]] = []
    for number in range(first, first + len(tables["format"][width])):
        names = [str(tables[context][width][number]) for context in ("format", "stand-alone")]
        if names[0][0].isdigit() or names[1][0].isdigit():
            names = names[:1]  # CLDR has no stand-alone form and gives that of another language
        bare = [name.rstrip(".") for name in names]
        forms.append(tuple(dict.fromkeys([names[0], names[0], *names, *bare])))
    return tuple(forms)


def all_locales() -> Sequence[DateLocale]:
    """Every locale, in the order that the network numbers them."""
    return [date_locale(key) for key in ORDERS]


def month_names() -> tuple[tuple[str, ...], ...]:
    """Normalised names of each of the twelve months in all locales, without digits."""
    found: list[set[str]] = [set() for _ in range(12)]
    for locale in all_locales():
        for table in locale.months.values():
            for names, forms in zip(found, table, strict=True):
                names |= {normalized(form).rstrip(".") for form in forms}
    return tuple(
        tuple(sorted(name for name in names if not any(char.isdigit() for char in name)))
        for names in found
    )
