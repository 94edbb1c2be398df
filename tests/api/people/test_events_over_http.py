"""Events over HTTP: from now on, or from the last one on; none of another's collection."""

import json
import threading
from typing import Any

from app.api.v1 import following
from tests.api.conftest import Client, new_key
from tests.portraits import eileen, encoded


def heard(client: Client, **more: Any) -> list[tuple[str, dict[str, Any], str]]:
    answer = client.get("/v1/events", params={"wait": 0, **more.pop("params", {})}, **more)
    assert answer.status_code == 200 and "text/event-stream" in answer.headers["content-type"]
    found = []
    for block in answer.text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines["event"], json.loads(lines["data"]), lines.get("id", "")))
    return found


def test_a_follower_is_told_and_goes_on(client: Client) -> None:
    client.collection()
    ((kind, data, position),) = heard(client)
    assert (kind, data) == ("position", {"lost": False})
    subject = client.subject("Eileen Collins")
    client.enrol(subject, encoded(eileen()))
    client.delete(f"/v1/collections/staff/subjects/{subject}")
    after = {"Last-Event-ID": position}
    begun, enrolled, erased = heard(client, headers=after)
    assert begun[2] == position and int(erased[2]) > int(enrolled[2]) > int(position)
    assert enrolled[1]["collection"] == "staff" and enrolled[1]["data"]["subject_id"] == subject
    assert erased[1]["data"]["erased"] == "subject" and "Eileen" not in str(erased)
    assert [e[0] for e in heard(client, headers={"Last-Event-ID": enrolled[2]})][1:] == ["erased"]
    chosen = heard(client, headers=after, params={"kind": ["enrolled"], "collection": "staff"})
    assert [e[0] for e in chosen] == ["position", "enrolled"]


def test_events_arrive_while_one_waits(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "_INTERVAL", 0.02)
    client.collection()
    enrol = threading.Timer(0.3, lambda: client.enrol(client.subject("E"), encoded(eileen())))
    enrol.start()
    found = heard(client, params={"wait": 3})
    enrol.join()
    assert [kind for kind, _, _ in found] == ["position", "enrolled"]


def test_wrong_questions_and_the_keys_of_others(client: Client, monkeypatch: Any) -> None:
    client.collection()
    client.collection("other")
    path = "/v1/events"
    assert client.get(path, params={"kind": "x", "wait": 0}).json()["code"] == "invalid-request"
    assert client.get(path, params={"wait": 9_999}).json()["code"] == "invalid-request"
    assert client.get(path, headers={"Last-Event-ID": "x"}).json()["code"] == "invalid-request"
    nowhere = client.get(path, params={"collection": "none", "wait": 0})
    assert nowhere.json()["code"] == "unknown-collection"
    bound = new_key(client.app, ["browse"], collection="other")
    headers = {"Authorization": f"Bearer {bound}", "Last-Event-ID": "0"}
    client.enrol(client.subject("E"), encoded(eileen()))
    assert [kind for kind, _, _ in heard(client, headers=headers)] == ["position"]
    for name in ("staff", "none"):
        answer = client.get(path, params={"collection": name, "wait": 0}, headers=headers)
        assert answer.json()["code"] == "insufficient-scope"
    monkeypatch.setattr(following, "_KEY_INTERVAL", 0.0)
    revoke = client.app.edge.use_cases.keys.revoke
    ending = threading.Timer(0.3, lambda: revoke(bound.split("_")[1]))
    ending.start()
    last = heard(client, headers=headers, params={"wait": 5})[-1]
    assert last[0] == "problem" and last[1]["code"] in ("invalid-key", "expired-key")
