"""Whoever may not do a thing is told so before a byte of what he sends is read."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.settings import Settings
from tests.api.conftest import Client, new_key, running

METHODS = ("post", "put", "patch", "delete", "get")
WORDS = {
    "collection": "staff",
    "subject": "x",
    "face": "1",
    "job": "x",
    "receipt": "x",
    "key": "x",
    "style": "x",
    "webhook": "x",
} | {
    "group": "1",
    "sighting": "1",
    "operation": "1",
    "session": "x",
    "suggestion": "x",
    "negative": "x",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_cache: Any) -> Iterator[Client]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"), model_cache_dir=model_cache, job_workers=0
    )
    with running(settings) as client:
        client.collection("staff")
        client.collection("others")
        yield client


def refused(server: Client, method: str, path: str, key: str | None) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a request whose body must never be asked for."""
    answer: dict[str, Any] = {}

    async def receive() -> Any:
        if "status" not in answer:
            pytest.fail(f"{method} {path} was read before it was refused")
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answer.update(message)

    headers = [(b"content-length", b"90000000"), (b"content-type", b"application/json")]
    if key:
        headers.append((b"authorization", f"Bearer {key}".encode()))
    scope = {
        "type": "http",
        "method": method.upper(),
        "scheme": "http",
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "state": {},
    }
    asyncio.run(server.app(scope, receive, send))
    sent = {name.decode(): value.decode() for name, value in answer["headers"]}
    return answer["status"], sent


def operations(server: Client) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for template, found in server.get("/openapi.json").json()["paths"].items():
        for method in METHODS:
            if template.startswith("/v1/") and method in found:
                yield method, template.format(**WORDS), found[method]


def test_no_route_reads_a_body_of_somebody_unknown(server: Client) -> None:
    checked = 0
    for method, path, _ in operations(server):
        for key in (None, "facet_0011223344556677_" + "x" * 43, "nonsense"):
            status, headers = refused(server, method, path, key)
            assert status == 401, (method, path)
            assert headers["connection"] == "close"
            checked += 1
    assert checked > 100


def test_no_route_reads_a_body_of_somebody_who_may_not(server: Client) -> None:
    scopes: dict[str, int] = {"read": 0, "write": 0}
    for scope in scopes:
        key = new_key(server.app, scope)
        for method, path, operation in operations(server):
            # The others pass for this scope, and go on to read what there is.
            if "requestBody" in operation and _needs_more(server, method, path, scope):
                status, _ = refused(server, method, path, key)
                assert status == 403, (method, path, scope)
                scopes[scope] += 1
    assert scopes["read"] >= 8 and scopes["write"] >= 3


def test_no_route_reads_a_body_from_a_key_of_another_collection(server: Client) -> None:
    key = new_key(server.app, "admin", collection="others")
    checked = 0
    for method, path, operation in operations(server):
        if "requestBody" in operation and "/staff" in path:
            assert refused(server, method, path, key)[0] == 403, (method, path)
            checked += 1
    assert checked >= 9


def _needs_more(server: Client, method: str, path: str, scope: str) -> bool:
    key = new_key(server.app, scope)
    answer = server.request(method, path, headers={"Authorization": f"Bearer {key}"})
    return bool(answer.status_code == 403)


LARGE_JSON = b'{"name": "' + b"x" * 70_000 + b'"}'


@pytest.mark.parametrize("method_and_path", ["post /v1/collections", "post /v1/sequences/dates"])
def test_json_without_pictures_is_small(server: Client, method_and_path: str) -> None:
    method, path = method_and_path.split()
    for content in (LARGE_JSON, iter([LARGE_JSON[:40_000], LARGE_JSON[40_000:]])):
        headers = {"Content-Type": "application/json"}
        answer = server.request(method, path, content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")
        assert answer.json()["limit"] == 65_536


def test_json_has_to_say_that_it_is_json(server: Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {"Content-Type": kind}
        answer = server.post("/v1/collections", content=b'{"name": "x"}', headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
        assert "application/json" in answer.json()["hint"]
    for kind in ("application/json; charset=utf-8", "application/merge-patch+json"):
        headers = {"Content-Type": kind}
        answer = server.patch("/v1/collections/staff", content=b"{}", headers=headers)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", ["/v1/detect", "/v1/collections"])
def test_a_compressed_body_is_told_that_it_is_one(server: Client, path: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = server.post(path, content=b"\x1f\x8b\x08", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert "gzip" in answer.json()["detail"]
