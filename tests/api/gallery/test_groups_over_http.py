"""A folder of pictures becomes named people, on the command line and over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.settings import Settings
from tests.api.conftest import Client, new_key
from tests.portraits import eileen, encoded, grace

HERE = "/v1/collections/staff"


def facet(*words: str, status: int = 0) -> Any:
    done = CliRunner().invoke(app, [*words, "-c", "staff", "--json"])
    assert done.exit_code == status, done.output
    return json.loads(done.stdout)


@pytest.fixture
def folder(
    client: Client, server_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Two pictures each of Grace and Eileen, in folders that say nothing; a text."""
    client.collection()
    photos = tmp_path / "photos"
    (photos / "2024" / "misc").mkdir(parents=True)
    for name, portrait in (("g", grace()), ("e", eileen())):
        (photos / f"{name}1.jpg").write_bytes(encoded(portrait))
        (photos / "2024" / "misc" / f"{name}2.jpg").write_bytes(encoded(portrait.rotate(5)))
    (photos / "notes.txt").write_text("nothing")
    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))
    monkeypatch.chdir(tmp_path)
    return photos


def test_two_people_become_subjects(client: Client, folder: Path) -> None:
    done = facet("import", str(folder), "--unnamed")
    assert (done["enrolled"], done["present"], done["rejected"]) == (4, 0, 0)
    assert facet("import", str(folder), "--unnamed")["present"] == 4
    listed = facet("groups", "list")
    sources = [sorted(face["source"] for face in one["faces"]) for one in listed["groups"]]
    assert sorted(sources) == [["2024/misc/e2.jpg", "e1.jpg"], ["2024/misc/g2.jpg", "g1.jpg"]]
    assert (listed["alone"], listed["waiting"]) == ([], 0)
    page = client.get(f"{HERE}/groups").json()
    assert {g["id"]: g["size"] for g in page["items"]} == {g["id"]: 2 for g in listed["groups"]}
    assert (page["waiting"], page["next_cursor"]) == (0, None)
    of_grace, of_eileen = sorted(listed["groups"], key=lambda one: "g1.jpg" not in str(one))
    face = of_grace["faces"][0]["id"]
    picture = client.get(f"{HERE}/sightings/{face}/image")
    assert picture.headers["content-type"] == "image/jpeg" and picture.content[:2] == b"\xff\xd8"

    named = facet("groups", "assign", of_grace["id"], "--new", "Grace Hopper")
    assert named["subject"]["faces"] == 2
    found = client.recognize(encoded(grace())).json()["faces"][0]
    assert found["subject"]["name"] == "Grace Hopper"
    path = f"{HERE}/groups/{of_eileen['id']}"
    answer = client.post(f"{path}/assign", json={"subject_id": named["subject"]["id"]})
    assert answer.json()["subject"]["faces"] == 4
    assert client.get(f"{HERE}/groups").json()["items"] == []
    assert client.get(f"{HERE}/sightings/{face}/image").json()["code"] == "unknown-sighting"


def test_wrong_ones_are_refused_and_a_group_is_discarded(client: Client, folder: Path) -> None:
    facet("import", str(folder), "--unnamed")
    one, other = client.get(f"{HERE}/groups").json()["items"]
    path = f"{HERE}/groups/{one['id']}"
    for body, code in (
        ({}, "invalid-request"),
        ({"subject_id": "x", "new_subject": "y"}, "invalid-request"),
        ({"subject_id": "nobody"}, "unknown-subject"),
        ({"new_subject": "\x07"}, "invalid-request"),
    ):
        assert client.post(f"{path}/assign", json=body).json()["code"] == code
    answer = client.post(f"{HERE}/groups/nothing/assign", json={"new_subject": "A"})
    assert answer.json()["code"] == "unknown-group"
    admin = client.headers["Authorization"]
    client.headers["Authorization"] = f"Bearer {new_key(client.app, ['verify', 'recognize'])}"
    for answer in (
        client.get(f"{HERE}/groups"),
        client.delete(path),
        client.post(f"{path}/assign", json={"new_subject": "A"}),
    ):
        assert answer.json()["code"] == "insufficient-scope"
    client.headers["Authorization"] = admin
    assert client.delete(path).json() == {"group_id": one["id"], "faces": 2}
    assert facet("groups", "discard", other["id"])["faces"] == 2
    assert client.get(f"{HERE}/groups").json()["items"] == []


def test_a_group_that_has_changed_meanwhile_is_left_alone(client: Client, folder: Path) -> None:
    facet("import", str(folder), "--unnamed")
    one, other = client.get(f"{HERE}/groups").json()["items"]
    path = f"{HERE}/groups/{one['id']}"
    stale = {"If-Match": client.get(path).headers["etag"]}
    assert stale["If-Match"] == f'"{one["version"]}"'
    ignored = client.post(f"{path}/ignore", json={}, headers=stale)
    assert ignored.status_code == 200 and ignored.headers["etag"] != stale["If-Match"]
    for answer in (
        client.post(f"{path}/ignore", json={"ignored": False}, headers=stale),
        client.post(f"{path}/merge", json={"group_id": other["id"]}, headers=stale),
        client.post(f"{path}/split", json={"sighting_ids": [1]}, headers=stale),
        client.post(f"{path}/assign", json={"new_subject": "Grace"}, headers=stale),
        client.delete(path, headers=stale),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "changed-meanwhile")
    now = {"If-Match": ignored.headers["etag"]}
    merged = client.post(f"{path}/merge", json={"group_id": other["id"]}, headers=now)
    assert merged.json()["size"] == 4
    now = {"If-Match": f'"x", {merged.headers["etag"]}'}
    assert client.delete(path, headers=now).json()["faces"] == 4


def test_only_a_folder_is_without_names(client: Client, folder: Path) -> None:
    error = facet("import", str(folder / "g1.jpg"), "--unnamed", status=2)["error"]
    assert error["code"] == "invalid-request" and "directory" in error["detail"]
