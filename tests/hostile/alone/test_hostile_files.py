"""Files that promise more than they hold, or hold more than they say, sent to a real server."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.hostile.conftest import Target
from tests.hostile.files import PICTURES, RECORDINGS, HostileFile
from tests.hostile.picture_files import (
    cut,
    deflated_tile,
    jpeg_of_many_scans,
    real_png,
    tiled_tiff,
    webp_still,
)
from tests.hostile.recording_files import blocks, growing_gif, mp4, real_samples, same_size

DETECT = "/v1/detect"
RECOGNIZE = "/v1/collections/staff/sequences/recognize"
AT_ONCE = 4

PICTURES_OF_GIGABYTES: dict[str, tuple[Callable[[], bytes], set[int]]] = {
    "TIFF with a tile of 24000 pixels": (lambda: tiled_tiff(24_000), {413}),
    "TIFF with a real tile of 16384": (lambda: deflated_tile(16_384), {413}),
    "WebP of 9900 pixels": (lambda: webp_still(9900, 9900), {413}),
    "WebP of 4600 pixels": (lambda: webp_still(4600, 4600), {200}),
    "PNG, 9950 pixels, 16 bits, RGBA": (lambda: real_png(9950, 16, 6), {413}),
    "PNG, 9950 pixels, 16 bits, LA": (lambda: real_png(9950, 16, 4), {413}),
    "PNG, 6000 pixels, 16 bits, RGBA": (lambda: real_png(6000, 16, 6), {200}),
    "JPEG of ten thousand scans": (jpeg_of_many_scans, {413}),
}
RECORDINGS_OF_GIGABYTES: dict[str, tuple[Callable[[], bytes], set[int]]] = {
    "GIF that grows to 13000 pixels": (lambda: growing_gif(13_000), {413}),
    "MP4 of 80 million samples": (lambda: same_size(80_000_000), {422}),
    "MP4 of 40 million samples that are there": (lambda: real_samples(40_000_000), {422}),
    "Matroska of three million blocks": (lambda: blocks(3_000_000), {413}),
}


def sent(client: httpx.Client, path: str, name: str, data: bytes) -> httpx.Response:
    fields = {"rate": "50"} if path == RECOGNIZE else {}  # each frame is looked at
    return client.post(path, files={name: data}, data=fields)


@pytest.mark.parametrize("name", PICTURES_OF_GIGABYTES)
def test_pictures_that_take_gigabytes(target: Target, name: str) -> None:
    make, expected = PICTURES_OF_GIGABYTES[name]
    assert answers_to_four(target, DETECT, "image", make()) <= expected | {503}


@pytest.mark.parametrize("name", RECORDINGS_OF_GIGABYTES)
def test_recordings_that_take_gigabytes(target: Target, name: str) -> None:
    make, expected = RECORDINGS_OF_GIGABYTES[name]
    assert answers_to_four(target, RECOGNIZE, "video", make()) <= expected | {503}


def answers_to_four(target: Target, path: str, name: str, data: bytes) -> set[int]:
    with target.client() as client, ThreadPoolExecutor(AT_ONCE) as pool, target.watched():
        answers = list(pool.map(lambda _: sent(client, path, name, data), range(AT_ONCE)))
    return {answer.status_code for answer in answers}


def test_hostile_pictures(target: Target) -> None:
    assert len(PICTURES) >= 60
    check_all(target, DETECT, "image", PICTURES)


def test_hostile_recordings(target: Target) -> None:
    check_all(target, RECOGNIZE, "video", [HostileFile(*each) for each in RECORDINGS])


def check_all(target: Target, path: str, name: str, files: Iterable[HostileFile]) -> None:
    """Each has one of its answers, and the server none for its own troubles."""
    made = [(file, file.make()) for file in files]
    wrong = {}
    with target.client() as client, target.watched():
        for file, data in made:
            answer = sent(client, path, name, data)
            code = answer.json().get("code", "") if answer.status_code != 200 else ""
            allowed = not file.codes or code in file.codes
            if answer.status_code >= 500 or not allowed:
                wrong[file.name] = (answer.status_code, code)
    assert not wrong


def test_a_decoder_says_nothing_in_the_log(target: Target) -> None:
    """What libraries print about damaged files is no line of ours."""
    before = target.server.log.read_text()
    with target.client() as client:
        for file in (cut("TIFF", 0.5), deflated_tile(2000)[:-900], cut("WEBP", 0.5)):
            assert sent(client, DETECT, "image", file).json()["code"] == "truncated-image"
        for file in (blocks(10), mp4()[:900]):
            assert sent(client, RECOGNIZE, "video", file).json()["code"] == "damaged-video"
    lines = target.server.log.read_text().removeprefix(before)
    assert not any(word in lines for word in ("TIFF", "tiff", "matroska", "Traceback"))
