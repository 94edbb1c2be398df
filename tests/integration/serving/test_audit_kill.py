"""Two processes write one audit record, and `kill -9` leaves it whole."""

import threading
from pathlib import Path
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


def test_the_chain_survives_kills(
    starter: Starter, tmp_path: Path, model_cache: Path, database: str
) -> None:
    schema.upgrade(database)
    storage = SqlStorage.open(database)
    _, key = Keys(storage).create("test", scopes=["read"])
    answered: list[str] = []
    for _ in range(2):
        server = Server(starter, tmp_path / "data", model_cache, database_url=database)
        server.environment["FACET_PROCESSES"] = "2"
        enough = threading.Event()
        with server:
            asking = [
                threading.Thread(target=_asks, args=(server, key, answered, enough))
                for _ in range(CLIENTS)
            ]
            for thread in asking:
                thread.start()
            assert enough.wait(60)
            server.kill_after(0.05)
            for thread in asking:
                thread.join(30)
    trail = AuditTrail(storage)
    check = Audit(storage, trail, Refusals(trail)).verify()
    assert check.faults == []
    with storage.read() as uow:
        recorded = {one.fields()["request_id"] for one in uow.audit.scan(batch=500)}
    assert set(answered) - recorded == set()
    assert len(answered) >= 2 * REQUESTS
    storage.close()
