"""Style transfers and stored styles over HTTP, painted by real jobs."""

import base64
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.settings import Settings
from tests.api.conftest import Client, new_key, running
from tests.portraits import eileen, encoded, grace, landscape

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def small_settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    return Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        model_cache_dir=model_cache,
        max_style_pixels=1_000_000,
        max_styles=2,
        jobs_per_key=3,
    )


@pytest.fixture(scope="module")
def server(small_settings: Settings) -> Iterator[Client]:
    with running(small_settings) as client:
        yield client


@pytest.fixture
def idle(small_settings: Settings, tmp_path: Path) -> Iterator[Client]:
    """A server whose jobs wait for ever."""
    changes = {"data_dir": tmp_path / "data", "job_workers": 0}
    with running(small_settings.model_copy(update=changes)) as client:
        yield client


def settled(client: Client, job: dict[str, Any], seconds: float = 240) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, f"the job is still {job}"
        time.sleep(0.2)
        job = client.get(f"/v1/jobs/{job['id']}").json()
    return job


def events_of(client: Client, job: dict[str, Any]) -> dict[str, list[str]]:
    """The data of all events of a job until it ends, by kind."""
    events: dict[str, list[str]] = {}
    with client.stream("GET", f"/v1/jobs/{job['id']}/events", timeout=240) as stream:
        kind = ""
        for line in stream.iter_lines():
            if line.startswith("event:"):
                kind = line.removeprefix("event:").strip()
            if line.startswith("data:"):
                events.setdefault(kind, []).append(line.removeprefix("data:"))
    return events


def painted(client: Client, job: dict[str, Any]) -> Image.Image:
    assert job["state"] == "succeeded", job
    answer = client.get(f"/v1/jobs/{job['id']}/result")
    assert answer.status_code == 200
    picture = Image.open(io.BytesIO(answer.content))
    assert answer.headers["content-type"] == Image.MIME[str(picture.format)]
    return picture


def test_a_portrait_is_painted(server: Client) -> None:
    pictures = {"content": encoded(grace()), "style": encoded(landscape())}
    body = {name: base64.b64encode(data).decode() for name, data in pictures.items()}
    answer = server.post("/v1/style-transfers", json={**body, "size": 64, "steps": 6})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    assert answer.json()["parameters"]["model"] == "style-dictionary@1"
    job = settled(server, answer.json())
    picture = painted(server, job)
    assert picture.size == (55, 64) and picture.format == "PNG"
    reported = job["progress"]["data"]
    assert 1 <= reported["step"] <= reported["steps"] == 6
    assert (reported["size"], reported["sizes"]) == (1, 1)
    assert reported["step_at_size"] == reported["step"] and reported["steps_at_size"] == 6
    assert job["progress"]["message"] == f"size 1 of 1: step {reported['step']} of 6"
    assert reported["style_loss"] < 4 and reported["loss"] > 0
    # The palette is the style's.
    palette, own = (np.asarray(p.convert("RGB")).mean((0, 1)) for p in (landscape(), picture))
    assert np.abs(palette - own).max() < 30


