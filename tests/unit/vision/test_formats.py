"""Formats that people send: deep grey, AVIF, HEIC, and files that lost their end."""

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.domain.errors.pictures import (
    ImageTooDemandingError,
    NotAnImageError,
    TooManyPixelsError,
    TruncatedImageError,
)
from app.vision.decoding.confined import processes
from app.vision.decoding.decode import DecodeLimits, count_pixels, decode
from tests.hostile.picture_files import jpeg_of_many_scans, png_chunk, real_png, saved, scene

DEPTHS = [10, 12, 14, 16]
MAX_SAMPLE_VALUE = 281


def ramp(bits: int) -> np.ndarray:
    """256 values from black to the largest of so many bits."""
    return np.linspace(0, 2**bits - 1, 256).astype(np.uint16).reshape(16, 16)


def deep_png(values: np.ndarray, depth: int | None = None) -> bytes:
    data = saved(Image.fromarray(values.astype(np.uint16)), "PNG")
    said = b"" if depth is None else png_chunk(b"sBIT", bytes([depth]))
    return data[:33] + said + data[33:]


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_deep_grey_is_scaled_by_its_largest_value(form: str, bits: int) -> None:
    rgb = decode(saved(Image.fromarray(ramp(bits)), form)).rgb
    np.testing.assert_array_equal(rgb[..., 1], ramp(bits) >> bits - 8)
    assert rgb.max() == 255


@pytest.mark.parametrize("bits", DEPTHS)
def test_deep_grey_of_png_is_scaled_by_its_own_word(bits: int) -> None:
    dark = ramp(bits) // 8
    np.testing.assert_array_equal(decode(deep_png(dark, bits)).rgb[..., 0], dark >> bits - 8)


def test_deep_grey_that_was_scaled_already_keeps_its_range() -> None:
    """As the format wants it: fewer bits are significant, and all are used."""
    rgb = decode(deep_png(ramp(16), 12)).rgb
    np.testing.assert_array_equal(rgb[..., 0], ramp(16) >> 8)


@pytest.mark.parametrize("bits", DEPTHS)
def test_deep_grey_of_tiff_is_scaled_by_its_own_word(bits: int) -> None:
    dark = ramp(bits) // 8
    tags = {MAX_SAMPLE_VALUE: 2**bits - 1}
    data = saved(Image.fromarray(dark), "TIFF", tiffinfo=tags)
    np.testing.assert_array_equal(decode(data).rgb[..., 0], dark >> bits - 8)


def test_black_stays_black() -> None:
    assert decode(deep_png(np.zeros((8, 8)))).rgb.max() == 0


def test_avif() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (48, 32), (255, 0, 0))
    shown = decode(saved(picture, "AVIF", exif=exif, quality=95))
    assert (shown.format, shown.width, shown.height) == ("AVIF", 32, 48)
    assert np.abs(shown.rgb[10, 10].astype(int) - (255, 0, 0)).max() < 10


def heic(brand: bytes = b"heic") -> bytes:
    kind = struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + b"heic"
    size = struct.pack(">I", 20) + b"ispe" + struct.pack(">III", 0, 64, 48)
    return kind + size


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_heic_without_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, brand: bytes) -> None:
    monkeypatch.setattr("app.vision.decoding.unknown_formats.find_spec", lambda _: None)
    with pytest.raises(NotAnImageError, match="HEIC") as caught:
        decode(heic(brand))
    hint = str(caught.value.hint)
    assert all(word in hint for word in ("onvert", "Most compatible", "facet[heic]"))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\x0a" + bytes(9), "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"%PDF-1.7", "PDF"),
        (b"8BPS\0\1", "Photoshop"),
        (struct.pack(">I", 16) + b"ftypisom" + bytes(4), "video"),
    ],
)
def test_other_formats_are_named(data: bytes, name: str) -> None:
    with pytest.raises(NotAnImageError, match=name):
        decode(data)


def test_heic_with_the_extra() -> None:
    heif = pytest.importorskip("pillow_heif", reason="the extra `heic` is not installed")
    buffer = io.BytesIO()
    heif.from_pillow(Image.new("RGB", (64, 48), (0, 0, 255))).save(buffer, quality=95)
    shown = decode(buffer.getvalue())
    assert (shown.format, shown.rgb.shape) == ("HEIC", (48, 64, 3))
    assert np.abs(shown.rgb[10, 10].astype(int) - (0, 0, 255)).max() < 12


def test_a_jpeg_without_its_end_marker_is_whole() -> None:
    data = saved(scene(), "JPEG")
    np.testing.assert_array_equal(decode(data[:-2]).rgb, decode(data).rgb)
    for progressive in (False, True):
        data = saved(scene(), "JPEG", progressive=progressive)
        with pytest.raises(TruncatedImageError):
            decode(data[: len(data) * 9 // 10])


def test_bytes_are_counted_and_not_pixels() -> None:
    """A picture of twice the bytes per pixel may have half the pixels."""
    limits = DecodeLimits(max_memory=2**20)
    side = 400
    assert decode(saved(Image.new("L", (side, side)), "PNG"), limits).rgb.shape[0] == side
    for form, picture in (
        ("PNG", Image.new("RGBA", (side, side))),
        ("WEBP", Image.new("RGB", (side, side))),
        ("AVIF", Image.new("RGB", (side, side))),
    ):
        with pytest.raises(TooManyPixelsError, match="memory"):
            decode(saved(picture, form), limits)


def test_a_jpeg_of_many_passes_is_refused_at_once() -> None:
    with pytest.raises(ImageTooDemandingError, match="time"):
        decode(jpeg_of_many_scans())


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("colour", [4, 6])
def test_at_most_two_copies_are_held(monkeypatch: pytest.MonkeyPatch, colour: int) -> None:
    monkeypatch.setattr(processes, "available", lambda: False)  # so that it happens here
    side, data = 4000, real_png(4000, 16, colour)
    decode(data)  # whatever is loaded once
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = resident()
    decode(data)
    copies = (resident("VmHWM") - before) / (side * side * 4)
    assert copies < 2.2, copies


def resident(name: str = "VmRSS") -> int:
    with Path("/proc/self/status").open() as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def test_pixels_are_counted_without_texts() -> None:
    data = saved(scene(), "PNG")
    text = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**20)))
    assert count_pixels(data[:33] + text * 60 + data[33:]) == 64 * 64
