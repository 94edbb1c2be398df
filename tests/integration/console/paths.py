"""Longer paths through screens of the console."""

import re
import zipfile
from datetime import UTC, datetime

from playwright.sync_api import Page, Route, expect

from app.api.v1.paging import moment_cursor
from app.domain.people.sightings import Moment
from tests.integration.console.steps import heading


def find_by_whole_name(page: Page, name: str) -> None:
    """Look for somebody of a sealed collection, whose names nobody finds by their beginnings."""
    page.get_by_role("link", name="People", exact=True).last.click()
    search = page.get_by_placeholder("Whole name")
    search.fill(name[:4])
    expect(page.get_by_text(f"Nobody is called {name[:4]}")).to_be_visible()
    search.fill(name)
    expect(page.get_by_role("link", name=name)).to_be_visible()


def mend(page: Page) -> None:
    """Give a strange face to whom it shows; make two people one, and take that back."""
    page.get_by_role("tab", name="Unlike their person").click()
    page.get_by_role("button", name="Move to somebody else").click()
    page.get_by_role("combobox", name="Person").fill("Grace")
    page.get_by_role("option", name="Grace Hopper").click()
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("Nothing was found.")).to_be_visible()
    page.get_by_role("tab", name="Could be another").click()
    page.get_by_role("button", name="One person").first.click()
    page.get_by_role("menuitem", name="Grace Hopper").click()
    expect(page.get_by_text("Nothing was found.")).to_be_visible()
    merged = page.get_by_role("alert").filter(has_text="Merged into Grace Hopper.")
    merged.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Rear Admiral Hopper").first).to_be_visible()
    page.get_by_role("tab", name="Self-test").click()
    expect(page.get_by_role("cell", name="Given their own name")).to_be_visible()


def rename_from_a_finding(page: Page, tab: str, name: str, new: str) -> None:
    """Open a person from a finding, rename them, go back to the same tab, and see the new name."""
    page.get_by_role("tab", name=tab).click()
    page.get_by_role("tabpanel").get_by_role("link", name=name, exact=True).first.click()
    _rename(page, name, new)
    page.go_back()
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_role("link", name=new, exact=True).first).to_be_visible()
    expect(panel.get_by_role("link", name=name, exact=True)).to_have_count(0)


def rename_from_a_suggestion(page: Page, name: str, new: str) -> None:
    """Open a person from a suggestion, rename them, go back, and see the new name."""
    page.get_by_role("button", name="Look for them now").click()
    one = page.get_by_role("listitem").filter(has_text=name)
    one.get_by_role("button").click()
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    _rename(page, name, new)
    page.go_back()
    expect(page.get_by_role("listitem").filter(has_text=new)).to_have_count(1)
    expect(page.get_by_role("listitem").filter(has_text=name)).to_have_count(0)


def _rename(page: Page, name: str, new: str) -> None:
    heading(page, name)
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill(new)
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    heading(page, new)


def calibrate_and_remember(page: Page) -> None:
    """Decide by a curve of the collection's own, and then no more; change the policy."""
    page.get_by_role("tab", name="Calibration").click()
    page.get_by_role("button", name="Calibrate").click()
    page.get_by_role("button", name="Decide by it from now on").click()
    page.get_by_role("button", name="Decide by the encoder's curve again").click()
    expect(page.get_by_text("decides by the curve of facet-encoder@4")).to_be_visible()
    page.get_by_role("tab", name="Policy").click()
    page.get_by_role("combobox", name="Faces that are kept").click()
    page.get_by_role("option", name="Faces of unknown people").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The policy is saved.")).to_be_visible()


def look_at_sightings(page: Page) -> None:
    """Choose sightings by source and decision."""
    found = page.get_by_role("img", name="Sighting")
    expect(found).to_have_count(2)
    page.get_by_role("textbox", name="Source").fill("window")
    expect(page.get_by_text("There are none.")).to_be_visible()
    page.get_by_role("textbox", name="Source").fill("door")
    page.get_by_role("combobox", name="Decision").click()
    page.get_by_role("option", name="known", exact=True).click()
    expect(found).to_have_count(2)


