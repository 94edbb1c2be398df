"""Readers of the console: numbers in their language, their way back, their phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.integration.console.conftest import PHONE, Open
from tests.integration.console.further_paths import JOB
from tests.integration.console.steps import choose_file, heading, sign_in
from tests.integration.server import Server

_TOO_WIDE = """() => {
  const wide = (one) => one.getBoundingClientRect().right > innerWidth + 0.5;
  const cut = (one) => one.scrollWidth > one.clientWidth;
  return [
    ...[document.documentElement].filter(cut),
    ...[...document.querySelectorAll("table, tbody *")].filter(wide),
    ...[...document.querySelectorAll("div:has(> table), table button *")].filter(cut),
  ].map((one) => one.outerHTML.slice(0, 200));
}"""
"""Elements that go beyond a phone's side, and those that a button or a frame cuts off."""


def test_charts_end_where_comparisons_do_and_speak_the_language(
    gallery: str, screen: Open, crowd: Path
) -> None:
    page = screen("decisions?c=staff", locale="de-DE")
    _read_curve(page)
    page.goto(page.url.replace("decisions", "try"))
    choose_file(page, crowd)
    _read_curve(page)


@pytest.mark.parametrize(
    ("place", "tab"),
    [("jobs", "Style transfer"), ("try?c=staff", "Two pictures"), ("receipts", "Of this browser")],
)
def test_a_tab_is_found_again_on_the_way_back(
    gallery: str, screen: Open, place: str, tab: str
) -> None:
    page = screen(place)
    page.get_by_role("tab", name=tab).click()
    page.get_by_role("link", name="Account").click()
    heading(page, "Account")
    page.go_back()
    expect(page.get_by_role("tab", name=tab, selected=True)).to_be_visible()
    expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()


def test_a_tab_that_is_not_offered_is_not_shown(
    server: Server, gallery: str, reader: str, stranger: Page
) -> None:
    sign_in(stranger, server.address, reader, "decisions?c=staff&tab=calibration")
    expect(stranger.get_by_role("tab", name="Error rate", selected=True)).to_be_visible()


def test_a_painting_tells_its_step_at_each_size(gallery: str, screen: Open, crowd: Path) -> None:
    page = screen("jobs?tab=style", locale="de-DE")
    choose_file(page, crowd, 0)
    choose_file(page, crowd, 1)
    for slider in page.get_by_role("slider").all():
        slider.press("Home")
    page.get_by_role("button", name="Malen").click()
    expect(page.get_by_text("fertig", exact=True)).to_be_visible(timeout=JOB)
    # How late the last step is told depends on the machine.
    expect(page.get_by_text(re.compile(r"^Größe \d von 2: Schritt \d+ von 20$"))).to_be_visible()


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_tables_are_cards_on_a_phone(
    server: Server, gallery: str, screen: Open, language: str
) -> None:
    with server.client(gallery) as client:
        hook = {"url": f"https://example.org/{'long/' * 20}", "collection": "staff"}
        client.post("/v1/webhooks", json=hook).raise_for_status()
    page = screen("", viewport=PHONE, has_touch=True, is_mobile=True, locale=language)
    for place in ("models", "keys", "settings", "webhooks", "audit", "account"):
        page.goto(f"{server.address}/console/{place}")
        table = page.get_by_role("table")
        expect(table.get_by_role("row").nth(1)).to_be_visible()
        assert page.evaluate(_TOO_WIDE) == [], place
    expect(table.get_by_role("columnheader").first).to_be_attached()


def test_a_model_that_can_be_fetched_says_so_in_a_few_words(gallery: str, screen: Open) -> None:
    page = screen("models", viewport=PHONE, has_touch=True, is_mobile=True)
    card = page.get_by_role("row").filter(has_text="arcface-w600k-r50@1")
    expect(card.get_by_text("The weights are not here yet.")).to_be_visible()
    box = card.bounding_box()
    assert box is not None and box["height"] < PHONE["height"] / 2


def test_numbers_are_typed_as_the_reader_writes_them(
    server: Server, gallery: str, screen: Open
) -> None:
    policy = {"remember": "all", "remember_per_day": 12_500, "remember_quality": 0.2}
    with server.client(gallery) as client:
        client.post("/v1/collections", json={"name": "counted"}).raise_for_status()
        client.patch("/v1/collections/counted", json={"policy": policy}).raise_for_status()
        page = screen("decisions?c=counted&tab=policy", locale="de-DE")
        expect(page.get_by_label("Höchstens von einem Tag")).to_have_value("12.500")
        quality = page.get_by_label("Güte, die sie brauchen")
        expect(quality).to_have_value("0,2")
        quality.fill("0,35")
        page.get_by_role("button", name="Speichern").click()
        expect(page.get_by_text("Die Regeln sind gespeichert.")).to_be_visible()
        kept = client.get("/v1/collections/counted").json()["policy"]
        assert (kept["remember_per_day"], kept["remember_quality"]) == (12_500, 0.35)


def test_a_reader_finds_nothing_to_press_in_the_inbox_of_a_phone(
    server: Server, gallery: str, reader: str, context: Callable[..., BrowserContext]
) -> None:
    page = context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    sign_in(page, server.address, reader, "inbox?c=visitors")
    expect(page.get_by_role("listitem").first).to_contain_text("Faces: ")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    for name in ("Assign to somebody", "Somebody new", "Ignore", "Discard", "One person"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog").get_by_role("row")).to_have_count(3)
    page.keyboard.press("Escape")
    page.goto(f"{server.address}/console/")
    expect(page.get_by_text("Nobody is enrolled yet.", exact=True).first).to_be_visible()


def _read_curve(page: Page) -> None:
    """See the curve of an encoder behind which there are 1,179,698 comparisons."""
    chart = page.get_by_role("img", name="Anteil der Fremden")
    for rate in ("1 von 10", "1 von 1.000", "1 von 100.000"):
        expect(chart.get_by_text(rate, exact=True)).to_be_visible()
    expect(chart).not_to_contain_text("1 von 1.000.000")
    expect(chart).not_to_contain_text("e-")
    expect(page.get_by_text("Die Kurve endet bei 1 von ")).to_be_visible()
    expect(chart).to_have_attribute(
        "aria-label", re.compile(r"1 von 1\.000 bei einer Ähnlichkeit von 0,\d\d")
    )
