"""Where dates stand in texts, and what those of other calendars mean. No weights."""

import time
from datetime import date

import pytest

from models.pipelines.dates.places import DatePlace, places_in
from models.pipelines.dates.text.normalization import PlacedText, placed
from models.registry.manifests.dates import DateReaderManifest
from models.registry.registry import Registry


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Names of months in all languages of the shipped reader."""
    registry = Registry(tmp_path_factory.mktemp("weights"))
    manifest = registry.manifest(registry.default("read-dates"), DateReaderManifest)
    return [list(names) for names in manifest.text.months]


def found(text: str, months: list[list[str]]) -> list[tuple[str, DatePlace]]:
    """What of the text as written each place is, and the place."""
    source = placed(text)
    return [(source.written(p.start, p.end), p) for p in places_in(source, months, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Names, with digits of all kinds
        ("明治34年3月22日", "1901-03-22"),
        ("大正13年3月23日", "1924-03-23"),
        ("昭和62年5月3日", "1987-05-03"),
        ("平成元年1月8日", "1989-01-08"),
        ("令和６年２月２９日", "2024-02-29"),
        ("昭和六十二年五月三日", "1987-05-03"),
        ("㍼62年5月3日", "1987-05-03"),
        ("昭和 62 年 5 月 3 日生", "1987-05-03"),
        ("昭62.5.3", "1987-05-03"),
        ("昭和62年(1987年)5月3日", "1987-05-03"),
        ("1987年(昭和62年)5月3日", "1987-05-03"),
        # Letters
        ("M34.3.22", "1901-03-22"),
        ("T13.3.23", "1924-03-23"),
        ("S62.5.3", "1987-05-03"),
        ("Ｓ６２．５．３", "1987-05-03"),
        ("H10/4/1", "1998-04-01"),
        ("R1.5.1", "2019-05-01"),
        ("生年月日 R2-02-29", "2020-02-29"),
        ("生年月日S62.5.3.", "1987-05-03"),
        ("S62年5月3日", "1987-05-03"),
        ("生年月日Showa 62.5.3", "1987-05-03"),
        ("昭 62 5 3", "1987-05-03"),
        ("昭(62)年5月3日", "1987-05-03"),
        ("May 3, Showa 62", "1987-05-03"),
        # An era's last day and the next one's first
        ("昭和64年1月7日", "1989-01-07"),
        ("明治45年7月30日", "1912-07-30"),
        ("大正元年7月30日", "1912-07-30"),
    ],
)
def test_japanese_texts(text: str, expected: str, months: list[list[str]]) -> None:
    _one(text, expected, "japanese", months)


@pytest.mark.parametrize(
    "text",
    ["民國76年5月3日", "民国76年5月3日", "中華民國七十六年五月三日", "民國76/5/3", "民76.5.3",
     "R.O.C. 76/05/03", "ROC 76.5.3", "roc 76-5-3", "出生日期：民國 76 年 5 月 3 日"],
)  # fmt: skip
def test_texts_of_the_republic_of_china(text: str, months: list[list[str]]) -> None:
    _one(text, "1987-05-03", "roc", months)


@pytest.mark.parametrize(
    "text",
    ["3 พ.ค. 2530", "๓ พฤษภาคม ๒๕๓๐", "3 พฤษภาคม พ.ศ. 2530", "วันที่ 3 พฤษภาคม พุทธศักราช 2530",
     "3 May B.E. 2530", "3 May 2530 BE", "3/5/2530 พ.ศ."],
)  # fmt: skip
def test_thai_buddhist_texts(text: str, months: list[list[str]]) -> None:
    _one(text, "1987-05-03", "buddhist", months)


@pytest.mark.parametrize(
    "text",
    ["5 رمضان 1407 هـ", "٥ رمضان ١٤٠٧ هـ", "5 رمضان 1407", "1407/9/5 هـ", "5 Ramadan 1407 AH",
     "5 Ramadan A.H. 1407", "Ramadan 5, 1407", "05/09/1407هـ"],
)  # fmt: skip
def test_hijri_texts(text: str, months: list[list[str]]) -> None:
    _one(text, "1987-05-03", "islamic-umalqura", months)


@pytest.mark.parametrize(
    "text",
    ["13 اردیبهشت 1366", "۱۳ اردیبهشت ۱۳۶۶", "۱۳ اردیبهشت ۱۳۶۶ ه‍.ش", "1366/02/13 ه.ش",
     "13 Ordibehesht 1366", "۱۳۶۶/۰۲/۱۳ هجری شمسی", "13 Ordibehesht 1366 SH"],
)  # fmt: skip
def test_persian_texts(text: str, months: list[list[str]]) -> None:
    _one(text, "1987-05-03", "persian", months)


def _one(text: str, expected: str, calendar: str, months: list[list[str]]) -> None:
    ((_, place),) = found(text, months)
    assert (place.reason, place.calendar, place.day) == (
        None,
        calendar,
        date.fromisoformat(expected),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("昭和64年1月8日", "outside-era"),
        ("平成32年5月3日", "outside-era"),
        ("H31.5.1", "outside-era"),
        ("大正元年7月29日", "outside-era"),
        ("昭和62年2月29日", "no-such-day"),
        ("明治4年5月5日", "calendar-not-supported"),
        ("昭和62年(1986年)5月3日", "years-disagree"),
        ("DOB: H7.1.17", "year-unclear"),  # or 7 January 2017, after a letter
        ("No-S62.5.3", "year-unclear"),
        ("S62 5 3", "year-unclear"),
        ("民國76年13月3日", "no-such-day"),
        ("皇紀2647年5月3日", "calendar-not-supported"),
        ("乾隆33年5月3日", "calendar-not-supported"),
        ("農曆1987年5月3日", "calendar-not-supported"),
        ("주체76년 5월 3일", "calendar-not-supported"),
        ("3/5/30 พ.ศ.", "year-unclear"),
        ("3 พ.ค. 30", "year-unclear"),
        ("3 กุมภาพันธ์ 2475", "year-unclear"),
        ("31 رمضان 1407 هـ", "no-such-day"),
        ("1 محرم 1300 هـ", "year-out-of-range"),
        ("30 Esfand 1400", "no-such-day"),
        ("1366/07/31 ه.ش", "no-such-day"),
        ("3 Iyar 5747", "calendar-not-supported"),
        ("22 Chaitra 1909 Saka", "calendar-not-supported"),
        ("7 November 1917 (Old Style)", "calendar-not-supported"),
        ("3 May 1187", "year-out-of-range"),
        ("31 February 1987", "no-such-day"),
    ],
)
def test_what_an_era_does_not_tell_is_refused(
    text: str, reason: str, months: list[list[str]]
) -> None:
    """No Western year ever comes of it, and the reason is said."""
    ((_, place),) = found(text, months)
    assert (place.day, place.reason) == (None, reason)
    assert place.detail


@pytest.mark.parametrize(
    "text",
    ["R3.2.1 was released", "see S1.2.3 and T4.5.6", "version H1.2.3", "Ramadan kareem",
     "昭和の日", "ROC curve 0.95", "BE 2530", "May 1987", "call 12 05 33 44", "10:30 20:15 23:59"],
)  # fmt: skip
def test_what_is_no_date_has_no_place(text: str, months: list[list[str]]) -> None:
    assert found(text, months) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("issued 3 May 1987, expires 2 May 1997", ["3 May 1987", "2 May 1997"]),
        ("from 3 May 1987 to 9 July 1991", ["3 May 1987", "9 July 1991"]),
        ("03.05.1987-02.05.1997", ["03.05.1987", "02.05.1997"]),
        ("12 MAR/MARS 2016 11 MAR/MARS 2026", ["12 MAR/MARS 2016", "11 MAR/MARS 2026"]),
        ("DOB 1987-05-03 issued 2015-06-30 expires 2025-06-29",
         ["1987-05-03", "2015-06-30", "2025-06-29"]),
        ("geb. ３．５．１９８７, bis ２．５．１９９７", ["３．５．１９８７", "２．５．１９９７"]),
        ("昭和62年5月3日生 令和9年6月3日まで有効", ["昭和62年5月3日", "令和9年6月3日"]),
        ("né le 1er août 1989 😀 délivré le 2 août 2010", ["1er août 1989", "2 août 2010"]),
        ("e\u0301te\u0301 3 aou\u0302t 1989, 4 aou\u0302t 1990",
         ["3 aou\u0302t 1989", "4 aou\u0302t 1990"]),
        ("\u202b٣ مايو ١٩٨٧\u202c إلى ٩ يوليو ١٩٩١", ["٣ مايو ١٩٨٧", "٩ يوليو ١٩٩١"]),
        ("ﷺ 5 رمضان 1407 هـ / 3 مايو 1987", ["5 رمضان 1407 هـ", "3 مايو 1987"]),
        ("𝟑 May 𝟏𝟗𝟖𝟕 – 9 ﬁn 1 July 1990", ["𝟑 May 𝟏𝟗𝟖𝟕", "1 July 1990"]),
        ("11.07.11 / 26.07.2035", ["11.07.11", "26.07.2035"]),
        ("86 03 07 – datum: 21-12-1983", ["86 03 07", "21-12-1983"]),
        ("01-lis-14 / 17.10.03", ["01-lis-14", "17.10.03"]),
        ("1956/06/03 – 14 czerwca 64", ["1956/06/03", "14 czerwca 64"]),
        ("no 5345-2547, 23 févr 1969, 24 déc. 53", ["23 févr 1969", "24 déc. 53"]),
        ("  3\u00a0May\u20031987\t;  9 July 1991 ", ["3\u00a0May\u20031987", "9 July 1991"]),
    ],
)  # fmt: skip
def test_places_are_those_of_the_text_as_written(
    text: str, expected: list[str], months: list[list[str]]
) -> None:
    """Also where normalizing joins, splits or drops characters before them."""
    assert [written for written, _ in found(text, months)] == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("昭和62年5月3日〜64年1月7日", ["1987-05-03", "1989-01-07"]),
        ("昭和62年5月3日〜6月5日", ["1987-05-03", "1987-06-05"]),
        ("昭和62年5月3日〜5日", ["1987-05-03", "1987-05-05"]),
        ("平成元年四月一日から三年三月三十一日まで", ["1989-04-01", "1991-03-31"]),
        ("S62.5.3-64.1.7", ["1987-05-03", "1989-01-07"]),
        ("民國76年5月3日至78年6月1日", ["1987-05-03", "1989-06-01"]),
        ("5-9 رمضان 1407 هـ", ["1987-05-03", "1987-05-07"]),
        ("1–5 Farvardin 1400", ["2021-03-21", "2021-03-25"]),
    ],
)
def test_an_era_counts_for_both_ends_of_a_range(
    text: str, days: list[str], months: list[list[str]]
) -> None:
    assert [str(place.day) for _, place in found(text, months)] == days


def test_a_short_year_beside_a_date_of_an_era_is_refused(months: list[list[str]]) -> None:
    """It may be of that era, of another or a Western one."""
    for text in ("昭和62年5月3日生 25年6月1日交付", "昭和62年5月3日、03.05.87"):
        first, second = (place for _, place in found(text, months))
        assert (first.day, second.reason) == (date(1987, 5, 3), "year-unclear")


def test_intervals_of_times_have_both_dates(months: list[list[str]]) -> None:
    for text in ("2019-05-01T00:00/2020-05-01T00:00", "2019-05-01 10:30-2020-05-01 11:00"):
        assert [w for w, _ in found(text, months)] == ["2019-05-01", "2020-05-01"]


@pytest.mark.parametrize(
    "text",
    ["1956/6/24 일", "1966/1/31월요일", "1956/6/24(日)", "57.8.4 日语", "2024/5/3 月曜日"],
)
def test_days_of_the_week_after_digits_are_no_signs(text: str, months: list[list[str]]) -> None:
    ((written, place),) = found(text, months)
    assert written[-1].isdigit()
    assert (place.reason, place.calendar) == (None, "gregorian")


def test_a_month_in_two_languages_is_one_month(months: list[list[str]]) -> None:
    for text in ("03 MAI/MAY 1987", "03 MAI / MAY 1987", "03 may (mayo) 1987"):
        ((_, place),) = found(text.replace("(mayo)", "/mayo"), months)
        assert place.text.split()[::2] == ["03", "1987"]
    assert found("12 MAY/JUN 2016", months) == []


@pytest.mark.parametrize("chunk", [
    "a\u0301\u0301", "\u0301", "क\u094d", "\u1100\u1161\u11a8", "\ufdfa", "1", "1 ", "1/",
    "1/1/11 ", "may ", "1 2 may ", "一二三", "1年1月1日", "昭和", "昭和62年", "s1.", "هـ", "ـ",
    "พ.ศ. ", "b. s. ", "januray ", "старо стил ", "10:30 ", "19870503 ", "2000-1-",
    "1987(昭和62)年", "\u200d",
])  # fmt: skip
def test_thousands_of_characters_cost_little_whatever_they_are(
    chunk: str, months: list[list[str]]
) -> None:
    """No pattern backtracks without end: attacks are over in moments."""
    text = (chunk * 3_000)[:3_000]
    began = time.process_time()
    source = placed(text)
    if len(source.text) > 20_000:  # one character can stand for eighteen
        source = PlacedText(source.original, source.text[:20_000], source.origins[:20_000])
    places_in(source, months, None)
    assert time.process_time() - began < 3
