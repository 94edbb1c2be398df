"""Good files and forms, damaged at random: a promised error or an answer, in bounded time.

FACET_TEST_FUZZ is how many examples of each are tried; 200 when it is not set.
"""

import os
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.api.kit.body.parsing import BodyFormat
from app.api.v1.schemas.requests import EnrolRequest
from app.domain.errors import FacetError
from app.domain.tracks import Recording, Sampling
from app.settings import Settings
from app.vision.decoding.decode import DecodeLimits, count_pixels, decode
from app.vision.decoding.frames import open_recording
from app.vision.decoding.video_limits import VideoLimits
from models.errors import ReportedError
from tests.hostile.picture_files import saved, scene
from tests.hostile.recording_files import large_webp, mp4, webm
from tests.recordings import animation, stills

EXAMPLES = int(os.environ.get("FACET_TEST_FUZZ", "200"))
IMAGE_LIMITS = DecodeLimits(max_pixels=1_000_000, max_memory=64 * 2**20)
VIDEO_LIMITS = VideoLimits(max_pixels=100_000, max_frames=60, max_work=10)
FORM = "multipart/form-data; boundary=cut"

fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

Edit = tuple[str, int, bytes]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["put", "insert", "delete", "cut"]),
        st.integers(0, 2**16) | st.integers(0, 255),
        st.binary(min_size=1, max_size=8)
        | st.sampled_from([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"]),
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, edits: list[Edit]) -> bytes:
    changed = bytearray(data)
    for kind, place, value in edits:
        at = place % (len(changed) + 1)
        if kind == "put":
            changed[at : at + len(value)] = value
        elif kind == "insert":
            changed[at:at] = value
        elif kind == "delete":
            del changed[at : at + 4 * len(value)]
        else:
            del changed[max(16, at) :]
    return bytes(changed)


@cache
def pictures() -> dict[str, bytes]:
    deep = Image.new("I;16", (40, 40), 900)
    transparent = scene().convert("RGBA")
    return {
        "JPEG": saved(scene(), "JPEG"),
        "progressive": saved(scene(), "JPEG", progressive=True),
        "PNG": saved(transparent, "PNG"),
        "palette": saved(scene().quantize(16), "PNG", transparency=3),
        "deep": saved(deep, "PNG"),
        "WEBP": saved(transparent, "WEBP"),
        "lossless": saved(scene(), "WEBP", lossless=True),
        "BMP": saved(scene(), "BMP"),
        "TIFF": saved(scene(), "TIFF", compression="tiff_lzw"),
        "tiled": saved(scene(), "TIFF", compression="tiff_adobe_deflate", tiffinfo={322: 32}),
        "GIF": saved(scene(), "GIF"),
        "AVIF": saved(scene(), "AVIF"),
    }


@cache
def recordings() -> dict[str, Callable[[], bytes]]:
    return {
        "mp4": mp4,
        "webm": webm,
        "GIF": lambda: animation(stills(5), "GIF"),
        "WEBP": lambda: large_webp(48, 4),
    }


@pytest.mark.parametrize("name", pictures())
def test_pictures(name: str) -> None:
    original = pictures()[name]

    @fuzzed
    @given(EDITS)
    def run(edits: list[Edit]) -> None:
        data = edited(original, edits)
        assert count_pixels(data) >= 0
        try:
            picture = decode(data, IMAGE_LIMITS)
        except FacetError:
            return
        assert picture.rgb.shape == (*picture.rgb.shape[:2], 3)
        assert picture.width * picture.height <= IMAGE_LIMITS.max_pixels

    run()


@pytest.mark.parametrize("name", recordings())
def test_recordings(name: str) -> None:
    original = recordings()[name]()

    @fuzzed
    @given(EDITS)
    def run(edits: list[Edit]) -> None:
        recording = Recording(video=edited(original, edits))
        try:
            footage = open_recording(recording, Sampling(), VIDEO_LIMITS, IMAGE_LIMITS)
            shown = [frame.picture.rgb.shape for frame in footage.frames]
        except FacetError:
            return
        assert len(shown) <= len(footage.wanted) <= footage.total <= VIDEO_LIMITS.max_frames

    run()


@fuzzed
@given(EDITS, st.lists(st.binary(max_size=64), max_size=4), st.binary(max_size=12))
def test_forms(edits: list[Edit], files: list[bytes], name: bytes) -> None:
    reading = BodyFormat(EnrolRequest, Settings(max_images_per_request=3))
    parts = [b'name="images"; filename="' + name + b'"\r\n\r\n' + file for file in files]
    parts.append(b'name="min_quality"\r\n\r\n0.5')
    start = b"--cut\r\nContent-Disposition: form-data; "
    body = b"".join(start + part + b"\r\n" for part in parts) + b"--cut--\r\n"
    for content in (body, edited(body, edits)):
        try:
            made = reading.parse(FORM, bytearray(content))
        except ReportedError:
            continue
        assert len(made.images) <= 3
