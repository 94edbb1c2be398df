"""The audit record over HTTP: what requests leave in it, and who may look."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.api.conftest import Client, new_key, running
from tests.portraits import encoded, grace


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    return Settings(
        data_dir=tmp_path_factory.mktemp("data"), model_cache_dir=model_cache, job_workers=0
    )


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Client]:
    with running(settings) as client:
        yield client


def entries(client: Client, **wanted: Any) -> list[dict[str, Any]]:
    """The newest first."""
    answer = client.get("/v1/audit", params={"limit": 200, **wanted})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def picture() -> dict[str, Any]:
    return {"image": ("p.jpg", encoded(grace()), "image/jpeg")}


def test_a_person_from_enrolment_to_erasure(client: Client) -> None:
    client.collection("staff")
    subject = client.post("/v1/collections/staff/subjects", json={"name": "Grace Hopper"}).json()
    place = f"/v1/collections/staff/subjects/{subject['id']}"
    enrolled = client.post(f"{place}/faces", files={"images": picture()["image"]}).json()
    face = enrolled["results"][0]["face"]["id"]
    asked = {"X-Request-Id": "asked-by-the-door"}
    found = client.post("/v1/collections/staff/recognize", files=picture(), headers=asked).json()
    client.post(f"{place}/verify", files=picture())
    client.delete(place)
    (decided,) = entries(client, request_id="asked-by-the-door")
    assert (decided["action"], decided["outcome"]) == ("recognize", "known")
    assert (decided["subject"], decided["faces"]) == (subject["id"], [face])
    assert decided["address"] == "testclient"
    match = found["faces"][0]
    numbers = decided["decision"]
    assert (numbers["similarity"], numbers["fmr"]) == (match["similarity"], match["fmr"])
    assert numbers["threshold"] == round(numbers["threshold"], 3)
    actions = [one["action"] for one in entries(client, subject=subject["id"])]
    assert actions == ["erase-subject", "verify", "recognize", "enroll", "create-subject"]
    assert entries(client, subject=subject["id"])[0]["action"] == "read-audit"
    whole = json.dumps(entries(client))
    assert "Grace" not in whole
    assert "Hopper" not in whole


def test_pages_go_back_to_the_first_entry(client: Client) -> None:
    for _ in range(3):
        client.collection("staff")
        client.delete("/v1/collections/staff")
    seen, cursor = [], None
    for _ in range(100):
        params = {"limit": 4} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/v1/audit", params=params).json()
        seen += [one["seq"] for one in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert seen[-1] == 1
    assert client.get("/v1/audit", params={"cursor": "x"}).status_code == 422
    for wrong in ("yesterday", "12", "2026-13-01", "20260131", "2026-01-31T10", "2026-01-31\n"):
        answer = client.get("/v1/audit", params={"since": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request"), wrong
    for right in ("2020-01-31", "2020-01-31T10:00", "2020-01-31 10:00:00.5Z", "2020-01-31t10:00z"):
        answer = client.get("/v1/audit", params={"since": right})
        assert answer.status_code == 200 and answer.json()["items"], right
        assert not client.get("/v1/audit", params={"until": right}).json()["items"], right
    assert entries(client, until="2020-01-01T00:00:00Z") == []


def test_an_entry_that_was_tampered_with_does_not_take_its_list_along(
    client: Client, settings: Settings
) -> None:
    client.collection("staff")
    seq = entries(client)[0]["seq"]
    with closing(sqlite3.connect(settings.data_dir / "facet.db")) as database, database:
        set_content = "UPDATE audit_entries SET content = ? WHERE seq = ?"
        (content,) = database.execute(
            "SELECT content FROM audit_entries WHERE seq = ?", (seq,)
        ).fetchone()
        for wrong in ("{", "[]", '{"faces": 3}'):
            database.execute(set_content, (wrong, seq))
            database.commit()
            (found,) = [one for one in entries(client) if one["seq"] == seq]
            assert found["outcome"] == "unreadable"
        database.execute(set_content, (content, seq))


def test_refused_keys_are_recorded_once_and_counted(client: Client) -> None:
    headers = {"Authorization": "Bearer facet_0011223344556677_" + "x" * 43}
    for _ in range(20):
        assert client.get("/v1/collections", headers=headers).status_code == 401
    (refused,) = entries(client, action="authenticate", outcome="invalid-key")
    assert (refused["key"], refused["address"]) == ("", "testclient")
    key = new_key(client.app, "read")
    for _ in range(3):
        bearer = {"Authorization": f"Bearer {key}"}
        assert client.get("/v1/audit", headers=bearer).status_code == 403
    (refused,) = entries(client, outcome="insufficient-scope")
    assert refused["key"] == key.split("_")[1]


def test_a_bound_key_sees_its_collection_alone(client: Client) -> None:
    client.collection("staff")
    client.collection("others")
    for name in ("staff", "others"):
        client.post(f"/v1/collections/{name}/subjects", json={"name": "Ada"})
    key = new_key(client.app, "audit", collection="staff")
    client.headers["Authorization"] = f"Bearer {key}"
    assert {one["collection"] for one in entries(client)} == {"staff"}
    assert entries(client, collection="others") == []


def test_commands_show_and_check_what_http_has_written(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    client.collection("staff")
    configuration = {"XDG_CONFIG_HOME": os.environ["XDG_CONFIG_HOME"]}  # has the master key
    environment = {"FACET_DATA_DIR": str(settings.data_dir), "PATH": "/usr/bin:/bin"}
    environment |= configuration

    def facet(*arguments: str) -> tuple[int, Any]:
        command = [sys.executable, "-m", "app.cli", "audit", *arguments, "--json"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout)

    status, shown = facet("show", "--action", "create-collection", "--limit", "1")
    assert status == 0
    (entry,) = shown["entries"]
    assert {"time", "key", "collection", "outcome"} <= entry.keys()
    assert (entry["collection"], entry["outcome"], shown["more"]) == ("staff", "done", True)
    status, checked = facet("verify")
    assert (status, checked["ok"], checked["faults"]) == (0, True, [])
    status, exported = facet("export", str(tmp_path / "audit.jsonl"))
    lines = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert (status, exported["entries"]) == (0, len(lines))
    assert (tmp_path / "audit.jsonl").stat().st_mode & 0o777 == 0o600
    assert facet("verify", "--head", checked["head"])[0] == 0
    wrong = checked["head"].partition(":")[0] + ":" + "0" * 64
    assert facet("verify", "--head", wrong)[0] == 2
