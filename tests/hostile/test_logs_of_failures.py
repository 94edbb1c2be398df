"""A server whose routes fail tells where, once, in lines of JSON, and of nobody."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.serving.launching import Child, LaunchedServer, Process

NAME, NOTE = "Grace Unmistakable", "said in confidence"
SECONDS = 60


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Path]:
    """Of a server that was asked for what fails, and has ended."""
    directory = tmp_path_factory.mktemp("failing")
    chosen: dict[str, Any] = {
        "model_cache_dir": model_cache,
        "processes": 1,
        "job_workers": 0,
        "log_format": "json",
    }
    server = LaunchedServer(
        directory / "data", directory / "log", spawn=spawn_failing_server, **chosen
    )
    key = server.create_key()
    with server:
        _ask(server.address, key)
    (directory / "key").write_text(key)
    yield server.log


def spawn_failing_server(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> Process:
    program = [sys.executable, "-m", "tests.hostile.server_that_fails"]
    return Child([*program, *arguments], environment, log)


def _ask(address: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=SECONDS) as client:
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
    reported = [line for line in _lines(log) if line["event"] == "request"]
    assert all(
        set(line)
        == {"event", "level", "timestamp", "request_id", "method", "route", "status", "seconds"}
        for line in reported
    )
    asked = [(line["method"], line["route"], line["status"]) for line in reported]
    for one in (
        ("POST", "/v1/collections/{collection}/subjects", 500),
        ("GET", "/v1/collections/{collection}/subjects", 200),
        ("GET", "/v1/collections/{collection}/subjects/{subject}", 404),
        ("GET", "unmatched", 404),
        ("GET", "/docs", 200),
    ):
        assert one in asked
