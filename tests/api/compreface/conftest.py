"""A server that speaks CompreFace's format as well, and a client with a key of that form."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.api.conftest import Client, running, small_settings
from tests.portraits import eileen, encoded, grace

API = "/api/v1"
RECOGNITION = f"{API}/recognition"


@pytest.fixture(scope="module")
def server_settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    settings = small_settings(tmp_path_factory.mktemp("server") / "data", model_cache)
    return settings.model_copy(
        update={
            "wire_formats": ("native", "compreface"),
            "cors_origins": ("https://kiosk.example",),
            "job_workers": 0,
        }
    )


@pytest.fixture(scope="module")
def server(server_settings: Settings) -> Iterator[Client]:
    with running(server_settings) as client:
        yield client


def key_for(client: Client, collection: str = "staff", **options: Any) -> str:
    """A key for clients of CompreFace."""
    keys = client.app.edge.use_cases.keys
    return str(keys.create("door", collection=collection, form="compreface", **options)[1])


class CompreFace:
    """Requests as clients write them."""

    def __init__(self, client: Client, key: str) -> None:
        self.client, self.key = client, key

    def send(self, method: str, path: str, **more: Any) -> Any:
        headers = {"x-api-key": self.key, "Authorization": "", **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def json(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """The JSON of an answer with that status."""
        answer = self.send(method, path, **more)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    def error(self, method: str, path: str, **more: Any) -> tuple[int, int]:
        """Status and number of an error, in this format's own shape and no other."""
        answer = self.send(method, path, **more)
        assert answer.headers["content-type"] == "application/json", answer.text
        body = answer.json()
        assert set(body) == {"message", "code"}, body
        assert body["message"]
        return answer.status_code, body["code"]

    def add(self, subject: str, image: bytes) -> str:
        """The id of the image."""
        path = f"{RECOGNITION}/faces?subject={subject}"
        made = self.json("POST", path, 201, files={"file": ("a.jpg", image)})
        return str(made["image_id"])

    def recognize(self, image: bytes, query: str = "") -> list[Any]:
        """The faces of a picture."""
        path = f"{RECOGNITION}/recognize?{query}"
        found: list[Any] = self.json("POST", path, files={"file": ("a.jpg", image)})["result"]
        return found


@pytest.fixture
def compreface(client: Client) -> CompreFace:
    """A client whose key belongs to the collection `staff`, which is empty."""
    client.collection()
    return CompreFace(client, key_for(client))


@pytest.fixture
def enrolled(compreface: CompreFace) -> CompreFace:
    """The same with two people."""
    compreface.add("Grace Hopper", encoded(grace()))
    compreface.add("Eileen Collins", encoded(eileen()))
    return compreface
