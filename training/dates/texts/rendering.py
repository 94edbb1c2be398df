"""Dates written out by CLDR patterns and by hand's habits, whether or not they are possible."""

import random
import re
from functools import cache

from models.pipelines.dates.text.edit_distance import edit_distance
from training.dates.texts.locales import DateLocale, date_locale, tokens

_ORDINALS = {
    "en_US": {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st", 0: "th"},
    "fr": {1: "er"},
    "es": {1: "º"},
    "pt": {1: "º"},
    "it": {1: "º"},
    "nl": {0: "e"},
    "sv": {1: ":a", 2: ":a", 21: ":a", 22: ":a", 31: ":a", 0: ":e"},
}
_ORDINALS["en_GB"] = _ORDINALS["en_US"]
"""What a day's number ends in; 0 for all others."""
_MINOR_ERRORS = 0.04
_NATIVE = {"ar": "٠١٢٣٤٥٦٧٨٩", "hi": "०१२३४५६७८९"}


def rendered(
    rng: random.Random, locale: DateLocale, pattern: str, day: int, month: int, year: int,
    weekday: int,
) -> str:  # fmt: skip
    """The pattern with these numbers in it. No calendar is asked; weekday 0 is Monday.

    `month` names need 1 to 12, and `yy` leaves out the century.
    """
    parts = []
    worded = "MMM" in pattern and "年" not in pattern and "년" not in pattern
    ordinal = worded and rng.random() < 0.25
    for _, value in tokens(pattern):
        if isinstance(value, str):
            parts.append(value)
            continue
        letter, width = value
        if letter == "d":
            parts.append(_day(locale.key, day, int(width), ordinal))
        elif letter in "ML":
            parts.append(_month(rng, locale, month, int(width)))
        elif letter == "y":
            parts.append(f"{year % 100:02d}" if width == 2 else str(year))
        else:
            parts.append(rng.choice(locale.days[4 if int(width) > 3 else 3][weekday]))
    return "".join(parts)


def _day(key: str, day: int, width: int, ordinal: bool) -> str:
    """The number of a day; CLDR's `ddd`, an ordinal, has its ending where the locale has one."""
    endings = _ORDINALS.get(key, {})
    if (ordinal or width > 2) and (ending := endings.get(day, endings.get(0, ""))):
        return f"{day}{ending}"
    return f"{day:0{width if width <= 2 else 1}d}"


def _month(rng: random.Random, locale: DateLocale, month: int, width: int) -> str:
    if width < 3:
        return f"{month:0{width}d}"
    name = rng.choice(locale.months[min(width, 4)][month - 1])
    if rng.random() < _MINOR_ERRORS:
        name = rng.choice(_misspellings(locale.key, name) or (name,))
    return name


@cache
def _misspellings(key: str, name: str) -> tuple[str, ...]:
    """Slips of one letter after which no other month is nearer than this one."""
    if len(name) < 5 or not name.isalpha():
        return ()
    slips = {name[:i] + name[i + 1 :] for i in range(2, len(name))}
    slips |= {name[:i] + name[i] + name[i:] for i in range(2, len(name))}
    slips |= {
        name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(1, len(name) - 1)
    }  # fmt: skip
    slips.discard(name)
    locale = date_locale(key)
    index = [name in forms for width in (3, 4) for forms in locale.months[width]].index(True) % 12
    others = {
        form.lower()
        for width in (3, 4)
        for i, forms in enumerate(locale.months[width])
        if i != index
        for form in forms
    }
    return tuple(s for s in sorted(slips) if all(edit_distance(s.lower(), o) > 2 for o in others))


def with_habits(rng: random.Random, locale: DateLocale, text: str) -> str:
    """Left-out commas and dots, spaces that are missing or too many, capitals, own digits."""
    draw = rng.random
    if draw() < 0.2:
        text = text.replace(",", "").replace("،", "")
    if draw() < 0.05:
        text = text.replace(", ", ",")
    if draw() < 0.05 and _groups(text) == _groups(text.replace(" ", "")):
        text = text.replace(" ", "")
    elif draw() < 0.04:
        text = text.replace(" ", "  ")
    if draw() < 0.1:
        text = text.upper()
    elif draw() < 0.1:
        text = text.lower()
    if draw() < 0.1:
        text += rng.choice((".", ",", ";", "!", " .", "'", ")"))
    if draw() < 0.03:
        text = rng.choice(("(", "~", "- ", "* ", "'", '"', ": ")) + text
    if locale.key in _NATIVE and draw() < 0.3:
        text = text.translate(str.maketrans("0123456789", _NATIVE[locale.key]))
    return text


def _groups(text: str) -> list[str]:
    return re.findall(r"\d+", text)
