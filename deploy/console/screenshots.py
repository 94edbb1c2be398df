"""Pictures of every screen, for the documents: `make screenshots`."""

import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.cli.demo.portraits import eileen, encoded, grace, side_by_side
from app.serving.launching import LaunchedServer, facet
from deploy.console.browser import chromium
from deploy.console.gallery import fill

_PLACE = Path(__file__).parents[2] / "docs" / "assets" / "console"
_VIEWS: Mapping[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
_SCREENS = {
    "overview": "",
    "people": "people?c=staff",
    "person": "people?c=staff",
    "inbox": "inbox?c=visitors",
    "review": "review?c=mixed",
    "sightings": "sightings?c=staff",
    "try": "try?c=staff",
    "dates": "try?c=staff",
    "decisions": "decisions?c=staff",
    "policy": "decisions?c=staff",
    "health": "health?c=mixed",
    "models": "models",
    "jobs": "jobs",
    "keys": "keys",
    "audit": "audit",
    "receipts": "receipts",
    "webhooks": "webhooks",
    "backup": "backup",
    "settings": "settings",
    "account": "account",
}
_PAUSE = 700
"""Milliseconds for pictures and transitions."""
_TIMEOUT = 60_000
_DRAWN = """() => [...document.images].every(
  (one) => one.complete || one.getBoundingClientRect().top > innerHeight)"""


def main() -> None:
    """Start a server with a small gallery, look at every screen, and keep what is seen."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        place.chmod(0o700)
        server = LaunchedServer(
            place / "data", place / "log", processes=1, master_key_file=place / "master.key"
        )
        with server, chromium() as browser:
            key = server.create_key()
            fill(server.address, key, partial(facet, server.environment))
            picture = place / "party.jpg"
            picture.write_bytes(encoded(side_by_side(grace(), eileen())))
            _remember(server.address, key, picture)
            _suggest(server.address, key)
            for view, size in _VIEWS.items():
                _take(browser, server.address, key, picture, view, size)


def _remember(address: str, key: str, picture: Path) -> None:
    """Have both people seen once, and an address told of such things."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{address}/v1", headers=headers, timeout=120) as client:
        client.patch("/collections/staff", json={"policy": {"remember": "all"}}).raise_for_status()
        client.post(
            "/collections/staff/recognize",
            files={"image": picture.read_bytes()},
            data={"source": "front door"},
        ).raise_for_status()
        hook = {"url": "https://example.org/facet", "kinds": ["erased"], "collection": "staff"}
        client.post("/webhooks", json=hook).raise_for_status()


def _suggest(address: str, key: str) -> None:
    """Have suggestions found about who is mixed up."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{address}/v1", headers=headers, timeout=120) as client:
        job = client.post("/collections/mixed/review", json={}).raise_for_status().json()
        while job["state"] in ("queued", "running"):
            time.sleep(0.5)
            job = client.get(f"/jobs/{job['id']}").raise_for_status().json()


def _take(
    browser: Browser, address: str, key: str, picture: Path, view: str, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(_TIMEOUT)
    page = context.new_page()
    page.goto(f"{address}/console/")
    page.get_by_role("textbox", name="API key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    for name, place in _SCREENS.items():
        page.goto(f"{address}/console/{place}")
        page.get_by_role("heading", level=1).wait_for()
        _prepare(page, name, picture)
        page.wait_for_load_state("networkidle")
        page.wait_for_function(_DRAWN)
        page.wait_for_timeout(_PAUSE)
        page.screenshot(path=_PLACE / view / f"{name}.png")
    context.close()


def _prepare(page: Page, name: str, picture: Path) -> None:
    """Do what there is to see on the screen."""
    if name == "person":
        page.get_by_role("link", name="Grace Hopper").click()
        expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
    if name == "health":
        page.get_by_role("tab", name="Self-test").wait_for()
    if name == "policy":
        page.get_by_role("tab", name="Policy").click()
        page.get_by_role("button", name="Save").wait_for()
    if name == "review":
        page.get_by_role("button", name="Accept").wait_for()
    if name == "dates":
        page.get_by_role("tab", name="Dates in a text").click()
        page.get_by_role("textbox", name="A text with dates").fill("née le 14 juillet 1989")
        page.get_by_role("textbox", name="Locale").fill("fr")
        page.get_by_role("button", name="Read", exact=True).click()
        page.get_by_role("img", name="Attention").wait_for()
    if name == "try":
        page.locator("input[type=file]").first.set_input_files(picture)
        page.get_by_text("Faces found").wait_for()
        page.get_by_role("heading", name="Candidates").wait_for()


if __name__ == "__main__":
    main()
