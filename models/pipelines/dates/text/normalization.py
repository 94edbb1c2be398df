"""Texts as a date reader sees them: normalized characters, then numbers."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from models.errors import ReportedError

_DOTLESS = str.maketrans({"ı": "i"})
_ACCENTS_FROM = 200
"""Combining classes from here on are accents above, below or through a letter. Those under it
(Indic viramas, kana voicing marks) change which letter it is, and stay."""
_INVISIBLE = ("Cf", "Cs")
"""Categories of marks that steer the direction of writing or join letters, and of half pairs."""
_AMERICAN = ("US", "PH", "PR", "GU", "AS", "VI", "MH", "FM", "PW", "MP", "UM")
"""Regions that write English dates with the month first."""


class UnknownLocaleError(ReportedError):
    """A locale whose dates nobody has taught the reader."""

    slug = "unknown-locale"


def known_locale(wanted: str, known: Sequence[str]) -> str:
    """The one of `known` for a locale such as "de", "de-AT" or "pt_BR".

    A region that is not known itself counts as its language; English alone and that of regions
    that write like it is en_US, any other English en_GB. Raises UnknownLocaleError.
    """
    parts = wanted.replace("-", "_").split("_")
    language, region = parts[0].lower(), parts[-1].upper() if len(parts) > 1 else ""
    if language == "en":
        language = "en_US" if not region or region in _AMERICAN else "en_GB"
    if language not in known or len(parts) > 3:
        raise UnknownLocaleError(
            f"Dates of the locale {wanted[:40]!r} are not known.",
            hint=f"Give one of {', '.join(sorted(known))}, or none.",
        )
    return language


def normalized(text: str) -> str:
    """One spelling for what people write in many ways.

    Compatibility forms are unfolded (NFKC: full-width digits, ligatures, narrow spaces), case is
    folded, accents go, every script's decimal digits become 0-9, marks that only steer the
    direction of writing vanish, and runs of white space become one space.
    """
    return " ".join(_folded(text).split())


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A normalized text, and where each of its characters came from."""

    original: str
    text: str
    """Normalized."""
    origins: Sequence[tuple[int, int]]
    """First and last-plus-one code point of `original` for each character of `text`."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original for the characters from `start` to before `end`."""
        return self.origins[start][0], self.origins[end - 1][1]

    def written(self, start: int, end: int) -> str:
        """Text that stands in the original there."""
        first, last = self.place(start, end)
        return self.original[first:last]


def placed(text: str) -> PlacedText:
    """The normalized text with the places of its characters.

    Normalizing joins and splits characters, so that a place is as fine as the smallest part of
    the original that normalizes by itself.
    """
    found: list[tuple[str, tuple[int, int]]] = []
    for start, end in _clusters(text):
        for char in _folded(text[start:end]):
            space = char.isspace()
            if not (space and (not found or found[-1][0] == " ")):
                found.append((" " if space else char, (start, end)))
    if found and found[-1][0] == " ":
        found.pop()
    joined = "".join(char for char, _ in found)
    whole = normalized(text)
    if joined != whole:  # parts that change each other from afar
        return PlacedText(text, whole, [(0, len(text))] * len(whole))
    return PlacedText(text, joined, [place for _, place in found])


def _clusters(text: str) -> list[tuple[int, int]]:
    """Parts that normalize alone to what they normalize to beside their neighbors."""
    starts: list[int] = []
    for i, char in enumerate(text):
        # Marks always belong to what they stand on: nothing is folded once more for each of them.
        if starts and unicodedata.combining(char):
            continue
        cluster = text[starts[-1] : i] if starts else ""
        if not starts or _folded(cluster + char) == _folded(cluster) + _folded(char):
            starts.append(i)
    return list(pairwise((*starts, len(text))))


def _folded(text: str) -> str:
    """Text as `normalized` gives it, with white space as it was."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DOTLESS)
    kept = "".join(
        _digit(char)
        for char in unicodedata.normalize("NFD", folded)
        if unicodedata.combining(char) < _ACCENTS_FROM
        and unicodedata.category(char) not in _INVISIBLE
    )
    return unicodedata.normalize("NFC", kept)


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Numbers of the characters and locales that a network knows.

    0 fills up short texts, 1 stands for any other character, 2 for "no locale was given"; then
    come the locales and then the characters.
    """

    characters: str
    locales: Sequence[str]
    _numbers: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first = 3 + len(self.locales)
        numbers = {char: first + i for i, char in enumerate(self.characters)}
        object.__setattr__(self, "_numbers", numbers)

    def __len__(self) -> int:
        return 3 + len(self.locales) + len(self.characters)

    def encoded(self, text: str, locale: str | None = None) -> list[int]:
        """The locale's number, then one number per character of a normalized text.

        `locale` is one of `locales`. Raises ValueError when it is not.
        """
        prefix = 2 if locale is None else 3 + list(self.locales).index(locale)
        return [prefix, *(self._numbers.get(char, 1) for char in text)]
