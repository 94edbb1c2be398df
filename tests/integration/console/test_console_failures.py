"""The console where something fails: a request, a part of its own pages, a browser's settings."""

import httpx
from playwright.sync_api import Browser, Route, expect

from tests.integration.console.conftest import SECONDS, Open
from tests.integration.console.steps import heading, sign_in
from tests.integration.server import Server

FAILED = "This screen cannot be shown"


def test_a_browser_of_a_machine_without_a_language(
    chrome: Browser, server: Server, gallery: str
) -> None:
    context = chrome.new_context()
    context.set_default_timeout(SECONDS * 1000)
    # What Chromium tells where neither LANG nor LC_ALL names a language.
    context.add_init_script(
        "Object.defineProperty(navigator, 'languages', {get: () => ['en-US@posix']})"
    )
    page = context.new_page()
    sign_in(page, server.address, gallery)
    expect(page.get_by_text("Requests", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="staff")).to_be_visible()
    expect(page.get_by_text(FAILED)).to_have_count(0)
    context.close()


def test_a_server_too_busy_to_tell_its_state(gallery: str, screen: Open) -> None:
    page = screen("account")
    heading(page, "Account")
    page.route("**/readyz", _refuse)
    page.get_by_role("link", name="Overview").click()
    alert = page.get_by_role("alert").filter(has_text="The server is not ready")
    expect(alert).to_contain_text("Everybody is busy. Come back in a minute.")
    expect(page.get_by_role("link", name="staff")).to_be_visible()


def test_a_screen_that_does_not_come_leaves_the_others(gallery: str, screen: Open) -> None:
    page = screen("account")
    heading(page, "Account")
    page.route("**/files/Jobs-*.js", lambda route: route.abort())
    page.get_by_role("link", name="Jobs").click()
    # The page loads itself anew once, in case it was of before an upgrade.
    expect(page.get_by_text(FAILED)).to_be_visible()
    page.get_by_role("link", name="Account").click()
    heading(page, "Account")
    page.get_by_role("link", name="Jobs").click()
    expect(page.get_by_text(FAILED)).to_be_visible()
    page.unroute("**/files/Jobs-*.js")
    page.get_by_role("button", name="Load the page anew").click()
    heading(page, "Jobs")


def _refuse(route: Route) -> None:
    problem = {"detail": "Everybody is busy.", "hint": "Come back in a minute.", "code": "busy"}
    route.fulfill(status=httpx.codes.SERVICE_UNAVAILABLE, json=problem)
