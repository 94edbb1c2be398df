"""Another wire format on the same edge: its own keys, errors, paths and limits; all else shared."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.api import formats
from app.api.formats import chosen_formats
from app.bootstrap.application import open_application
from app.domain.errors.requests import InvalidRequestError
from app.settings import Settings
from tests.api.conftest import Client, new_key, running
from tests.api.tiny_format import PREFIX, TINY
from tests.portraits import encoded, grace

ORIGIN = "https://kiosk.example"


@pytest.fixture(scope="module", autouse=True)
def _mounted() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMATS", [TINY, *formats.FORMATS])
        yield


@pytest.fixture
def spoken(settings: Settings) -> Settings:
    return settings.model_copy(update={"wire_formats": ("native", "tiny")})


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, model_cache: Path, _mounted: None
) -> Iterator[Client]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        model_cache_dir=model_cache,
        wire_formats=("native", "tiny"),
        max_images_per_request=4,
        job_workers=0,
    )
    with running(settings) as client:
        client.collection()
        yield client


@pytest.fixture
def tiny(server: Client) -> Client:
    """An admin's client that sends its key as either format has it."""
    server.headers["X-Tiny-Key"] = server.headers["Authorization"].split()[1]
    return server


def kind(answer: Any) -> tuple[int, str]:
    """Status and kind, in the tiny format's own shape and no other."""
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"fault"}, answer.text
    return answer.status_code, answer.json()["fault"]["kind"]


def question(**changes: Any) -> dict[str, Any]:
    return {"face": base64.b64encode(encoded(grace())).decode(), "among": "staff", **changes}


def test_both_formats_work_on_the_same_gallery(tiny: Client) -> None:
    made = tiny.post(f"{PREFIX}/staff/people", json={"name": "Grace Hopper"})
    assert made.status_code == 200, made.text
    subject = tiny.get(f"/v1/collections/staff/subjects/{made.json()['person']}")
    assert subject.json()["name"] == "Grace Hopper"
    found = tiny.post(f"{PREFIX}/staff/whois", json=question())
    assert (found.status_code, found.json()) == (200, {"faces": 1})
    assert tiny.get(f"{PREFIX}/limits").json() == {"images": 4}


@pytest.mark.parametrize(
    ("method", "path", "sent", "expected"),
    [
        ("GET", "/none", {}, (400, "NOT-FOUND")),
        ("GET", "", {}, (400, "NOT-FOUND")),
        ("DELETE", "/staff/whois", {}, (400, "METHOD-NOT-ALLOWED")),
        ("POST", "/staff/people", {"json": {"name": "x" * 300}}, (400, "REQUEST-TOO-LARGE")),
        ("POST", "/staff/whois", {"content": b"x" * 500_001}, (400, "REQUEST-TOO-LARGE")),
        ("POST", "/staff/people", {"content": b"{"}, (400, "INVALID-JSON")),
        ("POST", "/staff/people", {"json": {}}, (400, "INVALID-REQUEST")),
        ("POST", "/staff/whois", {"json": {"face": "?"}}, (400, "INVALID-BASE64")),
        ("POST", "/staff/whois", {"json": question(face="bm8=")}, (400, "NOT-AN-IMAGE")),
        ("POST", "/none/whois", {"json": question()}, (400, "UNKNOWN-COLLECTION")),
        ("GET", "/staff/fault", {}, (500, "INTERNAL-ERROR")),
    ],
)
def test_whatever_goes_wrong_is_told_in_its_own_shape(
    tiny: Client, method: str, path: str, sent: dict[str, Any], expected: tuple[int, str]
) -> None:
    headers = {"Content-Type": "application/json"} if "content" in sent else {}
    answer = tiny.request(method, PREFIX + path, headers=headers, **sent)
    assert kind(answer) == expected
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-Id"]