def look_further_back(page: Page) -> None:
    """Go on where the server has looked through many sightings and found none yet."""
    first = re.compile(r"/sightings\?(?!.*cursor=).*min_quality=")
    cursor = moment_cursor(Moment(datetime(2090, 1, 1, tzinfo=UTC), 1))

    def end_early(route: Route) -> None:
        answer = route.fetch()
        early = {"items": [], "next_cursor": cursor, "looked_back_to": "2026-05-04T12:00:00Z"}
        route.fulfill(response=answer, json={**answer.json(), **early})

    page.route(first, end_early)
    page.get_by_role("textbox", name="Quality at least").fill("0.1")
    expect(page.get_by_text("None found so far.")).to_be_visible()
    expect(page.get_by_text("Looked through back to: 4 May 2026")).to_be_visible()
    expect(page.get_by_text("There are none.")).to_have_count(0)
    page.get_by_role("button", name="Look further back").click()
    expect(page.get_by_role("img", name="Sighting")).to_have_count(2)
    expect(page.get_by_text("Looked through back to")).to_have_count(0)
    page.unroute(first)


def look_after_rights(page: Page) -> None:
    """Record a basis, restrict somebody for a while, and fetch everything kept of them."""
    page.get_by_role("link", name="Grace Hopper").click()
    expect(page.get_by_role("img", name="Sighting")).to_have_count(1)
    page.get_by_role("button", name="Record a basis").click()
    page.get_by_role("textbox", name="Reference").fill("form 114")
    page.get_by_label("Expires").fill("2045-01-31")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="form 114")).to_be_visible()
    expect(page.get_by_role("cell", name="2045")).to_be_visible()
    for times in (1, 0):
        page.get_by_role("switch", name="Restricted").click(force=True)
        expect(page.get_by_text("neither matched nor enrolled")).to_have_count(times)
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything kept of them").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {"data.json", "audit.jsonl"} <= set(archive.namelist())


def administer(page: Page) -> None:
    """Have an address told, see where a backup finds things, and limit a key."""
    page.get_by_role("button", name="New webhook").click()
    page.get_by_role("textbox", name="Address").fill("http://10.0.0.1/facet")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("url stands for an address that is not public")).to_be_visible()
    page.get_by_role("textbox", name="Address").fill("http://127.0.0.1:9/facet")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog")).to_contain_text("whsec_")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("The address could not be told.")).to_be_visible()
    page.get_by_role("button", name="Actions on http").click()
    page.get_by_role("menuitem", name="Given up").click()
    expect(page.get_by_text("Nothing was given up.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Backup").click()
    expect(page.get_by_text("FACET_DATA_DIR", exact=True)).to_be_visible()
    page.get_by_role("link", name="Keys").click()
    page.get_by_role("button", name="Actions on").first.click()
    page.get_by_role("menuitem", name="Limits").click()
    page.get_by_role("textbox", name="Requests a second").fill("900")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Requests a second: 900")).to_be_visible()


def sort_by_keys(page: Page) -> None:
    """Choose groups and take them for one person; split a face off; take both back."""
    keys, count = page.keyboard, page.get_by_text("groups,")
    keys.press("Space")
    expect(page.get_by_text("1 groups with")).to_be_visible()
    keys.press("Shift+K")
    keys.press("Shift+J")
    expect(page.get_by_text("2 groups with")).to_be_visible()
    keys.press("m")
    expect(count).to_contain_text("1 groups")
    keys.press("z")
    expect(count).to_contain_text("2 groups")
    keys.press("f")
    keys.press("Space")
    keys.press("Shift+ArrowRight")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    keys.press("s")
    expect(count).to_contain_text("3 groups")
    page.get_by_role("button", name="Undo").press("Enter")


def deny_by_key(page: Page) -> None:
    """Say that a group is not the person it looks like; take it back."""
    like = page.get_by_text("Looks like Grace Hopper.")
    expect(like).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("2 faces are not Grace Hopper.")).to_be_visible()
    expect(like).to_have_count(0)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(like).to_be_visible()


