"""How the console feels over a large gallery, in Chromium without a graphics card."""

import os
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser, Page

from app.settings import Settings
from benchmarks.console.filling import COLLECTION, fill
from benchmarks.measuring import JsonOption, QuickOption, console, draw_bars, finish, machine
from benchmarks.serving.server_process import ServerProcess
from deploy.console.browser import chromium

_FRAMES, _PAINT, _ACTION, _SCRIPT = 50, 1.5, 0.1, 400_000
"""What is wished for: frames a second at least; seconds, seconds and bytes at most."""
_VIEW = {"width": 1280, "height": 800}
_KEYS = "jjjjiijjxxjjzkkijjx"
"""Next, before, ignore, discard, undo."""

_SCROLL = """([pixels, milliseconds]) => new Promise((resolve) => {
  const times = [];
  const step = (now) => {
    times.push(now);
    window.scrollBy(0, pixels);
    if (now - times[0] < milliseconds) requestAnimationFrame(step);
    else resolve(times);
  };
  requestAnimationFrame(step);
})"""
_PAINTED = """() => performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000"""
_LOADED = """() => performance.getEntriesByType("resource")
  .filter((one) => new URL(one.name).pathname.endsWith(".js"))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
_HEED = """() => {
  window.pressed = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.name === "keydown") window.pressed.push(one.duration / 1000);
    }
  }).observe({ type: "event", durationThreshold: 16 });
}"""


def console_command(
    json_path: JsonOption = Path("benchmarks/results/console.json"),
    quick: QuickOption = False,
    people: Annotated[int, typer.Option(help="People in the gallery.")] = 10_000,
) -> None:
    """Frames while the grid scrolls, the first paint, actions of the inbox, the size of scripts."""
    rounds, milliseconds = (2, 2000) if quick else (7, 6000)
    server = ServerProcess(processes=1)
    console.print(f"writing {people} people")
    fill(_settings(server), people, groups=300)
    with server, chromium() as browser:
        address = f"{server.address}/console"
        paints = [_first_paint(browser, address) for _ in range(rounds)]
        scrolls = {
            name: _scrolled(browser, address, pixels, milliseconds)
            for name, pixels in (("reading", 30), ("searching", 200))
        }
        pressed = _pressed(browser, address)
        script = _script(browser, address)
    report = _report(paints, scrolls, pressed, script) | {"people": people}
    figures = {
        "first paint": report["first_paint_seconds"],
        "first faces of the grid": report["grid_seconds"],
        "action in the inbox": report["action_seconds"],
    }
    draw_bars(json_path.with_suffix(".png"), {"Console": figures})
    finish(json_path, report)


def _settings(server: ServerProcess) -> Settings:
    """Those of the server, to write to its database before it runs."""
    own = {"data_dir", "master_key_file", "model_cache_dir"}
    given = {name: server.environment[f"FACET_{name.upper()}"] for name in own}
    return Settings(**given)  # type: ignore[arg-type]


def _report(
    paints: list[tuple[float, float]],
    scrolls: dict[str, dict[str, float]],
    pressed: list[float],
    script: int,
) -> dict[str, Any]:
    paint, grid = (median(column) for column in zip(*paints, strict=True))
    slowest = min(one["frames_a_second"] for one in scrolls.values())
    return {
        "ratios": {
            "frames_over_wished": slowest / _FRAMES,
            "first_paint_over_wished": paint / _PAINT,
            "action_over_wished": max(pressed) / _ACTION,
            "script_over_wished": script / _SCRIPT,
        },
        "first_paint_seconds": paint,
        "grid_seconds": grid,
        "scrolling": scrolls,
        "action_seconds": median(pressed),
        "slowest_action_seconds": max(pressed),
        "script_bytes": script,
        "load": os.getloadavg(),
        "machine": machine(),
    }


def _page(browser: Browser, address: str) -> Page:
    """A page of a browser that keeps nothing from before."""
    page = browser.new_context(viewport=_VIEW, locale="en-GB").new_page()  # type: ignore[arg-type]
    page.set_default_timeout(120_000)
    page.goto(address)
    return page


def _grid(browser: Browser, address: str) -> Page:
    page = _page(browser, f"{address}/people?c={COLLECTION}")
    page.get_by_role("listitem").locator("img").first.wait_for()
    return page


def _first_paint(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds to the first paint of a screen's content, and to the first faces of the grid."""
    page = _grid(browser, address)
    now: float = page.evaluate("performance.now() / 1000")
    painted: float = page.evaluate(_PAINTED)
    page.context.close()
    return painted, now


def _scrolled(browser: Browser, address: str, pixels: int, milliseconds: int) -> dict[str, float]:
    """Frames while the grid scrolls by so many pixels a frame, pages and pictures being fetched."""
    page = _grid(browser, address)
    times: list[float] = page.evaluate(_SCROLL, [pixels, milliseconds])
    gaps = [later - earlier for earlier, later in pairwise(times)]
    page.context.close()
    return {
        "frames_a_second": 1000 * len(gaps) / sum(gaps),
        "longest_gap_seconds": max(gaps) / 1000,
        "pixels_a_frame": pixels,
    }


def _pressed(browser: Browser, address: str) -> list[float]:
    """Seconds from a key of the inbox to what it does being painted; 0.016 is the least told."""
    page = _page(browser, f"{address}/inbox?c={COLLECTION}")
    page.get_by_role("listitem").first.wait_for()
    page.evaluate(_HEED)
    for key in _KEYS:
        page.keyboard.press(key)
        page.wait_for_timeout(250)
    pressed: list[float] = page.evaluate("window.pressed")
    page.context.close()
    return pressed or [0.016]


def _script(browser: Browser, address: str) -> int:
    """Bytes of script, compressed, that the first screen loads."""
    page = _page(browser, f"{address}/")
    page.wait_for_load_state("networkidle")
    loaded: int = page.evaluate(_LOADED)
    page.context.close()
    return loaded
