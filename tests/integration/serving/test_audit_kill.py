"""Two processes write one audit record, and `kill -9` leaves it whole, with every change in it."""

import threading
from collections import Counter, defaultdict
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from app.services.auditing.reading import Audit
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.services.keys import Keys
from app.storage import schema
from app.storage.unit_of_work import SqlStorage
from tests.integration.server import Server, Starter

CLIENTS = 4
PLACE = "people"
REQUESTS = 15
"""Answers of every client until its server is killed."""


def _asks(server: Server, key: str, answered: list[str], enough: threading.Event) -> None:
    """Ask until the server is gone; a new connection each, so that both processes get some."""
    mine = 0
    headers = {"Authorization": f"Bearer {key}", "Connection": "close"}
    with httpx.Client(base_url=server.address, headers=headers) as client:
        while True:
            name = uuid4().hex
            try:
                answer = client.get(
                    "/v1/collections/staff/subjects", headers={"X-Request-Id": name}
                )
            except httpx.HTTPError:
                return
            assert answer.status_code == 404
            answered.append(name)
            mine += 1
            if mine == REQUESTS:
                enough.set()


def _changes(server: Server, key: str, erased: threading.Event) -> None:
    """Make people, rename each twice and erase every other one, until the server is gone."""
    client = httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {key}"})
    with client, suppress(httpx.HTTPError):
        client.post("/v1/collections", json={"name": PLACE})
        for number in count():
            path = f"/v1/collections/{PLACE}/subjects"
            made = client.post(path, json={"name": f"{uuid4().hex} 0"})
            assert made.status_code == 201, made.text
            subject = made.json()
            for times in (1, 2):
                name = f"{subject['name'].split()[0]} {times}"
                client.patch(f"{path}/{subject['id']}", json={"name": name}).raise_for_status()
            if number % 2:
                client.delete(f"{path}/{subject['id']}").raise_for_status()
                erased.set()


def _check_changes(storage: SqlStorage, entries: list[dict[str, Any]]) -> None:
    """What the rows are is what the entries say, in either direction."""
    done: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        if entry["outcome"] == "done":
            done[entry["action"]][entry["subject"]] += 1
    with storage.read() as uow:
        people = uow.subjects.list(uow.collections.get(PLACE).id, after=None, limit=9_999)
    assert {one.id for one in people} == set(done["create-subject"]) - set(done["erase-subject"])
    assert {one.id: int(one.name.split()[1]) for one in people} == {
        one.id: done["change-subject"][one.id] for one in people
    }
    assert done["erase-subject"]


def test_the_chain_survives_kills(
    starter: Starter, tmp_path: Path, model_cache: Path, database: str
) -> None:
    schema.upgrade(database)
    storage = SqlStorage.open(database)
    _, key = Keys(storage).create("test", scopes=["read"])
    _, admin = Keys(storage).create("admin", scopes=["admin"])
    answered: list[str] = []
    for _ in range(2):
        server = Server(starter, tmp_path / "data", model_cache, database_url=database)
        server.environment["FACET_PROCESSES"] = "2"
        enough, erased = threading.Event(), threading.Event()
        with server:
            asking = [
                threading.Thread(target=_asks, args=(server, key, answered, enough))
                for _ in range(CLIENTS)
            ]
            asking.append(threading.Thread(target=_changes, args=(server, admin, erased)))
            for thread in asking:
                thread.start()
            assert enough.wait(60) and erased.wait(60)
            server.kill_after(0.05)
            for thread in asking:
                thread.join(30)
    trail = AuditTrail(storage)
    check = Audit(storage, trail, Refusals(trail)).verify()
    assert check.faults == []
    with storage.read() as uow:
        entries = [one.fields() for one in uow.audit.scan(batch=500)]
    _check_changes(storage, entries)
    recorded = {one["request_id"] for one in entries}
    assert set(answered) - recorded == set()
    assert len(answered) >= 2 * REQUESTS
    storage.close()
