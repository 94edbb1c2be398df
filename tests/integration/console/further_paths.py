"""Paths through screens of the console: trying, ordering, moving."""

import re
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.integration.console.steps import choose_file, heading

JOB = 240_000
"""Milliseconds for a job, whose process stands behind all others on the machine."""


def compare(page: Page, pictures: Path) -> None:
    """Ask whether two pictures show one person, twice: what was said of others is not left."""
    page.get_by_role("tab", name="Two pictures").click()
    compared = page.get_by_role("button", name="Compare")
    expect(compared).to_be_disabled()
    choose_file(page, pictures / "one.jpg")
    choose_file(page, pictures / "same.jpg", 1)
    compared.click()
    expect(page.get_by_role("status")).to_contain_text("The same person")
    expect(page.get_by_role("status")).to_contain_text("Threshold")
    expect(page.get_by_role("img", name="The face in the picture")).to_have_count(2)
    page.get_by_role("button", name="As a program asks it").click()
    expect(page.get_by_text("--form probe=@same.jpg")).to_be_visible()
    choose_file(page, pictures / "other.jpg", 1)
    expect(page.get_by_text("The same person")).to_have_count(0)
    compared.click()
    expect(page.get_by_role("status")).to_contain_text("Different people")


def watch(page: Page, film: Path) -> None:
    """Have a recording looked through, and go by keys to where somebody was seen."""
    _look_through(page, film)
    times = _go_by_keys(page)
    wanted = float(times.get_attribute("aria-valuenow") or 0)
    assert wanted > 0
    shown = page.locator("video")
    page.wait_for_function(
        "wanted => Math.abs(document.querySelector('video').currentTime - wanted) < 0.1", arg=wanted
    )
    _boxed_within(page, shown)
    times.press("Home")
    page.wait_for_function("() => document.querySelector('video').currentTime < 0.2")


def watch_animation(page: Page, film: Path) -> None:
    """Have an animation looked through, whose frames are shown one by one with their boxes."""
    _look_through(page, film)
    shown = page.get_by_role("img", name="Recording")
    pixels = "() => document.querySelector('canvas').toDataURL()"
    page.wait_for_function("() => document.querySelector('canvas').width === 320")
    before = page.evaluate(pixels)
    box = _boxed_within(page, shown)
    _go_by_keys(page)
    page.wait_for_function(f"before => ({pixels})() !== before", arg=before)
    assert _boxed_within(page, shown)["x"] > box["x"] + 10


def _look_through(page: Page, film: Path) -> None:
    page.get_by_role("tab", name="Recording").click()
    choose_file(page, film)
    expect(page.get_by_text("People seen: 1")).to_be_visible()
    expect(page.get_by_text("Grace Hopper", exact=True).first).to_be_visible()


def _go_by_keys(page: Page) -> Locator:
    """Go to the sixth time at which somebody was seen."""
    times = page.get_by_role("slider", name="When Grace Hopper was seen")
    times.press("Home")
    for _ in range(5):
        before = times.get_attribute("aria-valuenow") or ""
        times.press("ArrowRight")
        expect(times).not_to_have_attribute("aria-valuenow", before)
    expect(times).to_have_attribute("aria-valuetext", re.compile(r"^At second \d+\.\d$"))
    return times


def _boxed_within(page: Page, film: Locator) -> FloatRect:
    """The face's box, which lies within the picture, as the film shows the face in it."""
    box = page.get_by_role("img", name="Grace Hopper").locator("rect")
    expect(box).to_be_visible()
    film_at, box_at = film.bounding_box(), box.bounding_box()
    assert film_at is not None and box_at is not None
    assert film_at["x"] < box_at["x"] and film_at["y"] < box_at["y"]
    assert box_at["x"] + box_at["width"] < film_at["x"] + film_at["width"]
    return box_at


def read_the_record(page: Page) -> None:
    """See on somebody's page who did what with them, and what is done now."""
    page.get_by_role("link", name="Grace Hopper").click()
    heading(page, "Audit", 2)
    expect(page.get_by_role("cell", name="enroll", exact=True).first).to_be_visible()
    changed = page.get_by_role("cell", name="change-subject")
    expect(changed).to_have_count(0)
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("Amazing Grace")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    heading(page, "Amazing Grace")
    expect(changed).to_have_count(1)
    page.get_by_role("button", name="Undo").first.click()
    heading(page, "Grace Hopper")