def test_a_stored_style_is_painted_with_and_events_show_it(server: Client) -> None:
    made = server.post("/v1/styles", files={"image": encoded(landscape())}, data={"name": "coffee"})
    assert made.status_code == 201, made.text
    assert made.json()["width"] == landscape().width and made.json()["bytes"] > 1000
    again = server.post(
        "/v1/styles", files={"image": encoded(landscape())}, data={"name": "coffee"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "duplicate-style")
    assert [item["name"] for item in server.get("/v1/styles").json()["items"]] == ["coffee"]
    assert server.get("/v1/styles/coffee").json() == made.json()
    image = server.get("/v1/styles/coffee/image")
    assert Image.open(io.BytesIO(image.content)).size == landscape().size
    job = server.post(
        "/v1/style-transfers",
        files={"content": encoded(eileen())},
        data={
            "style_name": "coffee",
            "size": 96,
            "steps": 30,
            "keep_faces": "true",
            "format": "jpeg",
        },
    ).json()
    assert job["parameters"]["style_name"] == "coffee" and job["parameters"]["keep_faces"]
    assert server.delete("/v1/styles/coffee").status_code == 204
    for path in ("/v1/styles/coffee", "/v1/styles/coffee/image"):
        assert server.get(path).json()["code"] == "unknown-style"
    assert server.delete("/v1/styles/coffee").status_code == 404
    events = events_of(server, job)  # it has a copy
    progress = [json.loads(data)["data"] for data in events.get("progress", ())]
    # A job may be over before it is followed: its state tells its progress as well.
    progress.append(json.loads(events["state"][-1])["progress"]["data"])
    losses = [one["style_loss"] for one in progress if one.get("style_loss") is not None]
    # How late the last one is told depends on the machine, and kept faces cost style.
    assert losses and losses[-1] < 2 and losses[-1] <= losses[0]
    preview = json.loads(events["preview"][-1])
    shown = Image.open(io.BytesIO(base64.b64decode(preview["base64"])))
    assert shown.format == "JPEG" and max(shown.size) <= 100
    picture = painted(server, settled(server, job))
    assert picture.size == (96, 96) and picture.format == "JPEG"


def test_styles_are_kept_small_and_without_metadata(idle: Client) -> None:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    wide = Image.effect_noise((2400, 400), 40).convert("RGB")
    wide.save(buffer, "JPEG", exif=exif)
    made = idle.post("/v1/styles", files={"image": buffer.getvalue()}, data={"name": "noise"})
    assert (made.json()["width"], made.json()["height"]) == (2048, 341)
    content = idle.get("/v1/styles/noise/image").content
    assert b"taken at home" in buffer.getvalue() and b"taken at home" not in content


def test_so_many_styles_and_no_more(idle: Client) -> None:
    files = {"image": encoded(landscape())}
    codes = [
        idle.post("/v1/styles", files=files, data={"name": name}).status_code for name in "abc"
    ]
    assert codes == [201, 201, 409]
    rest = idle.get("/v1/styles", params={"limit": 1}).json()
    following = idle.get("/v1/styles", params={"limit": 1, "cursor": rest["next_cursor"]}).json()
    assert [following["items"][0]["name"], following["next_cursor"]] == ["b", None]


def test_readers_may_paint_and_not_keep_styles(idle: Client) -> None:
    reader = {"Authorization": f"Bearer {new_key(idle.app, 'read')}"}
    files = {"image": encoded(landscape())}
    denied = idle.post("/v1/styles", files=files, data={"name": "a"}, headers=reader)
    assert denied.json()["code"] == "insufficient-scope"
    files = {"content": encoded(grace()), "style": encoded(landscape())}
    answer = idle.post("/v1/style-transfers", files=files, headers=reader)
    assert answer.status_code == 202


def gigapixel() -> bytes:
    """A 100-megapixel picture that is a few kilobytes long."""
    buffer = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(buffer, "PNG")
    return buffer.getvalue()


PORTRAIT = encoded(grace())
BAD: list[tuple[str, int, str, dict[str, bytes], dict[str, Any]]] = [
    ("no style", 422, "invalid-request", {}, {}),
    ("style twice", 422, "invalid-request", {"style": PORTRAIT}, {"style_name": "coffee"}),
    ("unknown style", 404, "unknown-style", {}, {"style_name": "nobody"}),
    ("style by path", 422, "invalid-request", {}, {"style_name": "../etc/passwd"}),
    ("100 megapixels", 413, "too-many-pixels", {"style": gigapixel()}, {}),
    ("no image", 422, "not-an-image", {"style": b"hello"}, {}),
    ("empty", 422, "empty-image", {"style": b""}, {}),
    ("cut", 422, "truncated-image", {"style": PORTRAIT[:9000]}, {}),
    ("too small", 422, "invalid-request", {"style": encoded(Image.new("RGB", (9, 9)))}, {}),
    ("too long", 422, "invalid-request", {"style": encoded(Image.new("RGB", (900, 20)))}, {}),
    ("size", 422, "invalid-request", {"style": PORTRAIT}, {"size": 2000}),
    ("tiny size", 422, "invalid-request", {"style": PORTRAIT}, {"size": 63}),
    ("steps", 422, "invalid-request", {"style": PORTRAIT}, {"steps": 301}),
    ("alpha", 422, "invalid-request", {"style": PORTRAIT}, {"alpha": 0}),
    ("not a number", 422, "invalid-request", {"style": PORTRAIT}, {"beta": "nan"}),
    ("seed", 422, "invalid-request", {"style": PORTRAIT}, {"seed": -1}),
    ("format", 422, "invalid-request", {"style": PORTRAIT}, {"format": "gif"}),
    ("unknown field", 422, "invalid-request", {"style": PORTRAIT}, {"url": "http://a"}),
    ("model", 404, "unknown-model", {"style": PORTRAIT}, {"model": "monet"}),
    ("other task", 422, "wrong-task", {"style": PORTRAIT}, {"model": "mtcnn@1"}),
    ("no weights", 503, "weights-missing", {"style": PORTRAIT}, {"model": "vgg19-imagenet@1"}),
    (
        "both",
        422,
        "invalid-request",
        {"style": PORTRAIT},
        {"keep_faces": "true", "faces_only": "true"},
    ),
]


def test_bad_requests_say_what_is_wrong_and_leave_nothing(idle: Client) -> None:
    for name, status, code, files, data in BAD:
        answer = idle.post("/v1/style-transfers", files={"content": PORTRAIT, **files}, data=data)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (name, answer.text)
        assert answer.json()["detail"]
    assert idle.get("/v1/jobs").json()["items"] == []


def test_bad_bodies(idle: Client) -> None:
    answer = idle.post(
        "/v1/style-transfers", content=PORTRAIT, headers={"Content-Type": "image/jpeg"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    body = {"content": "no base64!", "style_name": "coffee"}
    answer = idle.post("/v1/style-transfers", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-base64")
    answer = idle.post("/v1/style-transfers", json={"content": 5, "style": None})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    files = {"content": encoded(landscape()), "style": PORTRAIT}
    answer = idle.post("/v1/style-transfers", files=files, data={"faces_only": "true"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no-face")
    for name in ("", "../x", "a b", "x" * 64):
        answer = idle.post("/v1/styles", files={"image": PORTRAIT}, data={"name": name})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request"), name


def test_so_many_transfers_per_key(idle: Client) -> None:
    files = {"content": PORTRAIT, "style": PORTRAIT}
    codes = [idle.post("/v1/style-transfers", files=files).status_code for _ in range(4)]
    assert codes == [202, 202, 202, 429]
