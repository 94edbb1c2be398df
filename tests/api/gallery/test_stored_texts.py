"""No value can be stored that breaks a list, and one person is one subject."""

from typing import Any

import pytest

from tests.api.conftest import Client, subject_id

METADATA = [
    *('{"a": NaN}', '{"a": "\\u0000"}', '{"a": "\\ud800"}', '{"a": 9007199254740993}'),
    *('{"a": 1e999}', '{"a": ' + "9" * 4_000 + "}", '{"a": "' + "x" * 20_000 + '"}'),
    *('{"a": ' + "[" * n + "]" * n + "}" for n in (16, 150, 300, 500, 900)),
]


@pytest.mark.parametrize("metadata", METADATA, ids=range(len(METADATA)))
def test_metadata_that_not_everybody_could_read_back_are_refused(
    client: Client, metadata: str
) -> None:
    headers = {"Content-Type": "application/json"}
    client.collection()
    client.collection("sound", metadata={"a": 2**53})
    client.subject("Ada")
    subject = subject_id(client, "Ada")
    new = f'{{"name": "new", "metadata": {metadata}}}'
    changes = f'{{"metadata": {metadata}}}'
    for method, path, body in (
        ("POST", "/v1/collections", new),
        ("PATCH", "/v1/collections/staff", changes),
        ("POST", "/v1/collections/staff/subjects", new),
        ("PATCH", f"/v1/collections/staff/subjects/{subject}", changes),
    ):
        answer = client.request(method, path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request"), path
        assert answer.json()["errors"][0]["field"] == "metadata" and answer.json()["hint"]
    listed = client.get("/v1/collections").json()["items"]
    assert [(one["name"], one["metadata"]) for one in listed] == [
        ("sound", {"a": 2**53}),
        ("staff", {}),
    ]
    assert client.get("/v1/collections/staff/subjects").json()["items"][0]["metadata"] == {}


NAMES = [
    "",
    " ",
    "x" * 201,
    "a\nb",
    "G\0",
    "\u202eevil",
    "a\u200bb",
    "a\u2028b",
    "a\x85b",
    "a\ufeff",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_with_what_nobody_sees_are_refused(client: Client, name: str) -> None:
    client.collection()
    path = "/v1/collections/staff/subjects"
    ada = client.subject("Ada")
    requests: tuple[tuple[str, dict[str, Any]], ...] = (
        ("name", {"method": "POST", "url": path, "json": {"name": name}}),
        (
            "external_id",
            {"method": "POST", "url": path, "json": {"name": "B", "external_id": name}},
        ),
        ("name", {"method": "PATCH", "url": f"{path}/{ada}", "json": {"name": name}}),
    )
    for field, request in requests:
        answer = client.request(**request)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
        assert answer.json()["errors"][0]["field"] == field
    assert client.contents() == (1, 0)


def test_one_person_is_one_subject_however_the_name_is_written(client: Client) -> None:
    client.collection()
    path = "/v1/collections/staff/subjects"
    made = client.post(path, json={"name": "Ju\u0308rgen", "external_id": "e\u0301"}).json()
    assert (made["name"], made["external_id"]) == ("Jürgen", "é")
    for body in (
        {"name": "Jürgen"},
        {"name": " Ju\u0308rgen "},
        {"name": "Jürgen\u00a0"},
        {"name": "Other", "external_id": " é"},
    ):
        answer = client.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "duplicate-subject")
    for prefix in ("Jür", "Ju\u0308r"):
        found = client.get(path, params={"name_prefix": prefix}).json()["items"]
        assert [one["name"] for one in found] == ["Jürgen"]
