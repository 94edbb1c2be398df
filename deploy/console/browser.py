"""Chromium as a package of Node brings it, driven by Playwright."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from deploy import node

PACKAGES = Path(__file__).parent / "node_modules"
_UNPACKED = Path(__file__).parents[2] / "build" / "chromium"
_TELL = "import('@sparticuz/chromium').then(m => m.default.executablePath()).then(console.log)"
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@cache
def executable() -> str:
    """The path of the browser, unpacked once."""
    _UNPACKED.mkdir(parents=True, exist_ok=True)
    # The package takes a file that another process still writes for the whole browser.
    with FileLock(_UNPACKED.with_suffix(".lock")):
        given = subprocess.run(  # noqa: S603
            node.command("node", "--input-type=module", "--eval", _TELL),
            cwd=PACKAGES.parent,
            env=os.environ | {"TMPDIR": str(_UNPACKED)},
            capture_output=True,
            text=True,
            check=True,
        )
    return given.stdout.strip()


@contextmanager
def chromium(camera: Path | None = None) -> Iterator[Browser]:
    """A browser whose camera shows the film of that file (Y4M or MJPEG)."""
    film = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=[*_SWITCHES, *film], headless=True
        )
        try:
            yield browser
        finally:
            browser.close()
