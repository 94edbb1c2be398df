"""Every screen's main path, by people of all kinds, in a real browser."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from deploy.console.browser import PACKAGES
from tests.integration.console import further_paths, paths
from tests.integration.console.conftest import PHONE, Open
from tests.integration.console.steps import (
    MALICIOUS,
    choose_file,
    give_key,
    grave_findings,
    heading,
    seen_twice,
    sign_in,
    turned,
    twice_named,
)
from tests.integration.server import Server

pytestmark = pytest.mark.skipif(not PACKAGES.exists(), reason="no browser: make test")

SCREENS = {
    "": "Overview",
    "people?c=staff": "People",
    "inbox?c=visitors": "Inbox",
    "review?c=mixed": "Review",
    "sightings?c=staff": "Sightings",
    "try?c=staff": "Try it",
    "decisions?c=staff": "Decisions",
    "health?c=mixed": "Health",
    "models": "Models",
    "jobs": "Jobs",
    "keys": "Keys",
    "audit": "Audit",
    "receipts": "Receipts",
    "webhooks": "Webhooks",
    "backup": "Backup",
    "settings": "Settings",
    "account": "Account",
}


def test_an_empty_server_tells_what_to_do(server: Server, screen: Open, crowd: Path) -> None:
    page = screen("")
    expect(page.get_by_text("This server knows nobody yet")).to_be_visible()
    further_paths.load_and_remove_the_demo(page)
    expect(page.get_by_text("This server knows nobody yet")).to_be_visible()
    page.get_by_role("button", name="New collection").first.click()
    page.get_by_role("textbox", name="Name").fill("first")
    page.get_by_label("Store names sealed").check()
    page.get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Add a person").first.click()
    page.get_by_role("textbox", name="Name").fill("Somebody")
    choose_file(page, crowd)
    # Two faces are seen: who is meant?
    page.get_by_role("button", name="2", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Add a person").click()
    heading(page, "Somebody")
    expect(page.get_by_text("Faces: 1")).to_be_visible()
    paths.find_by_whole_name(page, "Somebody")


def test_signing_in_and_what_is_left_after_it(server: Server, gallery: str, stranger: Page) -> None:
    page, key = stranger, server.create_key()
    page.goto(f"{server.address}/console/people?c=staff")
    page.get_by_role("textbox", name="API key").fill("facet_0011223344556677_nonsense")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not valid")
    give_key(page, key)
    expect(page.get_by_role("listitem")).to_have_count(2)
    assert page.evaluate("document.cookie") == ""
    assert key not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    headers = {"Authorization": f"Bearer {key}"}
    assert httpx.delete(f"{server.address}/v1/sessions", headers=headers).json()["ended"] == 1
    # Whatever is asked next leads to signing in, and then back to the same address.
    page.get_by_role("link", name="Grace Hopper").click()
    give_key(page, key)
    heading(page, "Grace Hopper")
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page.get_by_role("textbox", name="API key")).to_be_visible()


def test_a_person_is_renamed_and_erased_with_a_receipt(
    server: Server, gallery: str, screen: Open
) -> None:
    with server.client(gallery) as client:
        client.post("/v1/collections/staff/subjects", json={"name": "Nobody"}).raise_for_status()
    page = screen("people?c=staff")
    page.get_by_role("textbox", name="Search").fill("Nob")
    page.get_by_role("link", name="Nobody").click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("Somebody else")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    heading(page, "Somebody else")
    page.get_by_role("button", name="Undo").click()
    heading(page, "Nobody")
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name="Erase").click()
    expect(page.get_by_text("This would be erased")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    heading(page, "Receipt", 2)
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Receipts").click()
    expect(page.get_by_text("genuine", exact=True).first).to_be_visible()
    page.get_by_role("tab", name="Of this browser").click()
    expect(page.get_by_text("subject", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Retention").click()
    expect(page.get_by_text("Nobody's time is over.")).to_be_visible()


def test_the_inbox_needs_no_mouse(gallery: str, screen: Open) -> None:
    page = screen("inbox?c=visitors")
    count = page.get_by_text("groups,")
    expect(count).to_contain_text("2 groups")
    keys = page.keyboard
    keys.press("Shift+?")
    expect(page.get_by_role("dialog")).to_contain_text("Discard")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("j")
    expect(page.locator("[aria-current=true]")).to_have_count(1)
    keys.press("k")
    # Taken back at once: no discarding is ever sent.
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    keys.press("x")
    keys.press("z")
    expect(count).to_contain_text("2 groups")
    paths.sort_by_keys(page)
    expect(count).to_contain_text("2 groups")
    keys.press("n")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    keys.type("Somebody new")
    keys.press("Enter")
    expect(count).to_contain_text("1 groups")
    keys.press("i")
    expect(page.get_by_text("Everything is sorted")).to_be_visible()
    # Leaving the screen sends what was waiting.
    page.get_by_role("link", name="People").press("Enter")
    expect(page.get_by_role("link", name="Somebody new")).to_be_visible()
    assert "POST" in sent and "DELETE" not in sent


def test_a_group_is_somebody_else(server: Server, gallery: str, screen: Open) -> None:
    with server.client(gallery) as client:
        seen_twice(client, "lobby")
    page = screen("inbox?c=lobby")
    paths.deny_by_key(page)
    paths.roll_back(page)


def test_a_picture_tells_who_and_why(
    gallery: str, screen: Open, crowd: Path, tmp_path: Path
) -> None:
    page = screen("try?c=staff")
    file = tmp_path / f"{MALICIOUS}.jpg"
    file.write_bytes(crowd.read_bytes())
    choose_file(page, file)
    expect(page.get_by_text("Faces found: 2")).to_be_visible()
    for name in ("Grace Hopper", "Eileen Collins"):
        page.get_by_role("button", name=name).locator("rect").click()
        heading(page, name, 2)
    expect(page.get_by_text("Similarity").first).to_be_visible()
    page.get_by_role("button", name="As a program asks it").click()
    expect(page.get_by_text(f"--form image=@'{MALICIOUS}.jpg'")).to_be_visible()
    page.get_by_role("tab", name="JSON").click()
    expect(page.get_by_text('"threshold_fmr"')).to_be_visible()
    page.get_by_role("tab", name="Camera").click()
    expect(page.get_by_role("status")).to_contain_text("Eileen Collins")
    paths.read_dates(page)


def test_rates_models_jobs_and_keys(gallery: str, screen: Open, crowd: Path) -> None:
    page = screen("decisions?c=staff")
    page.get_by_role("slider").press("Home")
    expect(page.get_by_text("0.01 of 1000 strangers named")).to_be_visible()
    page.get_by_role("button", name="At most 0.01 of a thousand").click()
    expect(page.get_by_text("No search names more than 0.01")).to_be_visible()
    page.get_by_role("button", name="Remove the bound").click()
    expect(page.get_by_text("Callers may choose any rate.")).to_be_visible()
    page.get_by_role("link", name="Models").click()
    page.get_by_role("button", name="facet-encoder@4").click()
    expect(page.get_by_role("dialog")).to_contain_text("Training data")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Jobs").click()
    page.get_by_role("tab", name="Style transfer").click()
    choose_file(page, crowd, 0)
    choose_file(page, crowd, 1)
    for slider in page.get_by_role("slider").all():
        slider.press("Home")
    page.get_by_role("slider", name="Steps").press("End")  # so that it can be cancelled
    page.get_by_role("button", name="Paint").click()
    # Previews come by the job's events.
    expect(page.get_by_role("img", name="Result")).to_be_visible()
    page.get_by_role("button", name="Cancel the job").click()
    expect(page.get_by_text("cancelled", exact=True)).to_be_visible()
    page.get_by_role("link", name="Keys").click()
    page.get_by_role("button", name="New key").click()
    page.get_by_role("textbox", name="Name").fill("door")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("dialog")).to_contain_text("facet_")
    page.keyboard.press("Escape")
    expect(page.get_by_role("cell", name="door").first).to_be_visible()
    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_role("cell", name="create-key").first).to_be_visible()


def test_a_gallery_is_mended_in_place(gallery: str, screen: Open) -> None:
    paths.mend(screen("health?c=mixed"))


def test_suggestions_are_answered_by_keys(server: Server, gallery: str, screen: Open) -> None:
    with server.client(gallery) as client:
        twice_named(client, "doubtful")
        paths.review(screen("review?c=doubtful"))
        kinds = [
            one["kind"] for one in client.get("/v1/collections/doubtful/operations").json()["items"]
        ]
        assert sorted(kinds) == ["merge", "refuse"]


def test_a_face_is_chosen_to_stand_for_somebody(gallery: str, screen: Open) -> None:
    paths.choose_who_stands(screen("people?c=staff"))


def test_a_curve_of_its_own_and_the_policy(server: Server, gallery: str, screen: Open) -> None:
    with server.client(gallery) as client:
        turned(client, "alike", 10)
        paths.calibrate_and_remember(screen("decisions?c=alike"))
        assert client.get("/v1/collections/alike").json()["policy"]["remember"] == "unknown"


def test_rights_of_people_and_what_was_seen_of_them(
    server: Server, gallery: str, screen: Open, crowd: Path
) -> None:
    with server.client(gallery) as client:
        path = "/v1/collections/staff"
        client.patch(path, json={"policy": {"remember": "all"}}).raise_for_status()
        picture = {"image": crowd.read_bytes()}
        client.post(f"{path}/recognize", files=picture, data={"source": "door"}).raise_for_status()
    paths.look_at_sightings(screen("sightings?c=staff"))
    paths.look_further_back(screen("sightings?c=staff"))
    paths.look_after_rights(screen("people?c=staff"))


def test_webhooks_backup_and_limits_of_keys(gallery: str, screen: Open) -> None:
    paths.administer(screen("webhooks"))


@pytest.mark.parametrize("dark", [False, True])
def test_people_with_any_senses_can_use_every_screen(
    gallery: str, server: Server, screen: Open, dark: bool
) -> None:
    page = screen("", color_scheme="dark" if dark else "light")
    wrong = {}
    for address, title in list(SCREENS.items())[: 5 if dark else None]:
        page.goto(f"{server.address}/console/{address}")
        heading(page, title)
        if findings := grave_findings(page):
            wrong[title] = findings
    assert wrong == {}


def test_screens_fit_a_phone(gallery: str, server: Server, screen: Open) -> None:
    page = screen("", viewport=PHONE, has_touch=True, is_mobile=True)
    for address, title in SCREENS.items():
        page.goto(f"{server.address}/console/{address}")
        heading(page, title)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], title
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Overview").click()
    heading(page, "Overview")


def test_texts_of_others_stay_text(gallery: str, screen: Open) -> None:
    page = screen("people?c=hostile")
    page.get_by_role("link", name=MALICIOUS).click()
    heading(page, MALICIOUS)
    expect(page.get_by_text(f"</code>{MALICIOUS}")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


def test_a_reader_sees_nothing_to_press(
    server: Server, gallery: str, reader: str, stranger: Page
) -> None:
    page = stranger
    sign_in(page, server.address, reader, "people?c=staff")
    paths.find_nothing_to_press(page)
