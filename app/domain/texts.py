"""Names as people and other systems write them: one form of each, and nothing invisible in it.

Two names that look alike are one name. So a name is kept in Unicode's composed form (NFC), with
plain spaces and none at its ends, and characters that nobody can see are refused.
"""

import re
import unicodedata

from app.domain.errors.requests import InvalidRequestError

MAX_TEXT = 200
"""Characters of a name or an external id."""
URL_NAME = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
"""What collections and stored styles may be called."""
_LONGEST_WRITTEN = 10 * MAX_TEXT
"""Before composition, which makes one character of several; nobody's name is longer."""
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, formats (bidirectional overrides, zero widths), half characters, line ends."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0")
"""Letters and marks that are drawn as nothing."""
_JOINERS = frozenset("\u200c\u200d")
_JOINING_SCRIPTS = frozenset(
    (
        *("ARABIC", "SYRIAC", "NKO", "MANDAIC", "MONGOLIAN", "TIBETAN", "MYANMAR", "KHMER"),
        *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU"),
        *("KANNADA", "MALAYALAM", "SINHALA", "BALINESE", "JAVANESE", "SUNDANESE", "CHAKMA"),
    )
)
"""First words of the characters' names in Unicode."""
_VIRAMA = 9
"""Unicode's combining class of signs that bind two consonants."""
_CONTROLS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def clean_text(value: str, field: str) -> str:
    """A name, external id or label as it is kept: NFC, plain spaces, none at the ends.

    Zero-width joiners stay inside words of scripts that need them and inside emoji, and variation
    selectors behind ideographs and symbols. Raises InvalidRequestError for every other invisible
    character, for half characters, and for fewer than 1 or more than `MAX_TEXT` characters.
    """
    text = composed(value).strip(" ") if len(value) <= _LONGEST_WRITTEN else value
    if not 0 < len(text) <= MAX_TEXT:
        raise InvalidRequestError.of_field(
            field,
            f"has {len(text)} characters; 1 to {MAX_TEXT} are allowed",
            "Spaces at the ends do not count.",
        )
    place = next((i for i in range(len(text)) if _is_hidden(text, i)), None)
    if place is not None:
        raise InvalidRequestError.of_field(
            field,
            f"holds an invisible or control character, U+{ord(text[place]):04X}, as number "
            f"{place + 1} of its characters",
            "Leave it out; names that are not UTF-8 have to be renamed.",
        )
    return text


def clean_url_name(value: str, what: str) -> str:
    """The name of a collection or style, which is a part of URLs. Raises InvalidRequestError."""
    if not re.match(URL_NAME, value) or value.endswith("\n"):
        raise InvalidRequestError.of_field(
            "name",
            f"cannot be that of a {what}",
            "Letters, digits, dots, dashes and underscores, at most 63, a letter or digit first.",
        )
    return value


def composed(value: str) -> str:
    """The text in NFC, every kind of space a plain one: the form in which names are compared."""
    text = unicodedata.normalize("NFC", value)
    if text.isascii():
        return text
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)


def printable(value: str) -> str:
    r"""The text for messages and lists: what is no character of a line is shown as \x1b or \u202e.

    Bytes of file names that are not UTF-8 come as half characters and are shown as \xe9.
    """
    return "".join(_shown(c) if _is_unprintable(c) else c for c in value)


def _is_hidden(text: str, place: int) -> bool:
    character = text[place]
    before, after = text[:place][-1:], text[place + 1 :][:1]
    if character in _JOINERS:
        return not _joins(character, before, after)
    if _is_selector(character):
        return not (before and _has_variants(before))
    if unicodedata.category(character) in _HIDDEN_CATEGORIES or character in _BLANK:
        return True
    code = ord(character)
    return 0xE0000 <= code <= 0xE0FFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _joins(joiner: str, before: str, after: str) -> bool:
    """Whether a zero-width joiner or non-joiner changes how its neighbours are written."""
    if not before:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True  # also at the end of a word, as in older Malayalam
    if joiner == "\u200d" and after and unicodedata.category(after) == "So":
        return before == "\ufe0f" or unicodedata.category(before) in ("So", "Sk")
    return bool(after) and _script(before) in _JOINING_SCRIPTS and _script(after) == _script(before)


def _is_selector(character: str) -> bool:
    code = ord(character)
    return (
        0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or code in (0x180B, 0x180C, 0x180D, 0x180F)
    )


def _has_variants(character: str) -> bool:
    """Whether a selector behind the character chooses between shapes that people tell apart."""
    if unicodedata.category(character) == "So" or character in "#*0123456789":
        return True
    return _script(character) in ("CJK", "MONGOLIAN")


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _is_unprintable(character: str) -> bool:
    return unicodedata.category(character) in _CONTROLS and character not in _JOINERS


def _shown(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
