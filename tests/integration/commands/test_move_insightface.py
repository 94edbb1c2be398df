"""`facet move insightface-server` from what answers as InsightFace Server does."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from app.bootstrap.use_cases import open_use_cases
from app.services.use_cases import UseCases
from app.settings import Settings
from tests.integration.commands.crops import face_of
from tests.integration.commands.test_move import move
from tests.portraits import eileen, encoded, grace

KEY = "secret-1"
BASE = "/v1/collections"
PEOPLE: list[dict[str, Any]] = [
    {"id": "p/1", "name": "Grace", "external_id": "HR-1", "metadata": {"floor": 3}},
    {"id": "p2", "name": "Eileen Collins", "external_id": None, "metadata": {}},
    {"id": "p3", "name": "Grace", "external_id": None, "metadata": {}},
]
CROPS: dict[str, list[bytes | None]] = {
    "p/1": [encoded(face_of(grace(), 112)), encoded(face_of(grace().rotate(4), 112))],
    "p2": [encoded(face_of(eileen(), 112))],
    "p3": [None],
}
"""By person; None is a face without one."""


class Recorded(BaseHTTPRequestHandler):
    """Answers pages of two, to whoever has the key."""

    collections: tuple[str, ...] = ("employees",)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return self.say({"error": {"code": "unauthorized", "message": "No."}}, 401)
        cursor = int(parse_qs(parts.query).get("cursor", ["0"])[0])
        path = [unquote(one) for one in parts.path.removeprefix(f"{BASE}/").split("/")]
        if parts.path == BASE:
            return self.page("collections", [{"id": one} for one in self.collections], cursor)
        if path == ["employees", "persons"]:
            people = [one | {"face_count": len(CROPS[one["id"]])} for one in PEOPLE]
            return self.page("persons", people, cursor)
        if path[:2] == ["employees", "persons"] and path[3:] == ["faces"]:
            crops = CROPS[path[2]]
            faces = [{"id": f"f{n}", "has_crop": one is not None} for n, one in enumerate(crops)]
            return self.page("faces", faces, cursor)
        if path[-1] == "image":
            return self.send(CROPS[path[2]][int(path[4][1:])] or b"", 200)
        self.say({"error": {"code": "resource_not_found", "message": "None."}}, 404)

    def page(self, member: str, rows: list[Any], cursor: int) -> None:
        more = str(cursor + 2) if len(rows) > cursor + 2 else None
        self.say({member: rows[cursor : cursor + 2], "next_cursor": more, "request_id": "1"})

    def say(self, body: Any, status: int = 200) -> None:
        self.send(json.dumps(body).encode(), status)

    def send(self, body: bytes, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def handler() -> type[Recorded]:
    return type("Handler", (Recorded,), {})


@pytest.fixture
def url(handler: type[Recorded]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
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


def test_people_with_their_crops(
    cases: UseCases, settings: Settings, url: str, tmp_path: Path
) -> None:
    moved = move(settings, "insightface-server", url, "--key", KEY, status=1)
    assert (moved["enrolled"], moved["rejected"]) == (3, 1)
    assert moved["recognized"]["themselves"] == 3 and moved["recognized"]["not_usable"] == 1
    people = {one.subject.name: one for one in cases.subjects.list("staff")}
    assert {name: one.faces for name, one in people.items()} == {
        "Grace (p/1)": 2,
        "Eileen Collins": 1,
    }
    first = people["Grace (p/1)"].subject
    assert (first.external_id, first.metadata) == ("HR-1", {"floor": 3})
    rejects = (tmp_path / "insightface-server.rejects.jsonl").read_text().splitlines()
    assert [json.loads(row)["source"] for row in rejects] == ["p3/f0"]
    again = move(settings, "insightface-server", url, "--key", KEY, "--no-check", status=1)
    assert (again["enrolled"], again["present"]) == (0, 3)


def test_which_collection(
    cases: UseCases, settings: Settings, url: str, handler: type[Recorded]
) -> None:
    handler.collections = ("employees", "guests", "more")
    several = move(settings, "insightface-server", url, "--key", KEY, status=2)["error"]
    assert "3 collections" in several["detail"] and "guests" in several["hint"]
    given = ["--key", KEY, "--from", "employees", "--no-check"]
    assert move(settings, "insightface-server", url, *given, status=1)["enrolled"] == 3
    given = ["--key", KEY, "--from", "none"]
    assert "404" in move(settings, "insightface-server", url, *given, status=2)["error"]["detail"]
    wrong = move(settings, "insightface-server", url, "--key", "other", status=2)["error"]
    assert "401" in wrong["detail"] and "other" not in json.dumps(wrong)
