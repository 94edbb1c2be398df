"""While somebody reads SQLite's log, an erasure says that the log still holds what it erased."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.integration.server import ROOT, Server, Starter
from tests.portraits import eileen, encoded, grace

SECONDS = 60
"""In which the log is emptied after the reader's end."""
SOON = 8
"""Seconds in which the receipt comes, reader or not."""
_SHELL = """
import sqlite3, sys
reader = sqlite3.connect(sys.argv[1], isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM subjects").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def server(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("log") / "data"
    with Server(starter, data, model_cache, job_workers="0") as server:
        yield server


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client(server.create_key()) as client:
        client.post("/v1/collections", json={"name": "staff"}).raise_for_status()
        yield client


@contextmanager
def _reader(data_dir: Path) -> Iterator[None]:
    """Somebody's shell with a snapshot of the database.

    A process of its own: where one process closes a file that it locks, its locks are gone.
    """
    command = [sys.executable, "-c", _SHELL, str(data_dir / "facet.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        assert shell.stdout.readline() == b"reading\n"
        yield


def _enrol(
    client: httpx.Client, data_dir: Path, name: str, portrait: bytes
) -> tuple[str, list[bytes]]:
    """The subject's id, and byte runs that tell of him."""
    made = client.post("/v1/collections/staff/subjects", json={"name": name}).json()
    faces = f"/v1/collections/staff/subjects/{made['id']}/faces"
    client.post(faces, files={"images": portrait}).raise_for_status()
    with closing(sqlite3.connect(data_dir / "facet.db")) as database:
        query = "SELECT template FROM faces WHERE subject_id = ?"
        (template,) = database.execute(query, [made["id"]]).fetchone()
    return made["id"], [name.encode(), template[:32], template[-32:]]


def _holds(data_dir: Path, traces: list[bytes]) -> list[str]:
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    return [path.name for path in files if any(t in path.read_bytes() for t in traces)]


def _comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _emptied(data_dir: Path) -> bool:
    return _comes_true(lambda: (data_dir / "facet.db-wal").stat().st_size == 0)


def test_a_receipt_tells_that_the_log_is_in_use_and_the_server_empties_it_later(
    server: Server, client: httpx.Client
) -> None:
    subject, traces = _enrol(client, server.data_dir, "Grace Unmistakable", encoded(grace()))
    with _reader(server.data_dir):
        began = time.monotonic()
        receipt = client.delete(f"/v1/collections/staff/subjects/{subject}").json()
        assert time.monotonic() - began < SOON
        assert receipt["log_emptied"] is False
        assert _holds(server.data_dir, traces)
        client.post("/v1/collections/staff/subjects", json={"name": "Next"}).raise_for_status()
    assert _emptied(server.data_dir)
    assert _holds(server.data_dir, traces) == []
    assert "erased-bytes-stay-in-log" in server.log.read_text()
    # It is told once the log is empty, a moment after the file is.
    assert _comes_true(lambda: "erased-bytes-left-log" in server.log.read_text())


def test_what_a_command_erased_is_emptied_by_the_server(
    server: Server, client: httpx.Client
) -> None:
    _, traces = _enrol(client, server.data_dir, "Eileen Unmistakable", encoded(eileen()))
    command = ["subjects", "delete", "Eileen Unmistakable", "--collection", "staff", "--yes"]
    with _reader(server.data_dir):
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *command, "--json"],
            cwd=ROOT,
            env=server.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        receipt = json.loads(done.stdout)
        assert receipt["log_emptied"] is False
        counted = [receipt[place] for place in ("faces", "templates", "images", "index_entries")]
        assert (counted, receipt["index"]) == ([1, 1, 1, 1], "done")
    assert _emptied(server.data_dir)
    assert _holds(server.data_dir, traces) == []


def test_a_receipt_without_readers_says_that_nothing_is_left(
    server: Server, client: httpx.Client
) -> None:
    subject, traces = _enrol(client, server.data_dir, "Ada Unmistakable", encoded(grace()))
    path = f"/v1/collections/staff/subjects/{subject}"
    assert client.delete(path, params={"dry_run": "true"}).json()["log_emptied"] is None
    assert client.delete(path).json()["log_emptied"] is True
    assert _holds(server.data_dir, traces) == []
