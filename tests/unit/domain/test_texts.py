"""Names come in one form, and nothing invisible is in them."""

import unicodedata

import pytest

from app.domain.errors.requests import InvalidRequestError
from app.domain.texts import clean_text, clean_url_name, composed, printable

KEPT = [
    "Grace Hopper",
    "Jürgen Müller",
    "O’Brien-Smith, Jr. (retired) #7",
    "Nguyễn Thị Minh Khai",
    "山田 太郎",
    "葛\U000e0100城",  # an ideographic variant, as registries write names
    "محمد علی",
    "می\u200cخواهم",  # Persian parts words by a zero-width non-joiner
    "क्\u200dष",  # and Devanagari asks for a half letter by a joiner
    "അനില\u0d4d\u200d",  # older Malayalam ends words so
    "\U0001f469\u200d\U0001f4bb",  # one emoji of several
    "\u2764\ufe0f Ada",
    "../etc/passwd",
    "%00",
    "<b>",
    "x" * 200,
]


@pytest.mark.parametrize("name", KEPT)
def test_names_of_people_are_kept_as_they_are(name: str) -> None:
    assert clean_text(name, "name") == name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (unicodedata.normalize("NFD", "Jürgen Müller"), "Jürgen Müller"),
        (unicodedata.normalize("NFD", "한글"), "한글"),
        (" Grace ", "Grace"),
        ("\u00a0Grace\u3000", "Grace"),
        ("Grace\u00a0Hopper", "Grace Hopper"),
        ("\u212b", "Å"),  # the sign of the unit is the letter
        (unicodedata.normalize("NFD", "é" * 200), "é" * 200),
    ],
)
def test_one_name_has_one_form(written: str, kept: str) -> None:
    assert clean_text(written, "name") == kept
    assert clean_text(kept, "name") == kept


HIDDEN = [
    *("G\0", "a\nb", "a\tb", "Grace\n", "\x1b[31mred", "a\x7fb", "a\x85b", "a\u2028b", "a\u2029b"),
    *("\u202eevil", "a\u2066b", "a\u200bb", "\u200eAda", "a\u2060b", "\ufeffAda", "a\u00adb"),
    *("a\u200db", "a\u200cb", "Ada\u200d", "\u200dAda", "م\u200c", "a\ufe0fb", "\ufe0f"),
    *("a\u3164b", "a\u115fb", "a\u2800b", "a\u034fb", "a\U000e0041b", "a\U000e0100", "a\uffffb"),
    *("half \ud83d", "\udce9", "a\u061cb", "a\u180eb", "a\ufff9b"),
]


@pytest.mark.parametrize("name", HIDDEN, ids=ascii)
def test_what_nobody_can_see_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        clean_text(name, "external_id")
    assert "U+" in caught.value.message and "external_id" in caught.value.message
    assert caught.value.hint
    str(caught.value).encode()


@pytest.mark.parametrize("name", ["", " ", "\u00a0", "x" * 201, "x" * 1_000_000, "e\u0301" * 201])
def test_names_have_1_to_200_characters(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="1 to 200"):
        clean_text(name, "name")


def test_names_in_urls() -> None:
    assert clean_url_name("Staff-2.old_ones", "collection") == "Staff-2.old_ones"
    for name in ("", "-a", "a b", "ä", "a\n", "x" * 64, "a/b", "\ud83d"):
        with pytest.raises(InvalidRequestError, match="collection"):
            clean_url_name(name, "collection")


def test_prefixes_are_compared_in_the_same_form() -> None:
    assert composed("Ju\u0308r").startswith(composed("Jür"))


def test_anything_can_be_printed_on_a_line() -> None:
    assert (
        printable("Jos\udce9/\x1b[2J\n\u202e\ud83dñ☃") == "Jos\\xe9/\\x1b[2J\\x0a\\u202e\\ud83dñ☃"
    )
