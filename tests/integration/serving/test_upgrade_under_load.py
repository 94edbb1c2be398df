"""Servers are replaced one after the other, with a migration: no request of any client is lost.

The former version is this version's code held at the former revision of the tables, which it
takes for the newest: it neither migrates nor knows what the migration adds.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command

from app.services.keys import Keys
from app.storage import schema
from app.storage.engine import open_migration_engine
from app.storage.unit_of_work import SqlStorage
from migrations import HEAD
from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace

pytestmark = pytest.mark.long

GRACE, EILEEN = encoded(grace()), encoded(eileen())
BEFORE = "0026"
TIMEOUT = 60


class Proxy:
    """Sends requests to the servers in turn, and to the next one only when nothing listens.

    Every request has a connection of its own, so that none is lost with a connection kept alive.
    """

    def __init__(self, servers: list[Server], key: str) -> None:
        self.servers = servers
        self.answered: Counter[str] = Counter()
        """Answers by the server's address, since it was started last."""
        self._order = itertools.cycle(range(len(servers)))
        self._lock = threading.Lock()
        self._headers = {"Authorization": f"Bearer {key}", "Connection": "close"}

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        with self._lock:
            first = next(self._order)
        for server in (*self.servers[first:], *self.servers[:first]):
            url = f"{server.address}/v1{path}"
            try:
                answer = httpx.request(method, url, headers=self._headers, timeout=60, **more)
            except httpx.ConnectError:
                continue
            with self._lock:
                self.answered[server.address] += 1
            return answer
        raise AssertionError("no server listens")


class Clients:
    """They enrol and recognise without a pause, and write down what they were told."""

    def __init__(self, proxy: Proxy) -> None:
        self.enrolled: list[int] = []
        self.wrong: list[str] = []
        self._proxy = proxy
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=(n,)) for n in range(2)]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=TIMEOUT)

    def wait_for(self, server: Server, answers: int = 4) -> None:
        """Until the server has answered so many requests more."""
        wanted = self._proxy.answered[server.address] + answers
        deadline = time.monotonic() + TIMEOUT
        while self._proxy.answered[server.address] < wanted:
            assert not self.wrong, "\n".join(self.wrong)
            assert time.monotonic() < deadline, f"no answers of {server.address}"
            time.sleep(0.02)

    def _repeat(self, number: int) -> None:
        try:
            for again in itertools.count():
                if self._stop.is_set():
                    return
                self._enrol(f"client {number} again {again}")
        except BaseException as error:
            self.wrong.append(repr(error))

    def _enrol(self, name: str) -> None:
        subjects = "/collections/staff/subjects"
        made = self._proxy("POST", subjects, json={"name": name})
        _expect(201, made)
        path = f"{subjects}/{made.json()['id']}/faces"
        face = self._proxy("POST", path, files={"images": EILEEN}, data={"duplicates": "ignore"})
        _expect(201, face)
        self.enrolled.append(face.json()["results"][0]["face"]["id"])
        found = self._proxy("POST", "/collections/staff/recognize", files={"image": GRACE})
        _expect(200, found)
        assert found.json()["faces"][0]["subject"]["name"] == "Grace"


def _expect(status: int, answer: httpx.Response) -> None:
    assert answer.status_code == status, f"{answer.request.url} {answer.headers} {answer.text}"


@pytest.fixture
def old_database(postgresql: Callable[[str], str]) -> str:
    """A PostgreSQL database as the version before has left it."""
    url = postgresql("template1")
    with open_migration_engine(url, busy_timeout=5.0).begin() as connection:
        command.upgrade(schema.alembic_config(connection=connection), BEFORE)
    return url


@contextmanager
def stopping(servers: list[Server]) -> Iterator[None]:
    try:
        yield
    finally:
        for server in servers:
            server.stop()


def test_servers_are_replaced_one_after_the_other(
    old_database: str, starter: Starter, tmp_path: Path, model_cache: Path
) -> None:
    storage = SqlStorage.open(old_database)
    _, key = Keys(storage).create("clients", scopes=["admin"])
    (data := tmp_path / "data").mkdir()
    settings = {"database_url": old_database}
    old = [Server(starter, data, model_cache, at_revision=BEFORE, **settings) for _ in range(2)]
    new = [Server(starter, data, model_cache, **settings) for _ in range(2)]
    proxy = Proxy(list(old), key)
    with stopping([*old, *new]):
        for server in old:
            server.start()
        assert proxy("POST", "/collections", json={"name": "staff"}).status_code == 201
        made = proxy("POST", "/collections/staff/subjects", json={"name": "Grace"}).json()
        path = f"/collections/staff/subjects/{made['id']}/faces"
        first = proxy("POST", path, files={"images": GRACE}).json()["results"][0]["face"]["id"]
        with Clients(proxy) as clients:
            for place in range(2):
                for server in proxy.servers:
                    clients.wait_for(server)
                assert schema.current(old_database) == (BEFORE if place == 0 else HEAD)
                _replace(proxy, place, new[place])
                assert schema.is_current(old_database)
                clients.wait_for(new[place])
            for server in proxy.servers:
                clients.wait_for(server)
        assert clients.wrong == []
        for server in new:
            with server.client(key) as client:
                stored = list(_faces(client))
                assert sorted(stored) == sorted([first, *clients.enrolled])
                assert client.get("/v1/styles").status_code == 200
    storage.close()


def _replace(proxy: Proxy, place: int, successor: Server) -> None:
    """End one server in good order, requests under way included; then start its successor."""
    proxy.servers[place].stop()
    proxy.servers[place] = successor.start()


def _faces(client: httpx.Client) -> Iterator[int]:
    query: dict[str, Any] = {"limit": 200}
    while query.get("cursor", "") is not None:
        page = client.get("/v1/collections/staff/faces", params=query).json()
        yield from (face["id"] for face in page["items"])
        query["cursor"] = page["next_cursor"]
