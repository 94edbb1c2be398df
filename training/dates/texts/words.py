"""Words and numbers of every locale that are no dates: by CLDR, by hand and by chance."""

import random
import string
from datetime import time, timedelta
from functools import cache

from babel import Locale, dates, numbers

_LABELS = {
    "en": (
        "born",
        "born on",
        "DOB",
        "date of birth:",
        "Date:",
        "birthday",
        "on",
        "issued",
        "expires",
        "valid until",
        "dob -",
        "b.",
        "since",
    ),
    "de": ("geboren am", "geb.", "Geburtsdatum:", "Datum:", "am", "ausgestellt am", "gültig bis"),
    "fr": ("né le", "née le", "date de naissance :", "le", "délivré le", "expire le", "fait le"),
    "es": ("nacido el", "nacida el", "fecha de nacimiento:", "fecha:", "válido hasta", "el"),
    "it": ("nato il", "nata il", "data di nascita:", "il", "rilasciato il", "scade il"),
    "pt": ("nascido em", "nascida em", "data de nascimento:", "em", "válido até", "data:"),
    "nl": ("geboren op", "geboortedatum:", "op", "geldig tot", "datum:"),
    "sv": ("född", "född den", "födelsedatum:", "datum:", "gäller till"),
    "da": ("født", "født den", "fødselsdato:", "dato:", "gyldig til"),
    "pl": ("urodzony", "ur.", "data urodzenia:", "data:", "ważny do", "dnia"),
    "cs": ("narozen", "nar.", "datum narození:", "datum:", "platí do", "dne"),
    "tr": ("doğum tarihi:", "doğumlu", "tarih:", "geçerlilik"),
    "ru": ("родился", "родилась", "дата рождения:", "дата:", "действителен до", "от"),
    "uk": ("народився", "народилася", "дата народження:", "дата:", "дійсний до", "від"),
    "el": ("γεννήθηκε", "ημερομηνία γέννησης:", "ημερομηνία:", "ισχύει έως", "στις"),
    "hu": ("született", "szül.", "születési idő:", "dátum:", "érvényes"),
    "fi": ("syntynyt", "syntymäaika:", "päivämäärä:", "voimassa"),
    "ro": ("născut la", "născută la", "data nașterii:", "data:", "valabil până la"),
    "ja": ("生年月日:", "生年月日", "誕生日", "発行日", "有効期限"),
    "zh": ("出生日期:", "出生日期", "生于", "生日", "有效期至", "签发日期"),
    "ko": ("생년월일:", "생년월일", "생일", "발급일", "유효기간"),
    "ar": ("تاريخ الميلاد:", "ولد في", "ولدت في", "صدر في", "التاريخ:"),
    "hi": ("जन्म तिथि:", "जन्म", "जन्मतिथि", "तारीख:", "दिनांक"),
}
_FILLERS = (
    "the", "a", "of", "and", "in", "at", "with", "room", "page", "chapter", "version", "order",
    "invoice", "number", "no", "street", "avenue", "floor", "call", "me", "please", "we", "they",
    "bought", "sold", "paid", "won", "lost", "score", "flight", "gate", "seat", "bus", "train",
    "apples", "people", "miles", "euros", "dollars", "total", "tax", "user", "error", "line",
    "il", "la", "le", "les", "de", "des", "und", "der", "die", "das", "mit", "para", "con", "por",
    "avec", "pour", "een", "het", "och", "att", "og", "ikke", "nie", "jest", "jsem", "bir", "ve",
    "и", "в", "не", "на", "що", "και", "το", "egy", "nem", "on", "ja", "ei", "si", "nu", "の", "は",
    "的", "是", "在", "있습니다", "في", "من", "और", "का", "है", "maria", "john", "anna", "peter",
    "ivan", "chen", "smith", "garcia", "müller", "kowalski", "summer", "winter", "monday", "sunday",
    "tomorrow", "yesterday", "today", "week",
)  # fmt: skip


def label(rng: random.Random, key: str) -> str:
    """Draw what may stand before a date on a form or in a sentence."""
    return rng.choice(_LABELS[key[:2]])


def label_texts() -> str:
    """Labels of all languages, one after the other."""
    return "".join(text for texts in _LABELS.values() for text in texts)


def phrase(rng: random.Random, key: str, most: int = 5) -> str:
    """A few words of the locale, or of many, without digits."""
    pool = _words(key)
    words = [
        rng.choice(pool) if rng.random() < 0.6 else rng.choice(_FILLERS)
        for _ in range(rng.randint(1, most))
    ]
    if rng.random() < 0.2:
        words.append(_made_up(rng))
    rng.shuffle(words)
    return " ".join(words)


