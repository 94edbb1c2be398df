"""A sealed collection over HTTP: exact values are found, and everything else is refused."""

from typing import Any

import pytest

from tests.api.conftest import Client
from tests.portraits import encoded, grace

GRACE = {
    "name": "Grace Hopper",
    "external_id": "navy-1906",
    "metadata": {"rank": "RDML", "ships": 3, "more": {"born": 1906}},
}
PEOPLE = "/v1/collections/staff/subjects"


@pytest.fixture
def sealed(client: Client) -> Client:
    """A client of a server with Grace in the sealed collection `staff`."""
    assert client.collection(sealed=True)["sealed"]
    made = client.post(PEOPLE, json=GRACE)
    assert made.status_code == 201, made.text
    client.post(PEOPLE, json={"name": "Eileen Collins"}).raise_for_status()
    return client


def listed(client: Client, **asked: Any) -> list[str]:
    answer = client.get(PEOPLE, params=asked)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


def test_subjects_are_shown_and_found_by_whole_values(sealed: Client) -> None:
    assert listed(sealed) == ["Grace Hopper", "Eileen Collins"]
    assert listed(sealed, name="Grace Hopper") == ["Grace Hopper"]
    assert listed(sealed, external_id="navy-1906") == ["Grace Hopper"]
    assert listed(sealed, name="Grace") == []
    first = sealed.get(PEOPLE, params={"limit": 1}).json()
    assert [one["metadata"] for one in first["items"]] == [GRACE["metadata"]]
    assert listed(sealed, limit=1, cursor=first["next_cursor"]) == ["Eileen Collins"]
    assert sealed.get(PEOPLE, params={"name": "\u200b"}).json()["code"] == "invalid-request"


def test_the_same_is_found_in_an_open_collection(staff: Client) -> None:
    assert not staff.get("/v1/collections/staff").json()["sealed"]
    assert listed(staff, name="Grace Hopper") == listed(staff, name_prefix="Gra")
    assert listed(staff, name="Grace") == listed(staff, external_id="navy-1906") == []


def test_beginnings_of_names_are_refused(sealed: Client) -> None:
    refused = sealed.get(PEOPLE, params={"name_prefix": "Gra"})
    assert (refused.status_code, refused.json()["code"]) == (409, "sealed-collection")
    assert "`name`" in refused.json()["hint"]


def test_whether_it_is_sealed_is_settled(sealed: Client) -> None:
    refused = sealed.patch("/v1/collections/staff", json={"sealed": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "sealed-collection")
    assert sealed.patch("/v1/collections/staff", json={"sealed": True}).json()["sealed"]
    assert sealed.patch("/v1/collections/staff", json={"keep_images": False}).json()["sealed"]
    assert sealed.get("/v1/collections").json()["items"][0]["sealed"]


def test_a_name_is_taken_once(sealed: Client) -> None:
    for taken in ({"name": "Grace Hopper"}, {"name": "G", "external_id": "navy-1906"}):
        assert sealed.post(PEOPLE, json=taken).json()["code"] == "duplicate-subject"


def test_people_are_recognized_among_those_of_some_metadata(sealed: Client) -> None:
    (grace_id,) = (
        one["id"] for one in sealed.get(PEOPLE, params={"name": "Grace Hopper"}).json()["items"]
    )
    once = {"Idempotency-Key": "once"}
    first, again = (sealed.enrol(grace_id, encoded(grace()), headers=once) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    picture = encoded(grace(), quality=70)
    for where, known in (
        ('{"rank": "RDML", "ships": 3.0}', ["known"]),
        ('{"rank": "RDM"}', ["unknown"]),
    ):
        faces = sealed.recognize(picture, where=where).json()["faces"]
        assert [one["decision"] for one in faces] == known, where
    changed = sealed.patch(f"{PEOPLE}/{grace_id}", json={"name": "Grace B. Hopper"})
    assert changed.json()["external_id"] == "navy-1906"
    (face,) = sealed.recognize(picture).json()["faces"]
    assert face["subject"]["name"] == "Grace B. Hopper"
