"""The ASGI app on real networks and a real database, and clients with keys."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import structlog
from fastapi.dependencies import models as dependencies
from fastapi.testclient import TestClient

from app.bootstrap.application import open_application
from app.platform.failures import failure_text
from app.settings import Settings
from app.storage import schema
from tests.api.declared import check_declared
from tests.portraits import eileen, encoded, grace


class Client(TestClient):
    """A client that sends a key and knows the shapes of common requests.

    It fails on every code that the description does not have beside the route.
    """

    app: Any

    def request(self, method: str, url: Any, *given: Any, **more: Any) -> Any:
        answer = super().request(method, url, *given, **more)
        check_declared(self.app, method, answer)
        return answer

    def collection(self, name: str = "staff", **fields: Any) -> dict[str, Any]:
        answer = self.post("/v1/collections", json={"name": name, **fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def subject(self, name: str, collection: str = "staff") -> str:
        answer = self.post(f"/v1/collections/{collection}/subjects", json={"name": name})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def enrol(self, subject: str, *images: bytes, collection: str = "staff", **more: Any) -> Any:
        return self.post(
            f"/v1/collections/{collection}/subjects/{subject}/faces",
            files=[("images", image) for image in images],
            **more,
        )

    def recognize(self, image: bytes, collection: str = "staff", **fields: Any) -> Any:
        path = f"/v1/collections/{collection}/recognize"
        return self.post(path, files={"image": image}, data=fields)

    def contents(self, collection: str = "staff") -> tuple[int, int]:
        found = self.get(f"/v1/collections/{collection}").json()
        return found["subjects"], found["faces"]


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """As the server logs them; structlog's own show all variables, which takes half a minute."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.ExceptionRenderer(failure_text),
            structlog.processors.JSONRenderer(),
        ],
        # Standard output belongs to the commands that a test runs beside the app.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def small_settings(data_dir: Path, model_cache: Path) -> Settings:
    """Limits that a test can reach."""
    return Settings(
        data_dir=data_dir,
        model_cache_dir=model_cache,
        database_timeout=0.3,
        max_image_bytes=2_000_000,
        max_image_pixels=2_000_000,
        max_request_bytes=8_000_000,
        max_video_bytes=2_000_000,
        max_images_per_request=4,
    )


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    """For a server of the test's own."""
    return small_settings(tmp_path / "data", model_cache)


@pytest.fixture(scope="module")
def server_settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    """For the server of the module."""
    return small_settings(tmp_path_factory.mktemp("server") / "data", model_cache)


@pytest.fixture(scope="module")
def server(server_settings: Settings) -> Iterator[Client]:
    """An admin's client of one server for all tests of a module: opening one takes seconds."""
    with running(server_settings) as client:
        yield client


@contextmanager
def running(settings: Settings) -> Iterator[Client]:
    """An admin's client of a started application."""
    _forget_applications()
    if not settings.database_url:
        _copy_tables(settings.data_dir)
    application = open_application(settings)
    with Client(application, raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {new_key(application, 'admin')}"
        yield client


def _forget_applications() -> None:
    """Free closed applications, each of which holds fifty megabytes and nine threads.

    They are in cycles, and the framework remembers four thousand functions of routes, and
    through them all that they need.
    """
    for one in vars(dependencies).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()
    gc.collect()


def _copy_tables(data_dir: Path) -> None:
    """A new data directory begins with tables, which take a third of a second to make."""
    if not data_dir.exists():
        data_dir.mkdir(mode=0o700, parents=True)
        (data_dir / "facet.db").write_bytes(_tables())
        (data_dir / "facet.db").chmod(0o600)


@cache
def _tables() -> bytes:
    """A database without rows."""
    with TemporaryDirectory() as place:
        path = Path(place) / "facet.db"
        schema.upgrade(f"sqlite:///{path}")
        return path.read_bytes()


def new_key(application: Any, scope: Any, **options: Any) -> str:
    scopes = [scope] if isinstance(scope, str) else scope
    options = {"lifetime": None} | options
    return str(application.edge.use_cases.keys.create("test", scopes=scopes, **options)[1])


@pytest.fixture
def client(server: Client) -> Iterator[Client]:
    """The module's client; what a test has made is erased behind it."""
    headers = dict(server.headers)
    yield server
    server.headers.clear()
    server.headers.update(headers)
    for collection in server.get("/v1/collections", params={"limit": 100}).json()["items"]:
        server.delete(f"/v1/collections/{collection['name']}").raise_for_status()


@pytest.fixture
def staff(client: Client) -> Client:
    """A client of a server with one collection of two enrolled people."""
    client.collection()
    for name, picture in (("Grace Hopper", grace()), ("Eileen Collins", eileen())):
        assert client.enrol(client.subject(name), encoded(picture)).status_code == 201
    return client


def subject_id(client: Client, name: str) -> str:
    items = client.get("/v1/collections/staff/subjects").json()["items"]
    return next(str(item["id"]) for item in items if item["name"] == name)
