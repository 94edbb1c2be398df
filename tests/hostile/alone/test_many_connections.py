"""Connections that want to be many, to stay, and to be large; the server goes on answering."""

import shlex
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.serving.launching import FACET, Child, LaunchedServer, Process
from tests.integration.server import is_running
from tests.integration.serving.test_server_processes import wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no ulimit")
_BOUND = 0.5
_RISE = 600 * 2**20


def spawn_with_few_files(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> Process:
    """Start `facet` so that it may open 256 files."""
    command = f"ulimit -n 256; exec {shlex.join([*FACET, *arguments])}"
    return Child(["/bin/sh", "-c", command], environment, log)


class Crowded(LaunchedServer):
    """`facet serve` of two processes that may open 256 files."""

    def memory(self) -> int:
        """Bytes of all its processes."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
        children = [int(child) for children in tasks for child in children.read_text().split()]
        pages = 0
        for process in (self.pid, *children):
            pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * 4096


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Crowded]:
    place = tmp_path_factory.mktemp("crowded")
    chosen: dict[str, Any] = {"model_cache_dir": model_cache, "processes": 2}
    server = Crowded(place / "data", place / "log", spawn=spawn_with_few_files, **chosen)
    server.start()
    wait_until(lambda: "facet_server_processes 2.0" in httpx.get(f"{server.address}/metrics").text)
    process = server.pid
    yield server
    server.stop()
    assert not is_running(process)


def _answers_in_time(server: Crowded, seconds: float) -> None:
    end = time.monotonic() + seconds
    slow = []
    while time.monotonic() < end:
        start = time.perf_counter()
        answer = httpx.get(f"{server.address}/healthz", timeout=5)
        slow.append(time.perf_counter() - start)
        assert answer.status_code == 200
        time.sleep(0.02)
    slow.sort()
    assert slow[int(0.99 * (len(slow) - 1))] < _BOUND, slow[-5:]


def _connect(server: Crowded) -> socket.socket:
    host, port = server.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=5)


@pytest.mark.parametrize(
    "words",
    [b"", b"GET /healthz HTTP/1.1\r\nX-Half: ", b"POST /v1/collections HTTP/1.1\r\n"],
    ids=["silent", "half-headers", "between-headers"],
)
def test_seven_hundred_connections_leave_the_server_alone(server: Crowded, words: bytes) -> None:
    with ExitStack() as held:
        for _ in range(700):
            connection = held.enter_context(_connect(server))
            with suppress(ConnectionError):
                connection.sendall(words)
        _answers_in_time(server, 2)
    assert "cannot-accept" not in server.log.read_text()


def test_dripping_headers(server: Crowded) -> None:
    with ExitStack() as held:
        dripping = [held.enter_context(_connect(server)) for _ in range(200)]

        def drip() -> None:
            while not done.wait(0.1):
                for connection in dripping:
                    with suppress(OSError):
                        connection.sendall(b"X: y\r\n")

        done = threading.Event()
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            _answers_in_time(server, 2)
        finally:
            done.set()
            thread.join()


def test_three_hundred_megabytes_of_headers(server: Crowded) -> None:
    before = server.memory()
    peak = before

    def flood() -> None:
        with _connect(server) as connection, suppress(OSError):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Large: ")
            for _ in range(300):
                connection.sendall(b"x" * 2**20)

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        _answers_in_time(server, 0.2)
        peak = max(peak, server.memory())
    assert peak - before < _RISE / 4
