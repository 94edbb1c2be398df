"""JPEGs: what is decoded without Pillow is what Pillow makes of it, and the rest is left to it."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.domain.errors.pictures import TruncatedImageError
from app.vision.decoding import pixels
from app.vision.decoding.decode import decode
from app.vision.decoding.headers.jpeg import jpeg_facts


def jpeg(size: tuple[int, int] = (75, 53), mode: str = "RGB", **options: object) -> bytes:
    noise = np.random.default_rng(7).integers(0, 256, (9, 11, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).resize(size).convert(mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def by_pillow(data: bytes, factor: int) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        if factor > 1:
            image.draft("RGB", (max(1, image.width // factor), max(1, image.height // factor)))
        return np.asarray(image.convert("RGB"))


def without_pillow(data: bytes, monkeypatch: pytest.MonkeyPatch, factor: int = 1) -> bool:
    """Whether the picture is decoded alike with Pillow out of reach."""
    facts = jpeg_facts(data)
    assert facts is not None
    expected = by_pillow(data, factor)
    with monkeypatch.context() as patched:
        patched.setattr(Image, "open", lambda *_, **__: pytest.fail("Pillow was asked"))
        loaded = pixels.load_pixels(io.BytesIO(data), facts, factor, 0)
    return np.array_equal(loaded.rgb, expected)


@pytest.mark.parametrize("factor", [1, 2, 4, 8])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
def test_what_pillow_makes_of_it(
    factor: int, subsampling: str, progressive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in ((75, 53), (64, 48), (1, 1), (17, 640)):
        data = jpeg(size, subsampling=subsampling, progressive=progressive)
        assert without_pillow(data, monkeypatch, factor)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colors_are_left_to_pillow(mode: str) -> None:
    data = jpeg(mode=mode)
    np.testing.assert_array_equal(decode(data).rgb, by_pillow(data, 1))


def test_a_damaged_one_is_what_pillow_makes_of_it() -> None:
    data = jpeg((640, 480), quality=95)
    for start in range(1000, len(data) - 100, 4001):
        damaged = data[:start] + b"\x12\x34" * 20 + data[start + 40 :]
        np.testing.assert_array_equal(decode(damaged).rgb, by_pillow(damaged, 1))


def test_one_cut_short_is_refused_and_one_that_says_it_ends_is_not() -> None:
    data = jpeg((640, 480), quality=95)
    half = data[: len(data) // 2]
    with pytest.raises(TruncatedImageError):
        decode(half)
    ended = half + b"\xff\xd9"
    np.testing.assert_array_equal(decode(ended).rgb, by_pillow(ended, 1))


@pytest.mark.parametrize("scans", [0, 1, 5])
def test_places_where_scans_begin_are_counted_across_pieces(
    scans: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.vision.decoding.headers.jpeg._AT_ONCE", 7)
    data = jpeg((16, 16))
    for gap in range(8):
        more = (b"\0" * gap + b"\xff\xda") * scans
        facts = jpeg_facts(data + more)
        assert facts is not None and facts.passes == 1 + scans
