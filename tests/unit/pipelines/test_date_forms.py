"""Rules about dates: what digits can mean, and what a text supports."""

from datetime import date, timedelta

import pytest

from models.pipelines.dates.text.edit_distance import edit_distance
from models.pipelines.dates.text.forms import (
    Order,
    full_year,
    in_order,
    next_digits,
    numeric_readings,
    other_readings,
    supports,
)
from models.pipelines.dates.text.normalization import (
    UnknownLocaleError,
    Vocabulary,
    known_locale,
    normalized,
)

MONTHS = [["january"], ["february"], ["march"], ["april"], ["may"], *([["none"]] * 7)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3. Mai 1987", "3. mai 1987"),
        ("FÉVRIER", "fevrier"),
        ("Ağustos İ ı I", "agustos i i i"),
        ("ΑΥΓΟΎΣΤΟΥ ς", "αυγουστου σ"),
        ("１９８７年５月", "1987年5月"),
        ("٠٣/٠٤/٢٠٠٥", "03/04/2005"),
        ("१२ मई", "12 मई"),
        ("3\u200f/4\u202f2005  \n", "3/4 2005"),
        ("ﬁn straße", "fin strasse"),
        ("5월", "5월"),
        ("a\ud800b", "ab"),
    ],
)
def test_normalised(text: str, expected: str) -> None:
    assert normalized(text) == expected


def test_normalising_twice_is_normalising_once() -> None:
    for text in ("Ἰανουάριος ΐ", "Ǆ ŉ ß", "が ガ 各", "क़ ड़", "٣ مايو"):
        once = normalized(text)
        assert normalized(once) == once


def test_a_vocabulary_numbers_locales_and_characters() -> None:
    known = Vocabulary("abc", ("de", "fr"))
    assert len(known) == 8
    assert known.encoded("ac?") == [2, 5, 7, 1]
    assert known.encoded("b", "fr") == [4, 6]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("de", "de"), ("de-AT", "de"), ("en", "en_US"), ("en-us", "en_US"), ("en_AU", "en_GB"),
     ("zh-Hant-TW", "zh"), ("DE_de", "de")],
)  # fmt: skip
def test_locales_have_relatives(wanted: str, expected: str) -> None:
    assert known_locale(wanted, ("de", "en_US", "en_GB", "zh")) == expected


@pytest.mark.parametrize("wanted", ["", "xx", "klingon", "de_DE_x_y_z", "../../etc/passwd"])
def test_other_locales_are_refused(wanted: str) -> None:
    with pytest.raises(UnknownLocaleError, match="known"):
        known_locale(wanted, ("de",))


def days(*texts: str) -> set[date]:
    return {date.fromisoformat(text) for text in texts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/04/2005", days("2005-04-03", "2005-03-04")),
        ("03/04/05", days("2005-04-03", "2005-03-04", "2003-04-05")),
        ("2005-03-04", days("2005-03-04")),
        ("13.04.2005", days("2005-04-13")),
        ("04.04.2005", days("2005-04-04")),
        ("31.12.99", days("1999-12-31")),
        ("31.12.05", days("2005-12-31", "1931-12-05")),
        ("geb. am 3. 4. 1987.", days("1987-04-03", "1987-03-04")),
        ("dob:05-06-1990 10:30", days("1990-06-05", "1990-05-06")),
        ("19870503", days("1987-05-03")),
        ("yy/m/d 04/7/5", days("2004-07-05")),
        ("31/02/1999", set()),
        ("192.168.10.12", set()),
        ("1.2.2019-beta", set()),
        ("01 02 03 04 05", set()),
        ("12.05-1999", set()),
        ("1/1/1899", set()),
        ("3 may 1987", set()),
    ],
)
def test_numeric_readings(text: str, expected: set[date]) -> None:
    assert numeric_readings(text) == expected


