"""Days of other calendars: eras and their ends, lengths of months, years that are refused."""

from datetime import date, timedelta

import pytest

from models.pipelines.dates.calendars.gregorian import (
    NotConvertedError,
    from_buddhist,
    from_islamic,
    from_japanese,
    from_persian,
    from_roc,
)
from models.pipelines.dates.text.numerals import chinese_number


@pytest.mark.parametrize(
    ("era", "year", "month", "day", "expected"),
    [
        ("meiji", 6, 1, 1, "1873-01-01"),
        ("meiji", 45, 7, 30, "1912-07-30"),
        ("taisho", 1, 7, 30, "1912-07-30"),  # the day counts for both eras
        ("taisho", 15, 12, 25, "1926-12-25"),
        ("showa", 1, 12, 25, "1926-12-25"),
        ("showa", 62, 5, 3, "1987-05-03"),
        ("showa", 64, 1, 7, "1989-01-07"),
        ("heisei", 1, 1, 8, "1989-01-08"),
        ("heisei", 31, 4, 30, "2019-04-30"),
        ("reiwa", 1, 5, 1, "2019-05-01"),
        ("reiwa", 6, 2, 29, "2024-02-29"),
    ],
)
def test_japanese_days(era: str, year: int, month: int, day: int, expected: str) -> None:
    assert from_japanese(era, year, month, day) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("era", "year", "month", "day", "reason"),
    [
        ("meiji", 5, 12, 2, "calendar-not-supported"),  # months by the moon
        ("meiji", 45, 7, 31, "outside-era"),
        ("taisho", 1, 7, 29, "outside-era"),
        ("taisho", 15, 12, 26, "outside-era"),
        ("showa", 1, 12, 24, "outside-era"),
        ("showa", 64, 1, 8, "outside-era"),
        ("showa", 65, 1, 1, "outside-era"),
        ("heisei", 1, 1, 7, "outside-era"),
        ("heisei", 31, 5, 1, "outside-era"),
        ("heisei", 32, 5, 3, "outside-era"),
        ("reiwa", 1, 4, 30, "outside-era"),
        ("reiwa", 0, 5, 5, "outside-era"),
        ("reiwa", 100, 5, 5, "year-out-of-range"),
        ("showa", 62, 4, 31, "no-such-day"),
        ("showa", 62, 13, 1, "no-such-day"),
        ("heisei", 2, 2, 29, "no-such-day"),
    ],
)
def test_japanese_dates_outside_of_their_era_are_refused(
    era: str, year: int, month: int, day: int, reason: str
) -> None:
    with pytest.raises(NotConvertedError) as refused:
        from_japanese(era, year, month, day)
    assert refused.value.reason == reason


def test_every_day_since_1873_has_one_era_or_two_on_the_day_of_change() -> None:
    """A day converts back to itself from exactly the eras that it belongs to."""
    changes = {date(1912, 7, 30), date(1926, 12, 25)}
    firsts = {"meiji": 1868, "taisho": 1912, "showa": 1926, "heisei": 1989, "reiwa": 2019}
    for first in (date(1873, 1, 1), date(1912, 7, 1), date(1926, 12, 1), date(1989, 1, 1),
                  date(2019, 4, 20)):  # fmt: skip
        for n in range(40):
            day = first + timedelta(n)
            found = [
                era
                for era, year in firsts.items()
                if _converts(era, day.year - year + 1, day.month, day.day) == day
            ]
            assert len(found) == (2 if day in changes else 1), day


def _converts(era: str, year: int, month: int, day: int) -> date | None:
    try:
        return from_japanese(era, year, month, day)
    except NotConvertedError:
        return None


def test_years_of_the_republic_of_china() -> None:
    assert from_roc(1, 1, 1) == date(1912, 1, 1)
    assert from_roc(76, 5, 3) == date(1987, 5, 3)
    assert from_roc(113, 2, 29) == date(2024, 2, 29)
    for year, month, day in ((0, 5, 3), (76, 2, 29), (76, 13, 1), (1987, 5, 3)):
        with pytest.raises(NotConvertedError):
            from_roc(year, month, day)


def test_thai_buddhist_years() -> None:
    assert from_buddhist(2530, 5, 3) == date(1987, 5, 3)
    assert from_buddhist(2484, 1, 1) == date(1941, 1, 1)
    assert from_buddhist(2475, 6, 24) == date(1932, 6, 24)
    # Until 2483 the year began in April, and its January is written in two ways.
    for year, month, day in ((2475, 2, 3), (2483, 3, 31), (30, 5, 3), (2530, 2, 29), (2700, 1, 1)):
        with pytest.raises(NotConvertedError):
            from_buddhist(year, month, day)


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (1407, 9, 5, "1987-05-03"),
        (1445, 9, 1, "2024-03-11"),
        (1407, 2, 30, "1986-11-02"),  # by the tables Safar has 30 days in that year
        (1343, 1, 1, "1924-08-01"),
        (1500, 12, 30, "2077-11-16"),
    ],
)
def test_hijri_days(year: int, month: int, day: int, expected: str) -> None:
    assert from_islamic(year, month, day) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("year", "month", "day", "reason"),
    [
        (1407, 9, 31, "no-such-day"),
        (1408, 2, 30, "no-such-day"),  # 29 days in that year
        (1407, 13, 1, "no-such-day"),
        (1407, 0, 1, "no-such-day"),
        (1342, 12, 29, "year-out-of-range"),
        (1501, 1, 1, "year-out-of-range"),
        (87, 5, 3, "year-unclear"),
    ],
)
def test_hijri_days_that_are_none_are_refused(year: int, month: int, day: int, reason: str) -> None:
    with pytest.raises(NotConvertedError) as refused:
        from_islamic(year, month, day)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (1366, 2, 13, "1987-05-03"),
        (1399, 12, 30, "2021-03-20"),  # a leap year
        (1403, 12, 30, "2025-03-20"),
        (1404, 1, 1, "2025-03-21"),
        (1304, 1, 11, "1925-03-31"),  # the day on which the calendar became law
        (1477, 12, 29, "2099-03-19"),
    ],
)
def test_persian_days(year: int, month: int, day: int, expected: str) -> None:
    assert from_persian(year, month, day) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("year", "month", "day", "reason"),
    [
        (1400, 12, 30, "no-such-day"),
        (1366, 7, 31, "no-such-day"),
        (1366, 1, 32, "no-such-day"),
        (1366, 0, 1, "no-such-day"),
        (1276, 1, 1, "year-out-of-range"),
        (1478, 1, 1, "year-out-of-range"),
        (66, 3, 9, "year-unclear"),
    ],
)
def test_persian_days_that_are_none_are_refused(
    year: int, month: int, day: int, reason: str
) -> None:
    with pytest.raises(NotConvertedError) as refused:
        from_persian(year, month, day)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("元", 1), ("三", 3), ("十", 10), ("十五", 15), ("二十", 20), ("六十二", 62), ("廿三", 23),
        ("卅一", 31), ("一九八七", 1987), ("二〇二四", 2024), ("百", 100), ("一百一十三", 113),
        ("壱拾弐", 12), ("元元", None), ("一元", None),
    ],
)  # fmt: skip
def test_chinese_numbers(text: str, expected: int | None) -> None:
    assert chinese_number(text) == expected