@cache
def _words(key: str) -> tuple[str, ...]:
    """CLDR's names of places, languages, currencies and scripts."""
    cldr = Locale.parse(key)
    tables = (cldr.territories, cldr.languages, cldr.currencies, cldr.scripts)
    found = (str(name) for table in tables for name in table.values())
    return tuple(sorted({n for n in found if len(n) < 30 and not any(c.isdigit() for c in n)}))


def _made_up(rng: random.Random) -> str:
    letters = "".join(rng.choices("aeiounrstlmdbkgpvzchj", k=rng.randint(2, 9)))
    return letters.title() if rng.random() < 0.3 else letters


def number(rng: random.Random, key: str) -> str:
    """Money, times, versions, telephone numbers, codes, sizes: digits that are no date."""
    return rng.choice(_KINDS)(rng, key)


def _money(rng: random.Random, key: str) -> str:
    amount = round(rng.uniform(0.5, 10 ** rng.randint(1, 6)), rng.choice((0, 2)))
    return str(numbers.format_currency(amount, rng.choice(_CURRENCIES), locale=key))


def _plain(rng: random.Random, key: str) -> str:
    value = rng.choice((rng.randint(0, 99), rng.randint(0, 10**7), round(rng.uniform(0, 999), 3)))
    return str(numbers.format_decimal(value, locale=key))


def _percent(rng: random.Random, key: str) -> str:
    return str(numbers.format_percent(rng.randint(0, 1200) / 1000, "#,##0.#%", locale=key))


def _time(rng: random.Random, key: str) -> str:
    moment = time(rng.randrange(24), rng.randrange(60), rng.randrange(60))
    width = rng.choice(("short", "medium"))
    return rng.choice((str(dates.format_time(moment, width, locale=key)), f"{moment:%H:%M:%S}"))


def _duration(rng: random.Random, key: str) -> str:
    away = timedelta(seconds=rng.randint(-(10 ** rng.randint(2, 8)), 10 ** rng.randint(2, 8)))
    return str(dates.format_timedelta(away, add_direction=True, locale=key))


def _telephone(rng: random.Random, key: str) -> str:
    groups = rng.choice(_TELEPHONES)
    sign = rng.choice((" ", "-", ".", " "))
    start = rng.choice(("", "", "+", "0", "(0)", "+49 ", "+1 ", "tel. ", "Tel: "))
    return start + sign.join("".join(rng.choices(string.digits, k=size)) for size in groups)


def _version(rng: random.Random, key: str) -> str:
    parts = [str(rng.randint(0, 30)) for _ in range(rng.choice((2, 3, 4)))]
    return rng.choice(("v", "version ", "Python ", "release ", "v. ")) + ".".join(parts)


def _address(rng: random.Random, key: str) -> str:
    parts = [str(rng.randint(0, 255)) for _ in range(4)]
    return rng.choice((".".join(parts), ":".join(f"{int(p):02x}" for p in parts)))


def _code(rng: random.Random, key: str) -> str:
    letters = string.digits + string.digits + string.ascii_uppercase
    size = rng.randint(4, 14)
    groups = ["".join(rng.choices(letters, k=size)) for _ in range(rng.randint(1, 2))]
    return rng.choice(("", "#", "ID ", "No. ", "ref: ")) + rng.choice("-/ ").join(groups)


def _digits(rng: random.Random, key: str) -> str:
    size = rng.choice((1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 16))
    digits = "".join(rng.choices(string.digits, k=size))
    return " ".join(digits[i : i + 4] for i in range(0, size, 4)) if rng.random() < 0.3 else digits


def _ratio(rng: random.Random, key: str) -> str:
    first, second = rng.randint(0, 40), rng.randint(0, 40)
    return f"{first}{rng.choice('-/:x.')}{second}"


def _size(rng: random.Random, key: str) -> str:
    sizes = [str(rng.randint(1, 4000)) for _ in range(rng.choice((2, 3)))]
    return rng.choice(("x", " x ", "×", " by ")).join(sizes) + rng.choice((" cm", " mm", "", " px"))


def _street(rng: random.Random, key: str) -> str:
    street = (
        f"{rng.randint(1, 250)} {_made_up(rng).title()} {rng.choice(('St', 'rue', 'str.', 'ul.'))}"
    )
    return rng.choice((street, f"{street}, {rng.randint(10000, 99999)}"))


_TELEPHONES = (
    (3, 3, 4), (2, 2, 2, 2, 2), (3, 4), (4, 6), (2, 4, 4), (3, 2, 2, 3), (5, 5), (2, 3, 2, 2),
    (4, 4, 3),
)  # fmt: skip
_CURRENCIES = ("EUR", "USD", "GBP", "JPY", "PLN", "SEK", "RUB", "TRY", "INR", "CNY")
_KINDS = (
    _money, _plain, _percent, _time, _duration, _telephone, _telephone, _version, _address, _code,
    _digits, _ratio, _size, _street,
)  # fmt: skip
