"""Birth dates of subjects over HTTP: read, stored as ISO, refused and asked back."""

from itertools import count
from typing import Any

import pytest

from tests.api.conftest import Client

_numbers = count(1)


def new_collection(client: Client) -> str:
    return str(client.collection(f"staff-{next(_numbers)}")["name"])


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("9 December 1906", "1906-12-09"),
        ("1906-12-09", "1906-12-09"),
        ("1815-12-10", "1815-12-10"),  # ISO is taken as it is
        ({"text": "12/09/1906", "locale": "en_US"}, "1906-12-09"),
        ({"text": "9 décembre 1906"}, "1906-12-09"),
        (None, None),
    ],
)
def test_birth_dates_are_stored_as_iso(client: Client, given: Any, stored: str | None) -> None:
    collection = new_collection(client)
    path = f"/v1/collections/{collection}/subjects"
    metadata = {"birth_date": given, "rank": "RDML"}
    made = client.post(path, json={"name": "Grace Hopper", "metadata": metadata}).json()
    assert made["metadata"] == {"birth_date": stored, "rank": "RDML"}
    assert client.get(f"{path}/{made['id']}").json()["metadata"]["birth_date"] == stored
    patch = {"metadata": {"birth_date": "le 19 novembre 1956"}}
    changed = client.patch(f"{path}/{made['id']}", json=patch).json()
    assert changed["metadata"] == {"birth_date": "1956-11-19"}
    assert client.patch(f"{path}/{made['id']}", json={"name": "G"}).json()["metadata"] == {
        "birth_date": "1956-11-19"
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("unknown", "no-date"),
        ("1906-13-45", "no-date"),
        ("09/12/1906", "ambiguous-date"),
        ("昭和64年1月8日", "no-date"),
        ({"text": "9 December 1906", "locale": "tlh"}, "unknown-locale"),
        ("9 December 1906 " * 80, "text-too-long"),
        (19061209, "invalid-request"),
        ({"day": 9}, "invalid-request"),
        (["9 December 1906"], "invalid-request"),
    ],
)
def test_a_birth_date_that_is_none_is_refused(client: Client, given: Any, code: str) -> None:
    collection = new_collection(client)
    path = f"/v1/collections/{collection}/subjects"
    body = {"name": "Grace Hopper", "metadata": {"birth_date": given}}
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert client.get(path).json()["items"] == []
    if code == "ambiguous-date":
        assert answer.json()["readings"] == ["1906-09-12", "1906-12-09"]
    subject = client.subject("Grace Hopper", collection)
    patched = client.patch(f"{path}/{subject}", json={"metadata": {"birth_date": given}})
    assert (patched.status_code, patched.json()["code"]) == (422, code)
    assert client.get(f"{path}/{subject}").json()["metadata"] == {}


@pytest.mark.parametrize(
    ("given", "calendar"),
    [
        ("昭和62年5月3日", "japanese"),
        ({"text": "5 رمضان 1407 هـ", "locale": "ar"}, "islamic-umalqura"),
        ("3 May 1987", "gregorian"),
        ("1987-05-03", None),
    ],
)
def test_the_calendar_of_a_birth_date_is_told_where_it_is_read(
    client: Client, given: Any, calendar: str | None
) -> None:
    path = f"/v1/collections/{new_collection(client)}/subjects"
    body = {"name": "Grace Hopper", "metadata": {"birth_date": given}}
    made = client.post(path, json=body).json()
    assert made["metadata"] == {"birth_date": "1987-05-03"}
    assert made["birth_date_calendar"] == calendar
    changed = client.patch(f"{path}/{made['id']}", json={"metadata": {"birth_date": given}}).json()
    assert changed["birth_date_calendar"] == calendar
    assert client.get(f"{path}/{made['id']}").json()["birth_date_calendar"] is None


@pytest.mark.parametrize(
    ("text", "days", "refused"),
    [
        ("born 3 May 1987, issued 2 May 1997", ["1987-05-03", "1997-05-02"], 0),
        ("昭和62年5月3日 / 令和9年6月3日", ["1987-05-03", "2027-06-03"], 0),
        ("3 May 1987 (昭和64年1月8日)", ["1987-05-03"], 1),
    ],
)
def test_a_birth_date_among_several_dates_is_asked_back(
    client: Client, text: str, days: list[str], refused: int
) -> None:
    """Also with a locale, which tells the order of digits but not which date is meant."""
    path = f"/v1/collections/{new_collection(client)}/subjects"
    for given in (text, {"text": text, "locale": "en_GB"}):
        body = {"name": "Grace Hopper", "metadata": {"birth_date": given}}
        answer = client.post(path, json=body)
        reported = answer.json()
        assert (answer.status_code, reported["code"]) == (422, "ambiguous-date"), reported
        assert [place["date"] for place in reported["dates"]] == reported["readings"] == days
        assert len(reported["refused"]) == refused
        assert all(text[place["start"] : place["end"]].strip() for place in reported["dates"])
    assert client.get(path).json()["items"] == []
