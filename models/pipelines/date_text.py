"""Texts as a date reader sees them: normalised characters, then numbers."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

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


def normalised(text: str) -> str:
    """One spelling for what people write in many ways.

    Compatibility forms are unfolded (NFKC: full-width digits, ligatures, narrow spaces), case is
    folded, accents go, every script's decimal digits become 0-9, marks that only steer the
    direction of writing vanish, and runs of white space become one space.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DOTLESS)
    kept = "".join(
        _digit(char)
        for char in unicodedata.normalize("NFD", folded)
        if unicodedata.combining(char) < _ACCENTS_FROM
        and unicodedata.category(char) not in _INVISIBLE
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


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
        """The locale's number, then one number per character of a normalised text.

        `locale` is one of `locales`. Raises ValueError when it is not.
        """
        prefix = 2 if locale is None else 3 + list(self.locales).index(locale)
        return [prefix, *(self._numbers.get(char, 1) for char in text)]