def order_groups(page: Page) -> None:
    """Put groups into another order, which the browser remembers."""
    first = page.get_by_role("listitem").first
    expect(first).to_contain_text("Faces: 3")
    page.get_by_text("Newest", exact=True).click()
    expect(first).to_contain_text("Faces: 2")
    expect(first.locator("[aria-current]")).to_have_attribute("aria-current", "true")
    page.reload()
    expect(page.get_by_role("radio", name="Newest")).to_be_checked()
    expect(first).to_contain_text("Faces: 2")
    page.get_by_text("Likeliest", exact=True).click()
    # Nobody is enrolled, so that all are as likely: the largest first.
    expect(first).to_contain_text("Faces: 3")


def reencode(page: Page) -> None:
    """Move a collection to another encoder, and look how it ended."""
    dialog = _open_moving(page)
    expect(dialog).to_contain_text("Faces without a picture are left out.")
    _order_moving(page, "2 faces, 2 people")
    expect(page.get_by_text("done", exact=True)).to_be_visible(timeout=JOB)


def reencode_without_pictures(page: Page) -> None:
    """Move a collection whose faces are lost by that: first it is refused, then they are erased."""
    dialog = _open_moving(page)
    expect(dialog).to_contain_text("This collection keeps no pictures")
    _order_moving(page, "Somebody", "0 faces, 0 people", "it is refused in the end")
    expect(page.get_by_role("alert")).to_contain_text("cannot be encoded", timeout=JOB)
    expect(page.get_by_role("alert").locator("code")).to_have_text("erase_left_out")
    expect(page.get_by_text("done", exact=True)).to_have_count(1)
    page.get_by_role("link", name="Models").click()
    dialog = _open_moving(page)
    dialog.get_by_role("switch", name="Erase faces that cannot").click(force=True)
    _order_moving(page, "Somebody", "erased for good")
    expect(page.get_by_text("done", exact=True)).to_have_count(2, timeout=JOB)


def _open_moving(page: Page) -> Locator:
    page.get_by_role("button", name="Move to another encoder").click()
    return page.get_by_role("dialog")


def _order_moving(page: Page, *forecast: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Encoder").click()
    page.get_by_role("option", name=re.compile("@")).first.click()
    losses = dialog.get_by_role("region", name="What it would lose")
    for text in forecast:
        expect(losses).to_contain_text(text)
    dialog.get_by_role("button", name="Move to another encoder").click()
    heading(page, "Jobs")
    expect(page.get_by_text("Move to another encoder", exact=True).first).to_be_visible()


def get_weights(page: Page, key: str, other: str) -> None:
    """Get a model's weights once its licence is accepted; of another one think better of it."""
    dialog = _accept_licence(page, other)
    dialog.get_by_role("button", name="Cancel the job").click()
    expect(dialog.get_by_role("alert").filter(has_text="cancelled")).to_be_visible()
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_role("button", name="Get the weights")).to_be_visible()
    page.keyboard.press("Escape")
    row = page.get_by_role("row").filter(has_text=key)
    dialog = _accept_licence(page, key)
    expect(dialog.get_by_role("status")).to_contain_text("the model is ready", timeout=JOB)
    page.keyboard.press("Escape")
    expect(row.get_by_text("ready", exact=True)).to_be_visible()
    expect(row.get_by_role("button", name="Get")).to_have_count(0)
    row.get_by_role("button", name=key).click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("1.0 MB")
    expect(card.get_by_role("link", name="Text of the licence")).to_be_visible()


