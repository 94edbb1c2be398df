"""Metrics and health on a listener of their own, with TLS, and the command that probes them."""

import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from app.serving.launching import free_port
from tests.integration.server import ROOT, Server, Starter

SECONDS = 90


def _health(server: Server, *options: str, **settings: str) -> tuple[int, dict[str, object]]:
    """Exit status and answer of `facet health`."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "health", "--json", *options],
        cwd=ROOT,
        env=server.environment | settings,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    issued = authority.issue_cert("faces.example", "localhost")
    issued.private_key_pem.write_to_path(directory / "key.pem")
    for pem in issued.cert_chain_pems:
        pem.write_to_path(directory / "cert.pem", append=True)
    authority.cert_pem.write_to_path(directory / "ca.pem")
    return directory


@pytest.fixture(scope="module")
def server(
    starter: Starter,
    certificates: Path,
    tmp_path_factory: pytest.TempPathFactory,
    model_cache: Path,
) -> Iterator[Server]:
    """With TLS on both listeners, on all addresses, as in a container."""
    server = Server(
        starter,
        tmp_path_factory.mktemp("listeners") / "data",
        model_cache,
        host="0.0.0.0",  # noqa: S104 - as in a container
        operations_port=str(free_port()),
        tls_cert=str(certificates / "cert.pem"),
        tls_key=str(certificates / "key.pem"),
        job_workers="0",
    )
    assert _health(server)[0] == 2  # it does not run yet
    server.launch()
    deadline = time.monotonic() + SECONDS
    while _health(server, "--ready")[0]:
        assert time.monotonic() < deadline, server.where_it_hangs()
        time.sleep(0.2)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def verified(certificates: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificates / "ca.pem"))


def _statuses(port: str, verified: ssl.SSLContext, *paths: str) -> dict[str, int]:
    with httpx.Client(base_url=f"https://localhost:{port}", verify=verified) as client:
        return {path: client.get(path).status_code for path in paths}


def test_each_listener_answers_for_its_own_paths(server: Server, verified: ssl.SSLContext) -> None:
    public = server.environment["FACET_PORT"]
    inside = server.environment["FACET_OPERATIONS_PORT"]
    health = {"/healthz": 200, "/readyz": 200}
    description = ("/docs", "/docs/assets/start.js", "/openapi.json")
    moved = ("/metrics", *description)
    api = {"/v1/models": 401, "/": 200}
    assert _statuses(public, verified, *health, *moved, *api) == {
        **health,
        **dict.fromkeys(moved, 404),
        **api,
    }
    assert _statuses(inside, verified, *health, *moved, *api) == {
        **health,
        **dict.fromkeys(moved, 200),
        **dict.fromkeys(api, 404),
    }
    with httpx.Client(base_url=f"https://localhost:{public}", verify=verified) as client:
        assert "docs" not in client.get("/").json()
        page = client.get("/", headers={"Accept": "text/html"})
        assert page.headers["location"].endswith("/console/")


def test_https_is_to_be_remembered_and_plain_http_is_not_spoken(
    server: Server, verified: ssl.SSLContext
) -> None:
    port = server.environment["FACET_PORT"]
    answer = httpx.get(f"https://localhost:{port}/healthz", verify=verified)
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://localhost:{port}/healthz", timeout=5)


def test_the_probe_follows_the_settings(server: Server) -> None:
    status, reported = _health(server)
    assert (status, reported["healthy"]) == (0, True)
    assert (reported["host"], reported["port"]) == (
        "127.0.0.1",
        int(server.environment["FACET_OPERATIONS_PORT"]),
    )
    # The port alone, as where there is no listener for operations.
    assert _health(server, FACET_OPERATIONS_PORT="0")[0] == 0
    status, reported = _health(server, FACET_OPERATIONS_PORT=str(free_port()))
    assert (status, reported["healthy"]) == (2, False)
    assert "nothing answers" in str(reported["trouble"])


def test_one_port_cannot_be_both_listeners(server: Server) -> None:
    port = server.environment["FACET_PORT"]
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve"],
        cwd=ROOT,
        env=server.environment | {"FACET_OPERATIONS_PORT": port},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert "one port cannot be both" in done.stderr
