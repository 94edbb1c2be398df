"""A real server with a key, to be attacked, and what watches it meanwhile."""

import http.client
import json
import socket
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.hostile.watching import Watch
from tests.integration.server import Server, Starter


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not sys.platform.startswith("linux"):
        for item in items:
            if item.path.is_relative_to(Path(__file__).parent):
                item.add_marker(pytest.mark.skip(reason="memory is read from /proc"))


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and problem."""

    status: int
    problem: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.problem.get("code", ""))


class Target:
    """A running server as an attacker sees it."""

    def __init__(self, server: Server, key: str) -> None:
        self.server, self.key = server, key
        self.address = server.address

    def client(self) -> httpx.Client:
        """An honest client with an admin's key."""
        return self.server.client(self.key)

    def watched(self) -> Watch:
        return Watch(self.address, self.server.pid)

    def post(
        self,
        path: str,
        body: bytes | Iterable[bytes],
        kind: str = "application/json",
        key: str | None = None,
        **headers: str,
    ) -> Answer:
        """The answer, also when it comes while the body is still being sent."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=60)
        headers |= {"Content-Type": kind, **({"Authorization": f"Bearer {key}"} if key else {})}
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, json.loads(answer.read()))
        finally:
            connection.close()

    def begin(self, path: str, length: int, key: str | None = None) -> socket.socket:
        """A connection on which the headers of a request were sent, and nothing of its body."""
        host, port = self.address.removeprefix("http://").split(":")
        connection = socket.create_connection((host, int(port)), timeout=60)
        lines = [
            *(f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {length}"),
            "Content-Type: application/json",
            *([f"Authorization: Bearer {key}"] if key else []),
        ]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """Starts server processes quickly."""
    starter = Starter()
    yield starter
    starter.close()


@pytest.fixture(scope="session")
def target(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Iterator[Target]:
    """One process with default limits, a collection `staff` and nobody in it.

    Bodies that are late are given up sooner than by default, which is too long for a test.
    """
    data = tmp_path_factory.mktemp("hostile") / "data"
    server = Server(starter, data, model_cache, body_grace="2", body_timeout="8", job_workers="0")
    with server:
        target = Target(server, server.create_key())
        with target.client() as client:
            client.post("/v1/collections", json={"name": "staff"}).raise_for_status()
        yield target


def problem_of(connection: socket.socket) -> Answer:
    """What the server answers on the connection until it closes it."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response.status, json.loads(response.read()))
