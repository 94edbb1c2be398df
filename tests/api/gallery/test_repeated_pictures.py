"""A picture that a subject has already: told with its face, and not stored twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.services.enrolling.enrolment import Enroller
from tests.api.conftest import Client
from tests.portraits import eileen, encoded, grace


def test_the_same_picture_is_stored_once(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    first = client.enrol(subject, encoded(grace()))
    again = client.enrol(subject, encoded(grace()))
    assert (first.status_code, again.status_code) == (201, 200)
    result = again.json()["results"][0]
    assert result["status"] == "already-enrolled" and result["error"] is None
    assert result["face"] == first.json()["results"][0]["face"]
    assert (again.json()["enrolled"], again.json()["already_enrolled"]) == (0, 1)
    assert client.contents() == (1, 1)


def test_a_picture_twice_in_one_request_is_stored_once(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    picture = encoded(grace())
    answer = client.enrol(subject, picture, b"not an image", picture, encoded(grace(), "PNG"))
    assert answer.status_code == 201
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [
        "enrolled",
        "rejected",
        "already-enrolled",
        "enrolled",
    ]
    assert results[2]["face"]["id"] == results[0]["face"]["id"]
    assert client.contents() == (1, 2)


def test_requests_at_once_store_it_once(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    picture = encoded(grace())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.enrol(subject, picture), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert client.contents() == (1, 1)


def test_it_is_stored_again_when_asked_for(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    picture = encoded(grace())
    wanted = {"allow_repeats": "true"}
    assert client.enrol(subject, picture, picture, data=wanted).json()["enrolled"] == 2
    assert client.enrol(subject, picture, data=wanted).status_code == 201
    assert client.contents() == (1, 3)


def test_another_subject_may_have_it_too(client: Client) -> None:
    client.collection()
    picture = encoded(eileen())
    assert client.enrol(client.subject("Eileen"), picture).status_code == 201
    assert client.enrol(client.subject("Her twin"), picture).status_code == 201


def test_an_erased_picture_can_come_back(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    face = client.enrol(subject, encoded(grace())).json()["results"][0]["face"]["id"]
    assert client.delete(f"/v1/collections/staff/faces/{face}").status_code == 200
    assert client.enrol(subject, encoded(grace())).status_code == 201


def test_a_repeated_request_gets_the_status_that_the_first_one_got(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    assert client.enrol(subject, encoded(grace())).status_code == 201
    # As if the picture had come while this request was being analysed.
    monkeypatch.setattr(Enroller, "_known", lambda *_: {})
    once = {"Idempotency-Key": "once"}
    first = client.enrol(subject, encoded(grace()), headers=once)
    again = client.enrol(subject, encoded(grace()), headers=once)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
