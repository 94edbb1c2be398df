"""What is recognized over HTTP, by any wire format, is remembered, listed and erased."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.settings import Settings
from app.storage.repositories.people import sighting_pages
from tests.api.conftest import Client, new_key
from tests.portraits import eileen, encoded, grace

HERE = "/v1/collections/staff"


def seen(client: Client, **wanted: Any) -> dict[str, Any]:
    assert client.app.edge.use_cases.sightings.recorder.flush(10)
    answer = client.get(f"{HERE}/sightings", params=wanted)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def watched(client: Client) -> Client:
    """A collection that remembers everything and knows Grace."""
    client.collection(policy={"remember": "all"})
    client.enrol(client.subject("Grace Hopper"), encoded(grace()))
    return client


def test_pictures_and_recordings_leave_sightings(watched: Client) -> None:
    watched.recognize(encoded(grace()), source="door-1")
    pictures = [("images", encoded(eileen())), ("images", encoded(eileen().rotate(3)))]
    path = f"{HERE}/sequences/recognize"
    track = watched.post(path, files=pictures, headers={"X-Facet-Source": "hall"})
    assert len(track.json()["tracks"]) == 1
    found = seen(watched)
    assert found["left_out"] == {"over_limit": 0, "lost": 0} and found["next_cursor"] is None
    of_eileen, of_grace = found["items"]
    assert (of_grace["decision"], of_grace["source"]) == ("known", "door-1")
    assert of_grace["subject"]["name"] == "Grace Hopper" and of_grace["fmr"] is not None
    assert (of_eileen["decision"], of_eileen["source"]) == ("unknown", "hall")
    picture = watched.get(f"{HERE}/sightings/{of_eileen['id']}/image")
    assert picture.content[:2] == b"\xff\xd8" and len(picture.content) < 60_000


def test_lists_filter_page_and_refuse(watched: Client) -> None:
    for source in ("a", "b", "a"):
        watched.recognize(encoded(eileen()), source=source)
    assert len(seen(watched, source="a")["items"]) == 2
    first = seen(watched, limit=2)
    rest = seen(watched, limit=2, cursor=first["next_cursor"])
    assert len(first["items"]) == 2 and len(rest["items"]) == 1 and rest["next_cursor"] is None
    for day in ("2100-01-01T00:00:00Z", "2100-01-01"):
        assert seen(watched, since=day)["items"] == []
        assert len(seen(watched, until=day)["items"]) == len(seen(watched)["items"]) > 0
    for wrong in ({"since": "12"}, {"decision": "x"}, {"min_quality": 2}, {"limit": 0}):
        answer = watched.get(f"{HERE}/sightings", params=wrong)
        assert answer.json()["code"] == "invalid-request"
    assert watched.get(f"{HERE}/sightings?cursor=x").json()["code"] == "invalid-cursor"
    answer = watched.recognize(encoded(eileen()), source="a\u0007")
    assert answer.json()["code"] == "invalid-request"


def test_a_page_that_ends_early_says_how_far_it_has_looked(
    watched: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        watched.recognize(encoded(eileen()))
    newest, *_, oldest = seen(watched)["items"]
    monkeypatch.setattr(sighting_pages, "MOST_LOOKED_AT", 1)
    page = seen(watched, min_quality=1)
    assert page["items"] == [] and page["looked_back_to"] == newest["at"]
    while page["next_cursor"] is not None:
        back = page["looked_back_to"]
        page = seen(watched, min_quality=1, cursor=page["next_cursor"])
    assert back == oldest["at"] and page["looked_back_to"] is None
    assert seen(watched, limit=1)["looked_back_to"] is None


def test_erasure_by_filter_and_of_one(watched: Client) -> None:
    for turned, source in enumerate(("a", "b", "b")):
        watched.recognize(encoded(eileen().rotate(turned)), source=source)
    one = seen(watched)["items"][0]["id"]
    path = f"{HERE}/sightings"
    dry = watched.delete(path, params={"source": "b", "dry_run": True}).json()
    assert (dry["sightings"], dry["dry_run"], dry["erased"]) == (2, True, "sightings")
    assert watched.delete(f"{path}/{one}").json()["sightings"] == 1
    assert watched.delete(f"{path}/{one}").json()["code"] == "unknown-sighting"
    assert watched.delete(path, params={"source": "b"}).json()["images"] == 1
    assert watched.delete(path).json()["sightings"] == 1
    assert seen(watched)["items"] == []


def test_the_policy_is_an_administrators(watched: Client) -> None:
    shown = watched.get(HERE).json()["policy"]
    assert (shown["remember"], shown["remember_days"]) == ("all", 30)
    for wrong in ({"remember": "x"}, {"remember_days": 0}, {"remember_per_day": 0}):
        answer = watched.patch(HERE, json={"policy": wrong})
        assert answer.json()["code"] == "invalid-request"
    done = watched.patch(HERE, json={"policy": {"remember": "nothing", "remember_days": 2.5}})
    assert done.json()["policy"]["remember_days"] == 2.5
    watched.headers["Authorization"] = f"Bearer {new_key(watched.app, ['write'])}"
    answer = watched.patch(HERE, json={"policy": {"remember": "all"}})
    assert answer.json()["code"] == "insufficient-scope"


def test_commands_remember_list_and_erase(
    watched: Client, server_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))
    picture = tmp_path / "e.jpg"
    picture.write_bytes(encoded(eileen()))

    def facet(*words: str) -> Any:
        done = CliRunner().invoke(app, [*words, "-c", "staff", "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    facet("recognize", str(picture), "--source", "desk")
    listed = facet("sightings", "list", "--decision", "unknown", "--since", "2020-01-01")
    assert [one["source"] for one in listed["items"]] == ["desk"]
    assert facet("sightings", "erase", "--source", "desk", "--dry-run")["sightings"] == 1
    assert facet("sightings", "erase", "--source", "desk")["sightings"] == 1
    assert facet("sightings", "list")["items"] == []
