"""Edits of a subject that somebody else has changed meanwhile."""

import pytest

from tests.api.conftest import Client
from tests.portraits import encoded, grace

HERE = "/v1/collections/staff/subjects"


@pytest.fixture
def subject(client: Client) -> str:
    client.collection()
    return str(client.post(HERE, json={"name": "Grace"}).json()["id"])


def test_an_edit_does_not_write_over_another(client: Client, subject: str) -> None:
    path = f"{HERE}/{subject}"
    seen = client.get(path)
    tag = seen.headers["etag"]
    assert tag == f'"{seen.json()["version"]}"'
    first = client.patch(path, json={"name": "Grace H."}, headers={"If-Match": tag})
    assert first.status_code == 200 and first.headers["etag"] != tag
    second = client.patch(path, json={"name": "Gracie"}, headers={"If-Match": tag})
    assert (second.status_code, second.json()["code"]) == (412, "changed-meanwhile")
    assert client.get(path).json()["name"] == "Grace H."
    other = client.post(HERE, json={"name": "Eileen"}).json()["id"]
    merge = {"json": {"subject_id": other}}
    stale = client.post(f"{path}/merge", headers={"If-Match": tag}, **merge)
    assert stale.status_code == 412 and client.get(f"{HERE}/{other}").status_code == 200
    now = client.get(path).headers["etag"]
    merged = client.post(f"{path}/merge", headers={"If-Match": f'"x", {now}'}, **merge)
    assert merged.status_code == 200 and merged.headers["etag"] not in (tag, now)


@pytest.mark.parametrize("condition", [None, "*"])
def test_without_a_version_everything_is_written(
    client: Client, subject: str, condition: str | None
) -> None:
    headers = {} if condition is None else {"If-Match": condition}
    done = client.patch(f"{HERE}/{subject}", json={"name": "Gracie"}, headers=headers)
    assert done.status_code == 200


@pytest.mark.parametrize("condition", ["", "x", '"x"', 'W/"x"', "\xff"])
def test_another_text_is_no_version(client: Client, subject: str, condition: str) -> None:
    done = client.patch(
        f"{HERE}/{subject}",
        json={"name": "Gracie"},
        headers={"If-Match": condition.encode("latin-1")},
    )
    assert done.json()["code"] == "changed-meanwhile"


def test_a_face_is_neither_moved_nor_chosen_for_a_subject_that_has_changed(
    client: Client, subject: str
) -> None:
    path = f"{HERE}/{subject}"
    face = client.enrol(subject, encoded(grace())).json()["results"][0]["face"]["id"]
    stale = {"If-Match": client.get(path).headers["etag"]}
    client.patch(path, json={"name": "Grace H."})
    move = {"face_ids": [face], "subject_id": subject}
    for answer in (
        client.put(f"{path}/face", json={"face_id": face}, headers=stale),
        client.post("/v1/collections/staff/faces/move", json=move, headers=stale),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "changed-meanwhile")
    now = {"If-Match": client.get(path).headers["etag"]}
    assert client.put(f"{path}/face", json={"face_id": face}, headers=now).status_code == 200
    moved = client.post("/v1/collections/staff/faces/move", json=move, headers=now)
    assert moved.status_code == 200
    split = {"face_ids": [face], "new_subject": "Eileen"}
    answer = client.post("/v1/collections/staff/faces/move", json=split, headers=now)
    assert answer.json()["code"] == "invalid-request"
