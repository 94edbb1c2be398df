"""Steps that people take in the console."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from PIL.Image import Image
from playwright.sync_api import Page, expect

from deploy.console.browser import PACKAGES
from tests.integration.connections.acceptors import wait_until
from tests.portraits import cropped, eileen, encoded, grace

MALICIOUS = "<img src=x onerror=alert(1)>"
GRAVE = ("serious", "critical")


def sign_in(page: Page, address: str, key: str, place: str = "") -> None:
    """Open a screen and sign in with the key."""
    page.goto(f"{address}/console/{place}")
    give_key(page, key)


def give_key(page: Page, key: str) -> None:
    page.get_by_role("textbox", name="API key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation")).to_be_attached()


def choose_file(page: Page, file: Path, place: int = 0) -> None:
    """Choose a picture where one may be dropped."""
    page.locator("input[type=file]").nth(place).set_input_files(file)


def heading(page: Page, name: str, level: int = 1) -> None:
    """Wait for the heading."""
    expect(page.get_by_role("heading", name=name, exact=True, level=level)).to_be_visible()


@cache
def _axe() -> str:
    return (PACKAGES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def grave_findings(page: Page) -> list[str]:
    """What keeps people with other senses from using the page, as axe finds it."""
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


def turned(client: httpx.Client, collection: str, count: int) -> None:
    """Enroll one portrait as so many people, each time turned a little."""
    people = {f"Hopper {number}": grace().rotate(2 * number - count) for number in range(count)}
    _enrolled(client, collection, people)


def twice_named(client: httpx.Client, collection: str) -> None:
    """Enroll two people under two names each."""
    people = {
        "Grace Hopper": grace(),
        "Rear Admiral Hopper": cropped(grace()),
        "Eileen Collins": eileen(),
        "Colonel Collins": cropped(eileen()),
    }
    _enrolled(client, collection, people)


def seen_twice(client: httpx.Client, collection: str) -> None:
    """Enroll one person, and have another one be seen twice, who becomes a group."""
    _enrolled(client, collection, {"Grace Hopper": grace()})
    _seen(client, collection, [eileen(), cropped(eileen())])


def seen_before(client: httpx.Client, collection: str) -> None:
    """Have one person be seen three times, and then another one twice, who become groups."""
    _enrolled(client, collection, {})
    _seen(client, collection, [eileen(), cropped(eileen()), eileen().rotate(9)])
    _seen(client, collection, [grace(), cropped(grace())])


def _seen(client: httpx.Client, collection: str, pictures: Sequence[Image]) -> None:
    path = f"/v1/collections/{collection}"
    before = len(client.get(f"{path}/groups").json()["items"])
    client.patch(path, json={"policy": {"remember": "unknown"}}).raise_for_status()
    for picture in pictures:
        files = {"image": encoded(picture)}
        client.post(f"{path}/recognize", files=files).raise_for_status()

    def grouped() -> bool:
        groups = client.get(f"{path}/groups").json()["items"]
        return len(groups) > before and any(one["size"] == len(pictures) for one in groups)

    wait_until(grouped)


def _enrolled(client: httpx.Client, collection: str, people: Mapping[str, Image]) -> None:
    client.post("/v1/collections", json={"name": collection}).raise_for_status()
    path = f"/v1/collections/{collection}/subjects"
    for name, picture in people.items():
        made = client.post(path, json={"name": name}).raise_for_status().json()
        files = {"images": encoded(picture)}
        client.post(f"{path}/{made['id']}/faces", files=files).raise_for_status()
