"""Decoding: every format, upright, and no other failures than the promised ones."""

import io
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from app.domain.errors import FacetError
from app.domain.errors.pictures import (
    AnimatedImageError,
    EmptyImageError,
    ImageTooLargeError,
    NotAnImageError,
    TooManyPixelsError,
    TruncatedImageError,
)
from app.vision.decoding.decode import DecodeLimits, Picture, decode

FORMATS = ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"]


def scene() -> Image.Image:
    """48x32: red left, blue right, with a green corner at the top left."""
    picture = Image.new("RGB", (48, 32), (255, 0, 0))
    picture.paste((0, 0, 255), (24, 0, 48, 32))
    picture.paste((0, 255, 0), (0, 0, 16, 16))
    return picture


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def assert_shows_scene(picture: Picture, tolerance: int = 40) -> None:
    assert picture.rgb.shape == (32, 48, 3)
    assert picture.rgb.dtype == np.uint8
    for (x, y), colour in {
        (5, 5): (0, 255, 0),
        (5, 28): (255, 0, 0),
        (40, 16): (0, 0, 255),
    }.items():
        assert np.abs(picture.rgb[y, x].astype(int) - colour).max() <= tolerance, (x, y)


@pytest.mark.parametrize("form", FORMATS)
def test_formats(form: str) -> None:
    picture = decode(saved(scene(), form))
    assert_shows_scene(picture)
    assert (picture.format, picture.width, picture.height) == (form, 48, 32)
    assert picture.scale == (1.0, 1.0)


def test_cmyk_jpeg() -> None:
    assert_shows_scene(decode(saved(scene().convert("CMYK"), "JPEG")))


@pytest.mark.parametrize("form", ["PNG", "GIF", "TIFF", "BMP"])
def test_palette(form: str) -> None:
    assert_shows_scene(decode(saved(scene().quantize(8), form)))


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_transparency_is_laid_on_white(form: str) -> None:
    picture = scene().convert("RGBA")
    picture.paste((0, 0, 0, 0), (20, 20, 48, 32))
    rgb = decode(saved(picture, form)).rgb
    assert rgb[26, 34].min() >= 250
    assert rgb[5, 40].tolist()[2] >= 215


@pytest.mark.parametrize("size", [(64, 48), (1500, 900)])
def test_alpha_through_which_nothing_shines_changes_nothing(size: tuple[int, int]) -> None:
    plain = scene().resize(size)
    opaque = plain.convert("RGBA")
    expected = decode(saved(plain, "PNG")).rgb
    np.testing.assert_array_equal(decode(saved(opaque, "PNG")).rgb, expected)
    opaque.putpixel((size[0] - 1, size[1] - 1), (0, 0, 0, 0))
    expected[-1, -1] = 255
    np.testing.assert_array_equal(decode(saved(opaque, "PNG")).rgb, expected)


def test_transparent_palette_is_laid_on_white() -> None:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 10, 20, 30])
    picture.paste(0, (0, 0, 4, 8))
    rgb = decode(saved(picture, "PNG", transparency=0)).rgb
    assert rgb[0, 0].tolist() == [255, 255, 255]
    assert rgb[0, 7].tolist() == [10, 20, 30]


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(form: str) -> None:
    values = np.linspace(0, 65_535, 256, dtype=np.uint16).reshape(16, 16)
    rgb = decode(saved(Image.fromarray(values), form)).rgb
    np.testing.assert_array_equal(rgb[..., 0], values >> 8)
    np.testing.assert_array_equal(rgb[..., 0], rgb[..., 2])


def test_grey_and_bilevel() -> None:
    assert decode(saved(Image.new("L", (4, 4), 77), "PNG")).rgb[0, 0].tolist() == [77] * 3
    assert decode(saved(Image.new("1", (4, 4), 1), "PNG")).rgb[0, 0].tolist() == [255] * 3


def test_floating_point_is_refused() -> None:
    with pytest.raises(NotAnImageError, match="floating-point"):
        decode(saved(Image.new("F", (4, 4), 0.5), "TIFF"))


@pytest.mark.parametrize("form", ["GIF", "TIFF", "MPO"])
def test_first_picture_of_several(form: str) -> None:
    other = Image.new("RGB", (48, 32), (255, 255, 0))
    assert_shows_scene(decode(saved(scene(), form, save_all=True, append_images=[other])))


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_animation_is_refused(form: str) -> None:
    other = Image.new("RGB", (48, 32), (255, 255, 0))
    data = saved(scene(), form, save_all=True, append_images=[other])
    with pytest.raises(AnimatedImageError):
        decode(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(form: str, orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = scene().transpose(undo[orientation]) if orientation > 1 else scene()
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(saved(stored, form, exif=exif))
    assert_shows_scene(picture)
    assert (picture.width, picture.height) == (48, 32)


def test_big_jpegs_are_reduced_only_as_far_as_faces_allow() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.new("RGB", (1601, 800)), "JPEG", exif=exif)
    assert decode(data).rgb.shape == (1601, 800, 3)
    assert decode(data, min_face=119).rgb.shape == (1601, 800, 3)
    halved = decode(data, min_face=120)
    assert halved.rgb.shape == (801, 400, 3)
    assert (halved.width, halved.height) == (800, 1601)
    assert halved.scale == (2.0, 1601 / 801)
    assert decode(data, min_face=100_000).rgb.shape == (201, 100, 3)


def test_nothing() -> None:
    with pytest.raises(EmptyImageError):
        decode(b"")


def test_too_many_bytes_are_not_even_opened() -> None:
    with pytest.raises(ImageTooLargeError) as caught:
        decode(b"x" * 101, DecodeLimits(max_bytes=100))
    assert caught.value.data == {"bytes": 101, "max_bytes": 100}


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises a picture of the given size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused_by_their_header(size: tuple[int, int]) -> None:
    with pytest.raises(TooManyPixelsError):
        decode(bomb(*size))


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_pillows_own_bomb_warning_as_an_error() -> None:
    with pytest.raises(TooManyPixelsError):
        decode(bomb(10_000, 10_000))


@pytest.mark.parametrize("data", [b"hello", b"\0" * 100, b"%PDF-1.7\n", b"<svg></svg>"])
def test_other_files(data: bytes) -> None:
    with pytest.raises(NotAnImageError):
        decode(data)


def test_formats_outside_the_list_are_refused() -> None:
    for form in ("PPM", "ICO", "TGA", "EPS"):
        with pytest.raises(NotAnImageError):
            decode(saved(scene(), form))


@pytest.mark.parametrize("form", FORMATS)
def test_truncated(form: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = saved(Image.fromarray(noise), form)
    with pytest.raises(TruncatedImageError):
        decode(data[: len(data) * 2 // 3])


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("form", [*FORMATS, "MPO"])
def test_damage_gives_a_picture_or_a_promised_error(form: str) -> None:
    rng = random.Random(form)
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {} if form in ("BMP", "GIF") else {"exif": exif}
    original = saved(scene(), form, **options)
    for _ in range(300):
        data = bytearray(original)
        for _ in range(rng.choice([1, 3, 20])):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.3:
            del data[rng.randrange(1, len(data)) :]
        try:
            picture = decode(bytes(data), DecodeLimits(max_pixels=100_000))
        except FacetError:
            continue
        assert picture.rgb.ndim == 3 and picture.rgb.dtype == np.uint8


def test_noise_is_not_an_image() -> None:
    rng = random.Random(0)
    heads = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0", b"RIFF"]
    for _ in range(300):
        with pytest.raises(FacetError):
            decode(rng.choice(heads) + rng.randbytes(rng.randrange(1, 400)))