def test_its_key_stands_where_it_says(tiny: Client) -> None:
    people = f"{PREFIX}/staff/people"
    reader = new_key(tiny.app, "read")
    for key, expected in (
        (None, (401, "MISSING-KEY")),
        ("nonsense", (401, "INVALID-KEY")),
        (reader, (400, "INSUFFICIENT-SCOPE")),
    ):
        tiny.headers.pop("X-Tiny-Key", None)
        headers = {"X-Tiny-Key": key} if key else {}
        # The native format's key, which is an admin's, is sent with all of them.
        assert kind(tiny.post(people, json={"name": "x"}, headers=headers)) == expected
    bound = new_key(tiny.app, "admin", collection="staff")
    tiny.collection("others")
    other = f"{PREFIX}/others/people"
    answer = tiny.post(other, json={"name": "x"}, headers={"X-Tiny-Key": bound})
    assert kind(answer) == (400, "INSUFFICIENT-SCOPE")


def test_the_native_format_keeps_its_own(tiny: Client) -> None:
    for answer, code in (
        (tiny.get("/v1/none"), "not-found"),
        (tiny.get("/v1/tinyish"), "not-found"),
        (tiny.get("/none"), "not-found"),
        (tiny.get("/v1/collections/none"), "unknown-collection"),
        (tiny.get("/v1/collections", headers={"Authorization": "Bearer x"}), "invalid-key"),
    ):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == code
    assert PREFIX not in str(tiny.get("/openapi.json").json()["paths"])


def test_requests_are_counted_by_route(tiny: Client) -> None:
    tiny.get(f"{PREFIX}/staff/fault")
    counted = tiny.get("/metrics").text
    assert f'route="{PREFIX}/{{collection}}/fault",status="500"' in counted


def test_what_stands_around_it_speaks_its_shape(spoken: Settings) -> None:
    open_to_pages = spoken.model_copy(update={"auth": "off", "cors_origins": (ORIGIN,)})
    with running(open_to_pages) as client:
        path = f"{PREFIX}/limits"
        assert kind(client.get(path)) == (400, "FOREIGN-HOST")
        client.base_url = "http://localhost"
        evil = {"Origin": "https://evil.example"}
        assert kind(client.get(path, headers=evil)) == (400, "FOREIGN-ORIGIN")
        asked = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-tiny-key",
        }
        assert client.options(path, headers=asked).status_code == 200
        answer = client.get(path, headers={"Origin": ORIGIN})
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_below_a_prefix_and_on_the_public_listener(spoken: Settings) -> None:
    moved = spoken.model_copy(update={"root_path": "/facet", "operations_port": 9999})
    with running(moved) as client:
        for prefix in ("/facet", ""):
            assert client.get(f"{prefix}{PREFIX}/limits").status_code == 200
            assert kind(client.get(f"{prefix}{PREFIX}/none")) == (400, "NOT-FOUND")


def test_a_format_that_is_not_named_is_not_there(settings: Settings) -> None:
    with running(settings) as client:
        assert client.get(f"{PREFIX}/limits").json()["code"] == "not-found"
    alone = settings.model_copy(update={"wire_formats": ("tiny",)})
    with running(alone) as client:
        assert client.get(f"{PREFIX}/limits").status_code == 200
        assert client.get("/v1/collections").json()["code"] == "not-found"
        assert client.get("/healthz").status_code == 200
        assert "api" not in client.get("/").json()
        assert client.get("/openapi.json").status_code == 200


def test_an_unknown_format_ends_the_start_with_a_hint(settings: Settings) -> None:
    wrong = settings.model_copy(update={"wire_formats": ("native", "compreface2")})
    with pytest.raises(InvalidRequestError, match="compreface2") as error:
        open_application(wrong)
    assert all(name in error.value.hint for name in ("native", "compreface", "rekognition"))
    assert not wrong.data_dir.exists()
    with pytest.raises(InvalidRequestError, match="No wire format"):
        chosen_formats([])


def test_the_table_gives_the_order() -> None:
    chosen = chosen_formats(["native", "tiny"])
    assert [one.name for one in chosen.mounted] == ["tiny", "native"]
    scope = {"type": "http", "method": "GET", "path": f"{PREFIX}/none"}
    assert chosen.of(scope) is TINY
