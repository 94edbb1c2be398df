"""Suggestions are found, refused and accepted, on the command line and over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.settings import Settings
from tests.api.conftest import Client
from tests.portraits import encoded, grace

HERE = "/v1/collections/staff"


def facet(*words: str) -> Any:
    done = CliRunner().invoke(app, [*words, "-c", "staff", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_group_is_refused_and_then_accepted(
    client: Client, server_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.collection()
    photos = tmp_path / "photos"
    photos.mkdir()
    for degrees in (0, 5):
        (photos / f"{degrees}.jpg").write_bytes(encoded(grace().rotate(degrees)))
    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))
    subject = client.subject("Grace Hopper")
    client.enrol(subject, encoded(grace().rotate(-7)))
    facet("import", str(photos), "--unnamed")
    (one,) = facet("review", "list")["suggestions"]
    assert (one["kind"], one["size"], one["subject"]["id"]) == ("group-is-subject", 2, subject)
    page = client.get(f"{HERE}/review").json()
    assert page == {"items": [one], "next_cursor": None}

    refused = client.post(f"{HERE}/review/{one['id']}/refuse", json={}).json()
    assert (refused["accepted"], refused["negatives"]) == (False, 2)
    assert facet("review", "list")["suggestions"] == []
    found = client.recognize(encoded(grace())).json()["faces"][0]
    assert found["decision"] == "unknown"
    held = client.get(f"{HERE}/subjects/{subject}/negatives").json()["items"]
    assert held == facet("review", "negatives", "Grace Hopper")["negatives"] and len(held) == 2
    gone = client.delete(f"{HERE}/subjects/{subject}/negatives/{held[0]['id']}")
    assert gone.json() == {"negative_id": held[0]["id"]}
    undone = client.post(f"{HERE}/operations/{refused['operation_id']}/undo", json={})
    assert undone.status_code == 200
    denied = facet("review", "deny", "Grace Hopper", "--sighting", str(held[1]["sighting_id"]))
    assert denied["negatives"] == 1
    facet("operations", "undo", denied["operation_id"])

    again = client.post(
        f"{HERE}/review/{one['id']}/accept", json={"new_subject": "x", "subject_id": "y"}
    )
    assert again.json()["code"] == "invalid-request"
    accepted = facet("review", "accept", one["id"])
    assert (accepted["faces"], accepted["subject"]["faces"]) == (2, 3)
    answer = client.post(f"{HERE}/review/{one['id']}/refuse", json={})
    assert answer.json()["code"] == "unknown-suggestion"
    assert client.recognize(encoded(grace())).json()["faces"][0]["decision"] == "known"
