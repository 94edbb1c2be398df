"""Browsers and proxies: headers, foreign pages, prefixes, and the description of the API."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.bootstrap.application import open_application
from app.settings import Settings
from tests.api.conftest import Client, running

ORIGIN = "https://kiosk.example"
OWN = "http://localhost:8000"


def _with(settings: Settings, **changes: Any) -> Settings:
    return Settings(**{**settings.model_dump(), **changes})


@pytest.fixture(scope="module")
def open_client(server_settings: Settings) -> Iterator[Client]:
    """Of a server with auth off."""
    data = server_settings.data_dir.parent / "open"
    with running(_with(server_settings, auth="off", data_dir=data)) as client:
        client.base_url = OWN
        del client.headers["Authorization"]
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/metrics", "/v1/collections", "/v1/none", "/openapi.json"]
)
def test_every_answer_is_careful(client: Client, path: str) -> None:
    for answer in (client.get(path), client.get(path, headers={"Authorization": "Bearer x"})):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in answer.headers


def test_the_servers_own_errors_are_careful_too(client: Client) -> None:
    @client.app.get("/broken")  # type: ignore[untyped-decorator]
    def broken() -> None:
        raise RuntimeError

    answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_https_is_remembered(settings: Settings) -> None:
    with TestClient(open_application(settings), base_url="https://facet.example") as client:
        assert "max-age" in client.get("/healthz").headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", "192.168.1.2",  # noqa: S104
     "localhost:8000:8000", "a@localhost", "", "[::2]", "127.1"],
)  # fmt: skip
def test_without_auth_foreign_names_are_refused(open_client: Client, host: str) -> None:
    answer = open_client.get("/v1/collections", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "foreign-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000"])
def test_without_auth_local_names_are_answered(open_client: Client, host: str) -> None:
    assert open_client.get("/v1/collections", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "https://localhost:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_without_auth_foreign_pages_are_refused(
    open_client: Client, headers: dict[str, str]
) -> None:
    for path in ("/v1/collections", "/metrics"):
        answer = open_client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
    made = open_client.post("/v1/collections", json={"name": "a"}, headers=headers)
    assert made.status_code == 403
    assert open_client.get("/v1/collections").json()["items"] == []


def test_without_auth_own_pages_are_answered(open_client: Client) -> None:
    for headers in ({"Origin": OWN, "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert open_client.get("/v1/collections", headers=headers).status_code == 200


def _preflight(client: TestClient, origin: str) -> Any:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
    }
    return client.options("/v1/detect", headers=asked)


def test_stated_origins_may_call(settings: Settings) -> None:
    with running(_with(settings, cors_origins=ORIGIN)) as client:
        allowed = _preflight(client, ORIGIN)
        assert allowed.status_code == 200
        assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "authorization" in allowed.headers["Access-Control-Allow-Headers"].lower()
        assert "Access-Control-Allow-Credentials" not in allowed.headers
        assert (
            "Access-Control-Allow-Origin" not in _preflight(client, "https://evil.example").headers
        )
        for headers in ({"Origin": ORIGIN}, {"Origin": ORIGIN, "Authorization": "Bearer x"}):
            answer = client.get("/v1/collections", headers=headers)
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_no_origin_may_call_unless_stated(client: Client) -> None:
    assert "Access-Control-Allow-Origin" not in _preflight(client, ORIGIN).headers
    answer = client.get("/v1/collections", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("sent", ["/facet/", "/"])
def test_a_prefix_holds_everywhere(settings: Settings, sent: str) -> None:
    with running(_with(settings, root_path="/facet")) as client:
        assert client.get(f"{sent}v1/collections").status_code == 200
        assert client.get(f"{sent}openapi.json").json()["servers"] == [{"url": "/facet"}]
        assert client.get(f"{sent}docs").status_code == 200
        moved = client.get(f"{sent}v1/collections/", follow_redirects=False)
        assert moved.headers["Location"].endswith("/facet/v1/collections")
        browser = client.get(sent, headers={"Accept": "text/html"}, follow_redirects=False)
        assert browser.headers["Location"] == "/facet/console/"
        counted = client.get("/metrics").text
        assert 'route="/v1/collections"' in counted


def test_forwarded_headers_hold_from_stated_proxies_alone(settings: Settings) -> None:
    forwarded = {"X-Forwarded-Prefix": "/facet", "X-Forwarded-Proto": "https"}
    for proxies, believed in (("10.0.0.0/8", True), ("10.2.0.0/16", False), ("", False)):
        application = open_application(_with(settings, trusted_proxies=proxies))
        with TestClient(application, client=("10.1.2.3", 4711)) as client:
            answer = client.get("/openapi.json", headers=forwarded)
            assert ("servers" in answer.json()) is believed
            assert ("Strict-Transport-Security" in answer.headers) is believed
            if believed:
                wrong = client.get("/healthz", headers={"X-Forwarded-Prefix": "//evil.example"})
                assert wrong.status_code == 422


def test_the_description_comes_from_here(client: Client) -> None:
    page = client.get("/docs")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text and "://" not in page.text
    assets = re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text)
    assert len(assets) == 3
    for asset in assets:
        found = client.get(f"/{asset}")
        assert found.status_code == 200 and len(found.content) > 100
        assert found.headers["Content-Type"].startswith("text/")
    assert client.get("/docs/assets/none.js").status_code == 404
    counted = client.get("/metrics").text
    for route in ("/docs", "/openapi.json", "/docs/assets/{name}"):
        client.get(route)
    assert client.get("/").json()["api"] == "/v1"
    counted = client.get("/metrics").text
    assert 'route="/docs",status="200"' in counted
    assert 'route="unmatched",status="200"' not in counted


def test_metrics_and_description_can_be_switched_off(settings: Settings) -> None:
    with running(_with(settings, docs="off", metrics="off")) as client:
        for path in ("/docs", "/openapi.json", "/metrics", "/docs/assets/start.js"):
            assert client.get(path).status_code == 404
        assert "docs" not in client.get("/").json()


def test_metrics_move_to_their_own_listener(settings: Settings) -> None:
    with running(_with(settings, operations_port=9999)) as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/healthz").status_code == 200