def _accept_licence(page: Page, key: str) -> Locator:
    page.get_by_role("button", name=f"Get {key}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("non-commercial research only")
    expect(dialog).to_contain_text("not for commercial use")
    expect(dialog).to_contain_text("http://127.0.0.1")
    order = dialog.get_by_role("button", name="Get the weights")
    expect(order).to_be_disabled()
    dialog.get_by_role("checkbox", name="I have read the licence").check()
    order.click()
    return dialog


def find_among_many(page: Page) -> None:
    """Look for people by what else is known of them, which going back keeps, as it does the place.

    Of all, number 100 alone is of the team.
    """
    count, people = page.get_by_role("status").first, page.get_by_role("listitem")
    expect(count).to_have_text("People: 130")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("combobox", name="Faces").click()
    page.get_by_role("option", name="Without faces").click()
    page.get_by_role("textbox", name="Metadata").fill("team")
    page.get_by_role("textbox", name="Value").fill("engines")
    page.get_by_role("button", name="Filter by it").click()
    expect(count).to_have_text("People: 1")
    page.keyboard.press("Escape")
    people.get_by_role("link").click()
    heading(page, "Person 100")
    page.get_by_role("main").get_by_role("link", name="People").click()
    expect(people).to_have_count(1)
    for condition in ("team = engines", "Without faces"):
        page.get_by_role("button", name=f"No longer: {condition}").click()
    expect(count).to_have_text("People: 130")
    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("option", name="Newest").click()
    expect(people.first).to_contain_text("Person 129")
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 2_000)
    page.wait_for_function("() => scrollY >= 1500")
    wanted = page.get_by_role("link", name=re.compile(r"^Person 50\b"))
    # Clicking would scroll to it, too.
    wanted.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    wanted.click()
    heading(page, "Person 50")
    page.go_back()
    page.wait_for_function("before => Math.abs(scrollY - before) < 50", arg=before)
    expect(wanted).to_be_in_viewport()


def lose_the_server(page: Page) -> None:
    """Rename somebody while the server is out of reach: it is told, and nothing typed is lost."""
    expect(page.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Grace Hopper").click()
    page.get_by_role("button", name="Rename").click()
    dialog, name = page.get_by_role("dialog"), page.get_by_role("textbox", name="Name")
    name.fill("Amazing Grace")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog).to_contain_text("The server does not answer.")
    unreached = page.get_by_text("No connection to the server.")
    expect(unreached).to_be_visible()
    expect(name).to_have_value("Amazing Grace")
    page.context.set_offline(False)
    expect(unreached).to_have_count(0)
    dialog.get_by_role("button", name="Rename").click()
    heading(page, "Amazing Grace")
    page.get_by_role("button", name="Undo").first.click()
    heading(page, "Grace Hopper")


def load_and_remove_the_demo(page: Page) -> None:
    """Load the demo portraits, or the rest of them, look at them, and remove them again."""
    page.get_by_role("button", name="Load the demo portraits").click()
    expect(page.get_by_role("link", name="Eileen Collins")).to_be_visible()
    expect(page.get_by_text("Faces: 1")).to_have_count(2)
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("button", name="Remove the demo")).to_be_visible()
    expect(page.get_by_role("button", name="Load the demo portraits")).to_have_count(0)
    page.get_by_role("button", name="Remove the demo").click()
    page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    heading(page, "Receipt", 2)
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()


def be_refused_the_demo(page: Page) -> None:
    """Ask for the demo where something else has its name meanwhile: it is told."""
    page.get_by_role("button", name="Load the demo portraits").click()
    expect(page.get_by_role("alert").filter(has_text="demo")).to_be_visible()
    expect(page.get_by_role("link", name="demo")).to_contain_text("0 people")
    expect(page.get_by_role("button", name="Remove the demo")).to_have_count(0)


def find_no_demo(page: Page) -> None:
    """Look at an empty server by a key that may enroll nobody."""
    expect(page.get_by_text("Ask an administrator for a collection.")).to_be_visible()
    expect(page.get_by_role("button", name="Load the demo portraits")).to_have_count(0)


def break_off_the_demo(page: Page) -> None:
    """Load the demo while the server goes out of reach: a beginning of it is there."""
    page.route("**/faces", lambda route: route.abort())
    page.get_by_role("button", name="Load the demo portraits").click()
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    page.unroute("**/faces")
    expect(page.get_by_role("button", name="Remove the demo")).to_be_visible()
