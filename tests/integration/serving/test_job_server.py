"""A server, `facet worker` processes and a client of events: a re-encoding survives `kill -9`."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import ImageEnhance
from typer.testing import CliRunner

from app.cli.main import app
from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace

pytestmark = pytest.mark.long

OLD, NEW = "facenet-resnet29@1", "facenet-resnet29-robust@1"
FACES = 4


@pytest.fixture
def server(starter: Starter, tmp_path: Path, model_cache: Path) -> Iterator[Server]:
    server = Server(
        starter,
        tmp_path / "data",
        model_cache,
        job_workers="0",
        job_heartbeat="0.2",
        job_take_over="4",
        job_streams="1",
    )
    with server:
        yield server


def events(answer: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def fill(client: httpx.Client) -> None:
    client.post("/v1/collections", json={"name": "staff", "encoder": OLD}).raise_for_status()
    for name, portrait in (("Grace", grace()), ("Eileen", eileen())):
        made = client.post("/v1/collections/staff/subjects", json={"name": name}).json()
        shades = [0.8 + 0.4 * number / FACES for number in range(FACES // 2)]
        files = [("images", encoded(ImageEnhance.Brightness(portrait).enhance(s))) for s in shades]
        path = f"/v1/collections/staff/subjects/{made['id']}/faces"
        answer = client.post(path, files=files, data={"duplicates": "ignore"})
        assert answer.status_code == 201, answer.text


def reencode(client: httpx.Client, encoder: str) -> str:
    answer = client.post("/v1/collections/staff/reencodings", json={"encoder": encoder})
    assert answer.status_code == 202, answer.text
    return answer.headers["location"]


def encoder(client: httpx.Client) -> str:
    return str(client.get("/v1/collections/staff").json()["encoder"])


def test_a_reencoding_outlives_its_worker_and_can_be_cancelled(server: Server) -> None:
    with server.client(server.create_key()) as client:
        fill(client)
        job = reencode(client, NEW)
        _taken_over(server, client, job)
        assert encoder(client) == NEW
        job = reencode(client, OLD)
        _cancelled(client, job)
        assert encoder(client) == NEW
        _left_open(server, client, reencode(client, OLD))


def _taken_over(server: Server, client: httpx.Client, job: str) -> None:
    states = []
    with client.stream("GET", f"{job}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        first = server.worker()
        for name, data in events(answer):
            if name != "state":
                continue
            states.append((data["state"], data["attempts"]))
            if states[-1] == ("running", 1):
                os.kill(first, signal.SIGKILL)
                server.worker()
    expected = [("queued", 0), ("running", 1), ("queued", 1), ("running", 2), ("succeeded", 2)]
    # Between two looks a job may be put back and claimed again.
    assert states in (expected, expected[:2] + expected[3:])
    assert client.get(f"{job}/result").json()["faces"] == FACES


def _cancelled(client: httpx.Client, job: str) -> None:
    with client.stream("GET", f"{job}/events") as answer:
        reported = events(answer)
        while next(reported)[1].get("state") != "running":
            pass
        asked = time.monotonic()
        assert client.delete(job).json()["state"] == "cancelled"
        assert [data["state"] for name, data in reported if name == "state"] == ["cancelled"]
        assert time.monotonic() - asked < 10


def _left_open(server: Server, client: httpx.Client, job: str) -> None:
    """A follower takes its place from others, and does not keep the server from ending."""
    with client.stream("GET", f"{job}/events") as answer:
        reported = events(answer)
        assert next(reported)[0] == "state"
        assert client.get(f"{job}/events").status_code == 503
        begun = time.monotonic()
        server.stop()
        assert time.monotonic() - begun < 30
        assert all(name in {"state", "progress"} for name, _ in reported)


def test_the_commands(server: Server) -> None:
    environment = {name: value for name, value in server.environment.items() if "FACET" in name}

    def facet(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["jobs", *arguments], env=environment)
        return done.exit_code, done.stdout

    with server.client(server.create_key()) as client:
        client.post("/v1/collections", json={"name": "staff", "encoder": OLD}).raise_for_status()
        job = reencode(client, NEW).rpartition("/")[2]
    code, text = facet("list", "--json")
    assert (code, [one["id"] for one in json.loads(text)["jobs"]]) == (0, [job])
    assert facet("list")[0] == 0
    code, text = facet("show", job)
    assert code == 0 and "queued" in text
    assert facet("result", job)[0] == 2
    code, text = facet("cancel", job, "--json")
    assert (code, json.loads(text)["state"]) == (0, "cancelled")
    assert facet("show", "nobody", "--json")[0] == 2
