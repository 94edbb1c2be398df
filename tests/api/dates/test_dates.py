"""Dates in texts over HTTP."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import Client

PATH = "/v1/sequences/dates"


def read(client: Client, text: str, **fields: Any) -> Any:
    return client.post(PATH, json={"text": text, **fields})


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("Thursday, the 3rd of May 1987", None, "1987-05-03"),
        ("né le 14 juillet 1989", "fr", "1989-07-14"),
        ("2024年2月29日", "ja", "2024-02-29"),
        ("03/04/2005", "en_US", "2005-03-04"),
        ("03/04/2005", "de-AT", "2005-04-03"),
        ("٣ مايو ١٩٩٠", "ar", "1990-05-03"),
    ],
)
def test_a_date_is_read(client: Client, text: str, locale: str | None, expected: str) -> None:
    answer = read(client, text, locale=locale).json()
    assert answer["date"] == expected, answer
    assert answer["ambiguous"] is bool(answer["other_readings"]) is ("/" in text)
    assert answer["candidates"][0]["date"] == expected
    scores = [candidate["score"] for candidate in answer["candidates"]]
    assert scores == sorted(scores, reverse=True)
    seen = answer["attention"]
    assert seen["rows"] == list(expected.replace("-", ""))
    assert "".join(seen["columns"][1:]) == answer["text"]
    assert all(len(row) == len(seen["columns"]) for row in seen["weights"])
    assert all(sum(row) == pytest.approx(1, abs=1e-3) for row in seen["weights"])


def test_digits_of_three_readings_show_them(client: Client) -> None:
    answer = read(client, "03/04/05", beam_width=8).json()
    assert answer["ambiguous"] is True
    readings = {"2005-04-03", "2005-03-04", "2003-04-05"}
    assert {answer["date"], *answer["other_readings"]} == readings


def placed(answer: Any, text: str) -> list[tuple[str, str, str]]:
    """The days of an answer with their places in the text and their calendars."""
    return [(d["date"], text[d["start"] : d["end"]], d["calendar"]) for d in answer["dates"]]


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("issued 3 May 1987, expires 2 May 1997", None,
         [("1987-05-03", "3 May 1987", "gregorian"), ("1997-05-02", "2 May 1997", "gregorian")]),
        ("from 3 May 1987 to 9 July 1991", "en_GB",
         [("1987-05-03", "3 May 1987", "gregorian"), ("1991-07-09", "9 July 1991", "gregorian")]),
        ("DOB １２/MAR/1960 \U0001f600 exp. 11 MAR/MARS 2026", "en_GB",
         [("1960-03-12", "１２/MAR/1960", "gregorian"),
          ("2026-03-11", "11 MAR/MARS 2026", "gregorian")]),
        ("生年月日 昭和62年5月3日 有効期限 2027年6月3日", "ja",
         [("1987-05-03", "昭和62年5月3日", "japanese"),
          ("2027-06-03", "2027年6月3日", "gregorian")]),
    ],
)  # fmt: skip
def test_several_dates_are_all_answered_with_their_places(
    client: Client, text: str, locale: str | None, expected: list[tuple[str, str, str]]
) -> None:
    answer = read(client, text, locale=locale).json()
    assert placed(answer, text) == expected
    assert answer["ambiguous"] is True
    assert (answer["date"], answer["refused"]) == (expected[0][0], [])


def test_one_day_that_stands_twice_is_not_ambiguous(client: Client) -> None:
    text = "5 رمضان 1407 هـ الموافق 3 مايو 1987 م"
    answer = read(client, text, locale="ar").json()
    assert [day for day, _, _ in placed(answer, text)] == ["1987-05-03"] * 2
    assert [calendar for _, _, calendar in placed(answer, text)] == [
        "islamic-umalqura",
        "gregorian",
    ]
    assert answer["ambiguous"] is False


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("昭和62年5月3日", "japanese"),
        ("S62.5.3", "japanese"),
        ("民國76年5月3日", "roc"),
        ("3 พ.ค. 2530", "buddhist"),
        ("5 رمضان 1407 هـ", "islamic-umalqura"),
        ("۱۳ اردیبهشت ۱۳۶۶", "persian"),
    ],
)
def test_dates_of_other_calendars_are_converted(client: Client, text: str, calendar: str) -> None:
    answer = read(client, text).json()
    assert placed(answer, text) == [("1987-05-03", text, calendar)]
    assert (answer["date"], answer["calendar"]) == ("1987-05-03", calendar)
    assert (answer["probability"], answer["ambiguous"]) == (1, False)
    assert answer["dates"][0]["read_by"] == "calendar"
    assert answer["candidates"][0]["date"] == "1987-05-03"
    assert answer["attention"] == {"rows": [], "columns": [], "weights": []}
    picture = client.post(PATH, json={"text": text}, headers={"Accept": "image/png"})
    assert (picture.status_code, picture.json()["code"]) == (422, "no-attention")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("昭和64年1月8日", "outside-era"),
        ("S64.1.8", "outside-era"),
        ("平成32年5月3日", "outside-era"),
        ("農曆1987年5月3日", "calendar-not-supported"),
        ("3/5/30 พ.ศ.", "year-unclear"),
        ("31 رمضان 1407 هـ", "no-such-day"),
    ],
)
def test_an_era_that_tells_no_day_is_refused_with_its_place(
    client: Client, text: str, reason: str
) -> None:
    answer = read(client, text)
    reported = answer.json()
    assert (answer.status_code, reported["code"]) == (422, "no-date"), reported
    assert [place["reason"] for place in reported["refused"]] == [reason]
    assert (reported["refused"][0]["start"], reported["refused"][0]["end"]) == (0, len(text))
    assert reported["refused"][0]["detail"] in reported["detail"]


def test_a_place_that_gives_no_day_is_told_beside_one_that_does(client: Client) -> None:
    answer = read(client, "born 3 May 1987, expires 31 February 1999").json()
    assert answer["date"] == "1987-05-03"
    assert answer["ambiguous"] is True
    assert [place["reason"] for place in answer["refused"]] == ["no-such-day"]


def test_beam_and_penalty_are_the_callers(client: Client) -> None:
    text = "5 June 1999"
    greedy = read(client, text, beam_width=1, length_penalty=0).json()
    wide = read(client, text, beam_width=10, length_penalty=1).json()
    assert greedy["date"] == wide["date"] == "1999-06-05"
    assert len(greedy["candidates"]) == 1 < len(wide["candidates"])
    # Without a penalty the score is the log-probability itself; with 1, the mean of nine tokens.
    assert greedy["score"] == pytest.approx(9 * wide["score"], abs=1e-4)


def test_the_attention_comes_as_a_picture(client: Client) -> None:
    answer = client.post(PATH, json={"text": "5 мая 1999"}, headers={"Accept": "image/png"})
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width > 200
    assert len(picture.convert("RGB").getcolors(100_000) or ()) > 10


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "see you at 10:30"}, 422, "no-date"),
        ({"text": "31/02/1999"}, 422, "no-date"),
        ({"text": ""}, 422, "no-date"),
        ({"text": "\u0000\ufffd\u200f"}, 422, "no-date"),
        ({"text": "x" * 1001}, 422, "text-too-long"),
        ({"text": "3 May 1987 " * 5_000}, 422, "text-too-long"),
        ({"text": "3 May 1987", "locale": "tlh"}, 422, "unknown-locale"),
        ({"text": "3 May 1987", "locale": "x" * 41}, 422, "invalid-request"),
        ({"text": "3 May 1987", "beam_width": 0}, 422, "invalid-request"),
        ({"text": "3 May 1987", "beam_width": 10**9}, 422, "invalid-request"),
        ({"text": "3 May 1987", "length_penalty": -1}, 422, "invalid-request"),
        ({"text": 19870503}, 422, "invalid-request"),
        ({}, 422, "invalid-request"),
    ],
)
def test_what_is_no_date_is_said_to_be_none(
    client: Client, body: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(PATH, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(answer.content) < 2000


def test_dates_need_a_key(client: Client) -> None:
    answer = client.post(PATH, json={"text": "3 May 1987"}, headers={"Authorization": ""})
    assert (answer.status_code, answer.json()["code"]) == (401, "missing-key")
