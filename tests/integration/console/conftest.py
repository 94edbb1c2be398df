"""The console in a real browser, on a real server: one of each for all tests.

Every page is watched: no request leaves the server's origin, no rule about scripts and styles is
broken, no script fails, and none opens a dialog.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    StorageState,
    WebError,
    expect,
)

from deploy.console.browser import chromium
from deploy.console.gallery import fill
from tests.integration.console.steps import MALICIOUS, sign_in
from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace, side_by_side

SECONDS = 120
"""For what a page is waited for; the machine may be busy."""
expect.set_options(timeout=SECONDS * 1000)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
READS = ("detect", "verify", "recognize", "browse")

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def server(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("console") / "data"
    data.mkdir()
    # A proxy of a test stands before it, and a webhook of a test behind it.
    own = {"trusted_proxies": "127.0.0.1", "webhook_networks": "127.0.0.0/8"}
    with Server(starter, data, model_cache, **own) as server:
        yield server


@pytest.fixture(scope="module")
def admin(server: Server) -> str:
    return server.create_key()


@pytest.fixture(scope="module")
def reader(server: Server) -> str:
    """A key that may look and change nothing."""
    options = [word for scope in READS for word in ("--scope", scope)]
    return server.facet("keys", "create", *options)


@pytest.fixture(scope="module")
def gallery(server: Server, admin: str) -> str:
    """Two people by name, the same without one, and somebody whose every text is a script."""
    fill(server.address, admin, server.facet)
    with server.client(admin) as client:
        texts = {"name": MALICIOUS, "metadata": {MALICIOUS: f"</code>{MALICIOUS}"}}
        client.post("/v1/collections", json={"name": "hostile"}).raise_for_status()
        client.post("/v1/collections/hostile/subjects", json=texts).raise_for_status()
    return admin


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera shows a portrait."""
    film = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    film.write_bytes(encoded(eileen().resize((640, 640))) * 4)
    with chromium(film) as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(chrome: Browser, server: Server, admin: str) -> StorageState:
    """What a browser keeps in which an administrator has signed in."""
    context = chrome.new_context()
    page = context.new_page()
    sign_in(page, server.address, admin)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both people of the gallery in one picture."""
    file = tmp_path_factory.mktemp("pictures") / "crowd.jpg"
    file.write_bytes(encoded(side_by_side(grace(), eileen())))
    return file


class Watch:
    """Notes what no page may do."""

    def __init__(self, address: str) -> None:
        self._own = (address, "blob:", "data:")
        self.wrong: list[str] = []

    def heed(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._message)
        context.on("dialog", self._dialog)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._own):
            self.wrong.append(request.url)

    def _message(self, message: ConsoleMessage) -> None:
        if "Security Policy" in message.text:
            self.wrong.append(message.text)

    def _dialog(self, dialog: Dialog) -> None:
        self.wrong.append(dialog.message)
        dialog.dismiss()

    def _error(self, error: WebError) -> None:
        self.wrong.append(str(error.error))


@pytest.fixture
def context(chrome: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts, whose pages are watched to the end of the test."""
    made: list[BrowserContext] = []
    watch = Watch(server.address)

    def make(**options: Any) -> BrowserContext:
        usual = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}
        new = chrome.new_context(**{**usual, **options})
        new.set_default_timeout(SECONDS * 1000)
        watch.heed(new)
        made.append(new)
        return new

    yield make
    for one in made:
        one.close()
    assert watch.wrong == []


@pytest.fixture
def stranger(context: Callable[..., BrowserContext]) -> Page:
    """A page of a browser in which nobody has signed in."""
    return context().new_page()


@pytest.fixture
def screen(context: Callable[..., BrowserContext], server: Server, signed_in: StorageState) -> Open:
    """Opens a screen as an administrator: by its address below `/console/`."""

    def show(place: str, **options: Any) -> Page:
        page = context(storage_state=signed_in, **options).new_page()
        page.goto(f"{server.address}/console/{place}")
        return page

    return show
