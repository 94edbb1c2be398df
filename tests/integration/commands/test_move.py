"""`facet move` from a service that answers as CompreFace does, and from a folder of DeepFace."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from app.bootstrap.use_cases import open_use_cases
from app.cli.main import app
from app.services.use_cases import UseCases
from app.settings import Settings
from tests.portraits import eileen, encoded, grace, landscape

KEY = "6f1d9ed4-1c3e-4b5a-9b3c-000000000001"
FACES = "/api/v1/recognition/faces"
PICTURES = {
    "a-1": ("Grace Hopper", encoded(grace())),
    "a-2": ("Grace Hopper", encoded(grace().rotate(4))),
    "b-1": ("Eileen / Collins", encoded(eileen())),
    "b-2": ("Eileen / Collins", b""),
    "c-1": ("Nobody", encoded(landscape())),
    "c-2": ("Somebody else", encoded(grace().rotate(-4))),
}
"""By image id: whose, and what is kept of it."""


class Recorded(BaseHTTPRequestHandler):
    """Answers lists by pages of two, and pictures, to whoever has the key."""

    asked: list[str]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.asked.append(parts.path)
        if self.headers["x-api-key"] != KEY:
            return self.say(404, b'{"message": "No such service", "code": 10}')
        if parts.path == FACES:
            return self.say(200, self.page(int(parse_qs(parts.query)["page"][0])))
        image_id = parts.path.removeprefix(f"{FACES}/").removesuffix("/img")
        if image_id == "c-2" and self.asked.count(parts.path) > 2:
            return self.say(200, b"x" * 3_000_000)
        self.say(200, PICTURES[image_id][1])

    def page(self, number: int) -> bytes:
        rows = list(PICTURES.items())[2 * number : 2 * number + 2]
        faces = [{"image_id": image_id, "subject": who} for image_id, (who, _) in rows]
        about = {"page_number": number, "page_size": 2, "total_pages": 3, "total_elements": 6}
        return json.dumps({"faces": faces, **about}).encode()

    def say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def source() -> Iterator[tuple[str, list[str]]]:
    """The address, and the paths that were asked for."""
    asked: list[str] = []
    handler = type("Handler", (Recorded,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(
        data_dir=tmp_path / "data", model_cache_dir=model_cache, max_image_bytes=2_000_000
    )


@pytest.fixture
def cases(settings: Settings) -> UseCases:
    cases = open_use_cases(settings)
    cases.collections.create("staff")
    return cases


def move(settings: Settings, *arguments: str, status: int, **environment: str) -> dict[str, Any]:
    environment |= {
        "FACET_DATA_DIR": str(settings.data_dir),
        "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
        "FACET_MAX_IMAGE_BYTES": str(settings.max_image_bytes),
    }
    words = ["move", *arguments, "--collection", "staff", "--json"]
    done = CliRunner().invoke(app, words, env=environment, catch_exceptions=False)
    assert done.exit_code == status, done.output
    answer: dict[str, Any] = json.loads(done.stdout or done.stderr)
    return answer


def test_people_and_pictures_of_compreface(
    cases: UseCases, settings: Settings, source: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = source
    moved = move(settings, "compreface", url, "--key", KEY, status=1)
    assert (moved["enrolled"], moved["present"], moved["rejected"]) == (4, 0, 2)
    # A picture of Grace under another name: whose it is cannot be shown, and it is shown so.
    seen = moved["recognized"]
    assert seen["not_usable"] == 2 and sum(seen.values()) == len(PICTURES)
    assert seen["themselves"] >= 3
    names = {one.subject.name: one.faces for one in cases.subjects.list("staff")}
    assert names == {"Grace Hopper": 2, "Eileen / Collins": 1, "Somebody else": 1}
    rejects = [
        json.loads(row) for row in (tmp_path / "compreface.rejects.jsonl").read_text().splitlines()
    ]
    assert {(one["source"], one["code"]) for one in rejects} == {
        ("b-2", "empty-image"),
        ("c-1", "no-face"),
    }
    again = move(settings, "compreface", url, "--no-check", status=1, COMPREFACE_KEY=KEY)
    assert (again["enrolled"], again["present"], again["recognized"]) == (0, 3, None)
    assert again["rejected"] == 3, "one has become too large meanwhile"
    assert f"{FACES}/b-1/img" in asked


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--key", "wrong"], "status 404"),
        (["--key", KEY, "http://127.0.0.1:9"], "does not answer"),
        (["--key", KEY, "file:///etc/passwd"], "http://"),
    ],
)
def test_sources_that_cannot_be_read(
    cases: UseCases,
    settings: Settings,
    source: tuple[str, list[str]],
    arguments: list[str],
    words: str,
) -> None:
    url = arguments.pop() if len(arguments) == 3 else source[0]
    shown = move(settings, "compreface", url, *arguments, status=2)["error"]
    assert shown["code"] == "invalid-request" and words in shown["detail"]
    assert KEY not in json.dumps(shown)


def test_a_folder_of_deepface(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "db" / "Grace Hopper").mkdir(parents=True)
    (tmp_path / "db" / "Grace Hopper" / "1.jpg").write_bytes(encoded(grace()))
    (tmp_path / "db" / "Eileen Collins.jpg").write_bytes(encoded(eileen()))
    (tmp_path / "db" / "ds_model_vggface_detector_opencv.pkl").write_bytes(b"\x80\x04N.")
    moved = move(settings, "deepface", str(tmp_path / "db"), status=0)
    assert (moved["enrolled"], moved["rejected"]) == (2, 0)
    assert moved["recognized"]["themselves"] == 2
    assert {one.subject.name for one in cases.subjects.list("staff")} == {
        "Grace Hopper",
        "Eileen Collins",
    }
