"""A server of several processes: connections in turn, metrics of all, deaths and ends."""

import os
import re
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from app.serving.launching import LaunchedServer
from tests.integration.server import is_running
from tests.portraits import encoded, grace

pytestmark = pytest.mark.long

_SECONDS = 150


class Processes(LaunchedServer):
    """`facet serve --processes 2` as people run it."""

    def __init__(self, directory: Path, model_cache: Path, **settings: str) -> None:
        chosen: dict[str, Any] = {"model_cache_dir": model_cache, "processes": 2, "auth": "off"}
        super().__init__(directory / "data", directory / "log", **chosen | settings)

    def start(self) -> Self:
        """Start and wait until both processes answer."""
        self.launch()
        self.wait_for(2)
        return self

    def workers(self) -> list[int]:
        """Process ids; those that decode are others."""
        lists = Path(f"/proc/{self.pid}/task").glob("*/children")
        children = [int(child) for found in lists for child in found.read_text().split()]
        return [child for child in children if b"app.serving.worker" in _command(child)]

    def metrics_files(self) -> list[Path]:
        """Where the processes count, while there are any."""
        places = {Path("/dev/shm"), Path(tempfile.gettempdir())}  # noqa: S108 - looked at alone
        return [file for place in places for file in place.glob(f"facet-metrics-{self.pid}-*/*")]

    def client(self) -> httpx.Client:
        """A client with connections of its own."""
        return httpx.Client(base_url=self.address, timeout=30)

    def metrics(self) -> str:
        try:
            return httpx.get(f"{self.address}/metrics", timeout=2).text
        except httpx.TransportError:
            assert self.is_running(), self.last_words()
            return ""

    def wait_for(self, processes: int) -> None:
        """Wait until so many answer."""
        wait_until(lambda: f"facet_server_processes {processes}.0" in self.metrics())


def _command(process: int) -> bytes:
    """Its command line; nothing once it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Processes]:
    server = Processes(tmp_path_factory.mktemp("server"), model_cache)
    server.start()
    yield server
    server.stop()
    assert not server.metrics_files()


def test_two_processes_are_one_server(server: Processes) -> None:
    _connections_alternate(server)
    _what_one_acknowledges_the_other_knows(server)
    _metrics_are_those_of_all(server)
    _a_dead_one_is_replaced(server)


def _connections_alternate(server: Processes) -> None:
    (worker,) = server.workers()
    os.kill(worker, signal.SIGSTOP)
    answered = []
    try:
        for _ in range(4):
            try:
                httpx.get(f"{server.address}/healthz", timeout=1)
                answered.append(True)
            except httpx.TimeoutException:
                answered.append(False)
    finally:
        os.kill(worker, signal.SIGCONT)
    assert sorted(answered) == [False, False, True, True]


def _what_one_acknowledges_the_other_knows(server: Processes) -> None:
    portrait = {"image": ("grace.png", encoded(grace()))}
    with server.client() as one, server.client() as other:
        one.post("/v1/collections", json={"name": "staff"})
        people = "/v1/collections/staff/subjects"
        subject = other.post(people, json={"name": "Grace Hopper"}).json()["id"]
        pictures = {"images": portrait["image"]}
        assert one.post(f"{people}/{subject}/faces", files=pictures).status_code == 201
        for client in (one, other):
            assert _known(client, portrait) == subject
        other.delete(f"{people}/{subject}")
        for client in (one, other):
            assert _known(client, portrait) is None


def _metrics_are_those_of_all(server: Processes) -> None:
    def counted() -> int:
        line = r'facet_requests_total{method="GET",route="/readyz",status="200"} (\d+)'
        found = re.search(line, server.metrics())
        return int(found[1]) if found else 0

    before = counted()
    for _ in range(6):  # a connection each
        httpx.get(f"{server.address}/readyz", timeout=30)
    assert counted() == before + 6
    assert "\nprocess_resident_memory_bytes " in server.metrics()


def _a_dead_one_is_replaced(server: Processes) -> None:
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    server.wait_for(1)
    assert all(httpx.get(f"{server.address}/healthz").is_success for _ in range(4))
    server.wait_for(2)
    assert server.workers() != [worker]


def test_a_silent_one_is_passed_over_and_replaced(tmp_path: Path, model_cache: Path) -> None:
    silence = {"process_silence": "1", "process_replacement": "6"}
    server = Processes(tmp_path, model_cache, **silence)
    server.start()
    try:
        (worker,) = server.workers()
        os.kill(worker, signal.SIGSTOP)
        server.wait_for(1)
        asked = [httpx.get(f"{server.address}/healthz", timeout=2) for _ in range(6)]
        assert all(answer.is_success for answer in asked)
        os.kill(worker, signal.SIGCONT)
        server.wait_for(2)
        assert server.workers() == [worker]
        os.kill(worker, signal.SIGSTOP)
        wait_until(lambda: not is_running(worker))
        server.wait_for(2)
        assert server.workers() != [worker]
    finally:
        server.stop()
    log = (tmp_path / "log").read_text()
    for event in ("silent", "answers-again", "killed", "died"):
        assert f"server-process-{event}" in log


def test_they_end_together(server: Processes) -> None:
    """Killed, the first process takes the others along, and the port is free at once."""
    (worker,) = server.workers()
    server.end_by(signal.SIGKILL)
    left = server.metrics_files()
    server.start()
    assert left and not any(file.exists() for file in left)
    wait_until(lambda: not is_running(worker))
    answers = _answers_to_requests_under_way(server)
    assert answers == [200, 200]


def _answers_to_requests_under_way(server: Processes) -> list[int]:
    """Of large pictures sent to each process, when the server is told to end meanwhile.

    They are sent again and again: one may be answered before anybody sees that it is under way.
    """
    large = BytesIO()
    grace().resize((5000, 5000)).save(large, "JPEG")
    picture = {"image": ("large.jpg", large.getvalue())}
    last: dict[httpx.Client, int] = {}
    enough = threading.Event()

    def ask(client: httpx.Client) -> None:
        while not enough.is_set():
            last[client] = client.post("/v1/detect", files=picture).status_code

    clients = [server.client() for _ in range(3)]
    for client in clients:
        client.get("/healthz")  # connected, the first two to one process each
    threads = [threading.Thread(target=ask, args=[client]) for client in clients[:2]]
    for thread in threads:
        thread.start()
    wait_until(lambda: "facet_busy_workers 2.0" in clients[2].get("/metrics").text)
    enough.set()
    server.stop()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()
    return list(last.values())


def _known(client: httpx.Client, portrait: dict[str, tuple[str, bytes]]) -> str | None:
    answer = client.post("/v1/collections/staff/recognize", files=portrait)
    subject = answer.json()["faces"][0]["subject"]
    return subject and str(subject["id"])
