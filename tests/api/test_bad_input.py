"""Every bad input has its slug and its status, and leaves the gallery as it was."""

import errno
import io
import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
from PIL import Image, ImageEnhance

from app.settings import Settings
from models.registry.download import file_sha256
from models.registry.registry import BUILT_IN, Registry
from tests.api.conftest import Client, running, subject_id
from tests.portraits import eileen, encoded, grace, landscape, side_by_side


def _bomb() -> bytes:
    """A PNG of a few bytes whose header promises 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _animated() -> bytes:
    frames = [Image.fromarray(np.full((64, 64, 3), grey, np.uint8)) for grey in (10, 200)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def _noise() -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (900, 1000, 3), dtype=np.uint8)
    return encoded(Image.fromarray(pixels), "PNG")


BAD_IMAGES = {
    "empty-image": (422, b""),
    "not-an-image": (422, b"%PDF-1.7 not a picture at all"),
    "truncated-image": (422, encoded(grace())[:20_000]),
    "too-many-pixels": (413, _bomb()),
    "animated-image": (422, _animated()),
    "image-too-large": (413, _noise()),
    "no-face": (422, encoded(landscape())),
    "several-faces": (422, encoded(side_by_side(grace(), eileen()))),
    "face-too-small": (422, encoded(grace().resize((58, 68)))),
    "poor-quality": (422, encoded(ImageEnhance.Brightness(grace()).enhance(0.15))),
}


@pytest.mark.parametrize("code", BAD_IMAGES)
def test_a_bad_image_is_refused_and_nothing_is_stored(staff: Client, code: str) -> None:
    status, image = BAD_IMAGES[code]
    before = staff.contents()
    subject = subject_id(staff, "Grace Hopper")
    fields = {"min_quality": "0.9"} if code == "poor-quality" else {"min_face": "12"}
    answer = staff.enrol(subject, image, data=fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert staff.contents() == before


@pytest.mark.parametrize(
    "code", [code for code in BAD_IMAGES if "face" not in code and code != "poor-quality"]
)
def test_a_bad_image_cannot_be_recognised_either(staff: Client, code: str) -> None:
    status, image = BAD_IMAGES[code]
    answer = staff.recognize(image)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


IMAGE = {"image": encoded(grace())}
REQUESTS: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "unknown-collection": (404, "POST", "/v1/collections/none/recognize", {"files": IMAGE}),
    "unknown-subject": (404, "GET", "/v1/collections/staff/subjects/nobody", {}),
    "unknown-face": (404, "GET", "/v1/collections/staff/faces/999", {}),
    "duplicate-collection": (409, "POST", "/v1/collections", {"json": {"name": "staff"}}),
    "duplicate-subject": (
        409,
        "POST",
        "/v1/collections/staff/subjects",
        {"json": {"name": "Grace Hopper"}},
    ),
    "invalid-json": (
        400,
        "POST",
        "/v1/collections/staff/recognize",
        {"content": b'{"image": ', "headers": {"Content-Type": "application/json"}},
    ),
    "invalid-base64": (
        422,
        "POST",
        "/v1/collections/staff/recognize",
        {"json": {"image": "not*base64!"}},
    ),
    "invalid-cursor": (422, "GET", "/v1/collections/staff/subjects?cursor=%21%21", {}),
    "invalid-threshold": (
        422,
        "POST",
        "/v1/collections/staff/recognize",
        {"files": IMAGE, "data": {"fpir": "7"}},
    ),
    "invalid-request": (
        422,
        "POST",
        "/v1/collections/staff/recognize",
        {"files": IMAGE, "data": {"candidates": "many"}},
    ),
    "unsupported-media-type": (
        415,
        "POST",
        "/v1/detect",
        {"content": b"...", "headers": {"Content-Type": "text/plain"}},
    ),
    "request-too-large": (413, "POST", "/v1/detect", {"content": b"x" * 8_000_001}),
    "too-many-images": (
        413,
        "POST",
        "/v1/collections/staff/subjects/any/faces",
        {"files": [("images", b"x")] * 5},
    ),
    "unknown-model": (404, "POST", "/v1/collections", {"json": {"name": "b", "encoder": "gpt"}}),
    "encoder-not-ready": (
        409,
        "POST",
        "/v1/collections",
        {"json": {"name": "b", "encoder": "facenet-vggface2"}},
    ),
    "wrong-task": (422, "POST", "/v1/collections", {"json": {"name": "b", "encoder": "mtcnn@1"}}),
    "not-found": (404, "GET", "/v1/nothing/here", {}),
    "method-not-allowed": (405, "PUT", "/v1/detect", {}),
}


@pytest.mark.parametrize("code", REQUESTS)
def test_a_bad_request_has_its_slug(staff: Client, code: str) -> None:
    status, method, path, request = REQUESTS[code]
    before = staff.contents()
    answer = staff.request(method, path, **request)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert staff.contents() == before


def test_a_mistyped_field_is_named(staff: Client) -> None:
    answer = staff.recognize(encoded(grace()), treshold="0.9")
    assert answer.json()["errors"][0]["field"] == "treshold"


def test_a_subject_without_faces_cannot_be_claimed(staff: Client) -> None:
    path = f"/v1/collections/staff/subjects/{staff.subject('Nobody yet')}/verify"
    answer = staff.post(path, files=IMAGE)
    assert (answer.status_code, answer.json()["code"]) == (409, "subject-without-faces")


def test_a_path_or_url_in_place_of_an_image_is_never_opened(staff: Client) -> None:
    for text in ("/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/face.jpg"):
        answer = staff.post("/v1/collections/staff/recognize", json={"image": text})
        assert answer.status_code == 422
        assert answer.json()["code"] in {"invalid-base64", "not-an-image"}


def test_two_encoders_never_meet(settings: Settings) -> None:
    own = settings.data_dir / "manifests"
    own.mkdir(parents=True)
    twin = tomlkit.parse((BUILT_IN / "encode-faces" / "facenet-resnet29-1.toml").read_text())
    weights = Registry(settings.resolved_model_cache_dir).prepare("facenet-resnet29@1")
    sha256 = file_sha256(weights)
    twin["version"] = 2
    twin["source"] = {"kind": "file", "path": str(weights), "sha256": sha256}
    (own / "twin.toml").write_text(tomlkit.dumps(twin))
    with running(settings) as client:
        client.collection(encoder="facenet-resnet29@2")
        subject = client.subject("Grace")
        requests = {
            "/v1/collections/staff/recognize": "image",
            f"/v1/collections/staff/subjects/{subject}/verify": "image",
            f"/v1/collections/staff/subjects/{subject}/faces": "images",
        }
        for path, field in requests.items():
            fields = {"encoder": "facenet-resnet29@1"}
            answer = client.post(path, files={field: encoded(grace())}, data=fields)
            assert (answer.status_code, answer.json()["code"]) == (409, "encoder-mismatch"), path
        assert client.contents() == (1, 0)


def test_a_locked_database_is_a_503_and_loses_nothing(
    staff: Client, server_settings: Settings
) -> None:
    subject = subject_id(staff, "Grace Hopper")
    before = staff.contents()
    with closing(sqlite3.connect(server_settings.data_dir / "facet.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = staff.enrol(subject, encoded(grace(), quality=50))
        assert (answer.status_code, answer.json()["code"]) == (503, "database-locked")
        assert int(answer.headers["retry-after"]) >= 1
        # Reading goes on meanwhile.
        assert staff.recognize(encoded(grace())).status_code == 200
    assert staff.contents() == before
    assert staff.enrol(subject, encoded(grace(), quality=50)).status_code == 201


def test_a_full_disk_is_a_503_and_leaves_no_trace(
    staff: Client, server_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = subject_id(staff, "Grace Hopper")
    before, files = staff.contents(), _images(server_settings)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("models.files.writing.os.fsync", full)
        answer = staff.enrol(subject, encoded(grace(), quality=50))
    assert (answer.status_code, answer.json()["code"]) == (503, "storage-full")
    assert int(answer.headers["retry-after"]) >= 1
    assert staff.contents() == before and _images(server_settings) == files
    assert staff.enrol(subject, encoded(grace(), quality=50)).status_code == 201


def _images(settings: Settings) -> list[Path]:
    return sorted(path for path in (settings.data_dir / "images").rglob("*") if path.is_file())
