"""A server whose routes fail tells where, once, in lines of JSON, and of nobody."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.server import ROOT, free_port

NAME, NOTE = "Grace Unmistakable", "said in confidence"
SECONDS = 60


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Path]:
    """Of a server that was asked for what fails, and has ended."""
    directory = tmp_path_factory.mktemp("failing")
    port = free_port()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("FACET_")}
    environment = inherited | {
        "FACET_DATA_DIR": str(directory / "data"),
        "FACET_MODEL_CACHE_DIR": str(model_cache),
        "FACET_PORT": str(port),
        "FACET_PROCESSES": "1",
        "FACET_JOB_WORKERS": "0",
        "FACET_LOG_FORMAT": "json",
    }
    program = [sys.executable, "-m", "tests.hostile.server_that_fails"]
    made = subprocess.run(
        [*program, "keys", "create", "--name", "k", "--scope", "admin"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    key = made.stdout.strip()
    path = directory / "log"
    with path.open("wb") as output:
        server = subprocess.Popen([*program, "serve"], cwd=ROOT, env=environment, stderr=output)
    try:
        _ask(f"http://127.0.0.1:{port}", key)
    finally:
        server.terminate()
        server.wait(SECONDS)
    (directory / "key").write_text(key)
    yield path


def _ask(address: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=SECONDS) as client:
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                client.get("/readyz").raise_for_status()
                break
            except httpx.HTTPError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        client.post("/v1/collections", json={"name": "staff"}).raise_for_status()
        people = "/v1/collections/staff/subjects"
        person = {"name": NAME, "metadata": {"note": NOTE}}
        assert client.post(people, json=person).json()["code"] == "internal-error"
        changes = {"metadata": {"note": NOTE}}
        assert client.patch("/v1/collections/staff", json=changes).status_code == 500
        client.get(people, params={"name_prefix": NAME}).raise_for_status()
        assert client.get(f"{people}/0123456789abcdef").status_code == 404
        assert client.get(f"/{NAME}").status_code == 404
        for path in ("/docs", "/openapi.json", "/docs/assets/swagger-ui.css", "/"):
            assert client.get(path).status_code == 200
        metrics = client.get("/metrics").text
    for path in ("/docs", "/openapi.json", "/docs/assets/{name}", "/"):
        assert f'facet_requests_total{{method="GET",route="{path}",status="200"}} 1.0' in metrics
    assert 'route="unmatched",status="200"' not in metrics


def _lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_neither_key_nor_name_nor_body_is_in_the_log(log: Path) -> None:
    text = log.read_text()
    key = log.with_name("key").read_text()
    secret = key.rsplit("_", 1)[-1]
    parts = NAME.split()
    for trace in (key, secret[:12], *parts, "confidence", "0123456789abcdef", "name_prefix"):
        assert trace not in text


def test_every_line_is_json_and_tells_of_the_error_once(log: Path) -> None:
    lines = _lines(log)
    errors = [line for line in lines if line["event"] == "internal-error"]
    assert [line["route"] for line in errors] == [
        "/v1/collections/{collection}/subjects",
        "/v1/collections/{collection}",
    ]
    assert "RuntimeError: injected: {...: None, ...: {...: ...}} of ..." in errors[0]["exception"]
    assert "in _create" in errors[0]["exception"]
    assert "LookupError: duplicate key in staff" in errors[1]["exception"]
    assert log.read_text().count("RuntimeError: injected") == 2  # the thread's is another one
    assert [line["event"] for line in lines].count("thread-died") == 1
    assert any("a library warns" in line["event"] for line in lines)


def test_requests_are_told_of_by_route(log: Path) -> None:
    told = [line for line in _lines(log) if line["event"] == "request"]
    assert all(
        set(line)
        == {"event", "level", "timestamp", "request_id", "method", "route", "status", "seconds"}
        for line in told
    )
    asked = [(line["method"], line["route"], line["status"]) for line in told]
    for one in (
        ("POST", "/v1/collections/{collection}/subjects", 500),
        ("GET", "/v1/collections/{collection}/subjects", 200),
        ("GET", "/v1/collections/{collection}/subjects/{subject}", 404),
        ("GET", "unmatched", 404),
        ("GET", "/docs", 200),
    ):
        assert one in asked