def roll_back(page: Page) -> None:
    """Ignore a group while the server does not answer: it comes back, and a message says why."""
    count = page.get_by_text("groups,")
    page.route("**/ignore", lambda route: route.abort())
    page.keyboard.press("i")
    expect(page.get_by_text("Everything is sorted")).to_be_visible()
    page.get_by_role("link", name="People").press("Enter")
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    page.get_by_role("link", name="Inbox").press("Enter")
    expect(count).to_contain_text("1 groups")


def read_dates(page: Page) -> None:
    """Read a date of a text, and see what the network looked at."""
    page.get_by_role("tab", name="Dates in a text").click()
    page.get_by_role("textbox", name="A text with dates").fill("née le 14 juillet 1989")
    page.get_by_role("textbox", name="Locale").fill("fr")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1989-07-14")
    expect(page.get_by_role("img", name="Attention").locator("rect").first).to_be_visible()
    page.get_by_role("textbox", name="A text with dates").fill("<b>never</b>")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def review(page: Page) -> None:
    """Have suggestions found, accept that two names are of one, and refuse it of others."""
    keys = page.keyboard
    page.get_by_role("button", name="Look for them now").click()
    one = page.get_by_role("listitem").filter(has_text="Rear Admiral Hopper")
    one.get_by_role("button").click()
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Rear Admiral Hopper")).to_be_visible()
    expect(page.get_by_role("img", name="Face").first).to_be_visible()
    keys.press("n")
    expect(page.get_by_text("Refusing:")).to_contain_text("Grace Hopper")
    keys.press("z")
    one.get_by_role("button").click()
    keys.press("y")
    expect(page.get_by_text("Accepting:")).to_contain_text("Grace Hopper")
    keys.press("n")
    expect(page.get_by_text("Everything is answered.")).to_be_visible()
    # Leaving the screen sends what was waiting.
    page.get_by_role("link", name="People").click()
    expect(page.get_by_role("listitem")).to_have_count(3)
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_text("Nothing is suggested.")).to_be_visible()


def choose_who_stands(page: Page) -> None:
    """Let another face stand for somebody, which the grid shows; take it back."""
    pictures = page.get_by_role("listitem").filter(has_text="Grace Hopper").locator("img")
    before = pictures.get_attribute("src")
    page.get_by_role("link", name="Grace Hopper").click()
    page.get_by_role("button", name="stand for them").click()
    expect(page.get_by_text("The face of Grace Hopper is chosen.")).to_be_visible()
    page.get_by_role("link", name="People").first.click()
    expect(pictures).not_to_have_attribute("src", before or "")
    page.get_by_role("button", name="Undo").click()
    expect(pictures).to_have_attribute("src", before or "")


def find_nothing_to_press(page: Page) -> None:
    """Look at people, one of them, decisions and suggestions by a key that may do no more."""
    expect(page.get_by_role("listitem")).to_have_count(2)
    hidden = (
        "Keys",
        "Audit",
        "Settings",
        "Receipts",
        "Jobs",
        "Models",
        "Health",
        "Webhooks",
        "Backup",
    )
    for name in hidden:
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    expect(page.get_by_role("button", name="Add a person")).to_have_count(0)
    page.get_by_role("link", name="Grace Hopper").click()
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
    expect(page.get_by_text("Kept on the basis of")).to_be_visible()
    for name in ("Rename", "More", "Erase", "Undo", "Record a basis", "Save", "stand for them"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("link", name="Everything kept of them")).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("switch")).to_have_count(0)
    expect(page.locator("input[type=file]")).to_have_count(0)
    page.get_by_role("link", name="Decisions").click()
    page.get_by_role("tab", name="Policy").click()
    expect(page.get_by_role("combobox", name="Faces that are kept")).to_be_disabled()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("tab", name="Calibration")).to_have_count(0)
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_text("Nothing is suggested.")).to_be_visible()
    expect(page.get_by_role("button", name="Look for them now")).to_have_count(0)