def test_two_digit_years_run_from_1930_to_2029() -> None:
    assert [full_year(n) for n in (0, 29, 30, 99)] == [2000, 2029, 1930, 1999]


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("3 may 1987", "1987-05-03", True),
        ("3 may 1987", "1987-05-04", False),
        ("3 may 1987", "1988-05-03", False),
        ("3 may 1987", "1987-04-03", False),
        ("3rd febuary '87", "1987-02-03", True),
        ("15january2001", "2001-01-15", True),
        ("1987年5月3日", "1987-05-03", True),
        ("1987年5月3日", "1987-03-05", False),
        ("1987년 5월 3일", "1987-05-03", True),
        ("1987年5月は3回", "1987-05-03", False),
        ("3 janaury 1987", "1987-01-03", True),
        ("3 janaurry 1987", "1987-01-03", False),
        ("03/04/2005", "2005-04-03", True),
        ("03/04/2005", "2005-04-04", False),
        ("we sold 12 apples in 1999", "1999-04-12", False),
        ("12 12", "1912-12-12", False),
        ("may 1987", "1987-05-19", False),
        ("march 12 people 2012", "2012-03-12", True),  # what this rule cannot tell
    ],
)
def test_a_date_needs_support(text: str, day: str, expected: bool) -> None:
    assert supports(text, date.fromisoformat(day), MONTHS) is expected


def test_other_readings_are_other_possible_days() -> None:
    assert other_readings("03/04/2005", date(2005, 3, 4)) == (date(2005, 4, 3),)
    assert other_readings("03/04/05", date(2005, 3, 4)) == (date(2003, 4, 5), date(2005, 4, 3))
    assert not other_readings("04/04/2005", date(2005, 4, 4))
    assert not other_readings("25/04/2005", date(2005, 4, 25))
    assert not other_readings("3 april 2005", date(2005, 4, 3))


@pytest.mark.parametrize(
    ("text", "day", "order", "expected"),
    [
        ("03/04/2005", "2005-04-03", "MDY", "2005-03-04"),
        ("03/04/2005", "2005-04-03", "DMY", "2005-04-03"),
        ("03/04/2005", "2005-04-03", "YMD", "2005-04-03"),  # no such reading
        ("03/04/05", "2005-04-03", "YMD", "2003-04-05"),
        ("13/04/2005", "2005-04-13", "MDY", "2005-04-13"),  # no such day
        ("3 april 2005", "2005-04-03", "MDY", "2005-04-03"),
        ("01/02/2003 and 03/04/2005", "2005-04-03", "MDY", "2005-03-04"),
    ],
)
def test_a_locale_settles_the_order(text: str, day: str, order: Order, expected: str) -> None:
    assert in_order(text, date.fromisoformat(day), order) == date.fromisoformat(expected)


def test_next_digits_lead_to_all_days_and_no_others() -> None:
    """The prefixes that the grammar allows are those of the calendar's days."""
    for first, last in (
        (date(1900, 1, 1), date(1904, 12, 31)),
        (date(2096, 1, 1), date(2099, 12, 31)),
    ):
        numbers = range(first.toordinal(), last.toordinal() + 1)
        for day in map(date.fromordinal, numbers):
            digits = tuple(int(digit) for digit in f"{day:%Y%m%d}")
            assert all(digits[i] in next_digits(digits[:i]) for i in range(4, 8))
    assert list(next_digits(())) == [1, 2]
    assert list(next_digits((2,))) == [0]
    assert 9 not in next_digits((1, 9, 0, 0, 0, 2, 2))  # 1900 was no leap year
    assert 9 in next_digits((2, 0, 0, 0, 0, 2, 2))
    assert not next_digits((2, 0, 0, 0, 0, 2, 2, 9))
    assert date(1900, 1, 1) + timedelta(73_048) == date(2099, 12, 31)


def test_edit_distance_is_levenshteins() -> None:
    assert edit_distance("kitten", "sitting") == 3
    assert edit_distance("", "abc") == 3
    assert edit_distance("mayo", "mayo") == 0
