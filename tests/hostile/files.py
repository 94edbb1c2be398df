"""Hostile pictures and recordings, the same ones every time, and the answers that are right."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.hostile.picture_files import (
    avif_of_size,
    bmp_of_escapes,
    bmp_of_size,
    cut,
    deflated_tile,
    exif_of_overlapping_fields,
    first_bytes,
    gif,
    jpeg_of_exif,
    jpeg_of_many_scans,
    jpeg_of_size,
    looping_tiff,
    nested_boxes,
    overlapping_tiff,
    patched,
    png,
    png_chunk,
    real_png,
    saved,
    scene,
    scrambled,
    tiff,
    tiled_tiff,
    tiny_pixels_chunks,
    webp_canvas,
    webp_still,
    with_chunks,
)
from tests.hostile.recording_files import RECORDINGS

__all__ = ["PICTURES", "RECORDINGS", "HostileFile"]

DAMAGED = "truncated-image"
UNKNOWN = "not-an-image"
TOO_LARGE = "too-many-pixels"
DEMANDING = "image-too-demanding"


@dataclass(frozen=True)
class HostileFile:
    """A file, made when asked for, and the answers that are right."""

    name: str
    make: Callable[[], bytes] = field(repr=False)
    codes: tuple[str, ...]
    """Empty where the file may be read, within its bounds."""


_TEXT = zlib.compress(bytes(2**20), 9)
_FORMS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF")

PICTURES: tuple[HostileFile, ...] = (
    HostileFile("tiff: tile of 24000 pixels", lambda: tiled_tiff(24_000), (TOO_LARGE,)),
    HostileFile("tiff: the same, big-endian", lambda: tiled_tiff(24_000, ">"), (TOO_LARGE,)),
    HostileFile("tiff: tile of 2^31 pixels", lambda: tiled_tiff(2**31), (TOO_LARGE,)),
    HostileFile("tiff: zero tile of 16384", lambda: deflated_tile(16_384), (TOO_LARGE,)),
    HostileFile("tiff: zero tile of 9000", lambda: deflated_tile(9000), (TOO_LARGE, DAMAGED)),
    HostileFile("tiff: zero tile of 2000", lambda: deflated_tile(2000), ()),
    HostileFile(
        "tiff: strip as wide as a street",
        lambda: tiff({256: (4, 2**31 - 1), 278: (4, 2**31)}),
        (TOO_LARGE,),
    ),
    HostileFile(
        "tiff: 64 samples",
        lambda: tiff({277: (3, 60_000), 278: (4, 64)}),
        (TOO_LARGE, DAMAGED, UNKNOWN),
    ),
    HostileFile("tiff: directory that is its own next", looping_tiff, (DAMAGED, UNKNOWN)),
    HostileFile(
        "tiff: directory of 60,000 fields",
        lambda: patched(tiff({}, bytes(60_000 * 12)), (8, b"\x60\xea")),
        (DAMAGED, UNKNOWN, DEMANDING),
    ),
    HostileFile(
        "tiff: directory outside of the file", lambda: b"II*\0\xff\xff\xff\x7f", (UNKNOWN,)
    ),
    HostileFile("tiff: overlapping fields", overlapping_tiff, (DAMAGED, DEMANDING)),
    HostileFile("png: 10000 x 10000 by its header", lambda: png(10_000, 10_000), (TOO_LARGE,)),
    HostileFile("png: 2^31 x 2^31", lambda: png(2**31 - 1, 2**31 - 1), (TOO_LARGE,)),
    HostileFile("png: real, 9950, 16 bits, RGBA", lambda: real_png(9950, 16, 6), (TOO_LARGE,)),
    HostileFile("png: real, 9950, 16 bits, LA", lambda: real_png(9950, 16, 4), (TOO_LARGE,)),
    HostileFile("png: real, 5500, 16 bits, RGBA", lambda: real_png(5500, 16, 6), ()),
    HostileFile(
        "png: sixty texts of a megabyte",
        lambda: with_chunks(*[png_chunk(b"zTXt", b"a\0\0" + _TEXT)] * 60),
        (),
    ),
    HostileFile(
        "png: sixty international texts",
        lambda: with_chunks(*[png_chunk(b"iTXt", b"a\0\1\0\0\0" + _TEXT)] * 60),
        (),
    ),
    HostileFile(
        "png: colour profile of zeros",
        lambda: with_chunks(png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**26), 9))),
        (),
    ),
    HostileFile("png: a million empty chunks", tiny_pixels_chunks, (DAMAGED,)),
    HostileFile(
        "png: second header",
        lambda: with_chunks(png_chunk(b"IHDR", struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0))),
        (),
    ),
    HostileFile("png: more pixels than rows", lambda: png(64, 64, rows=bytes(2**26)), ()),
    HostileFile(
        "png: no pixels",
        lambda: (
            b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0))
        ),
        (DAMAGED,),
    ),
    HostileFile("png: one pixel high", lambda: png(2**31 - 1, 1), (TOO_LARGE,)),
    HostileFile(
        "png: EXIF of overlapping fields",
        lambda: with_chunks(png_chunk(b"eXIf", exif_of_overlapping_fields(60_000, 800_000)[6:])),
        (),
    ),
    HostileFile(
        "jpeg: 65500 x 65500 by its header", lambda: jpeg_of_size(65_500, 65_500), (TOO_LARGE,)
    ),
    HostileFile(
        "jpeg: progressive, 9900 x 9900",
        lambda: jpeg_of_size(9900, 9900, progressive=True),
        (TOO_LARGE,),
    ),
    HostileFile(
        "jpeg: baseline, 9900 x 9900, without pixels", lambda: jpeg_of_size(9900, 9900), ()
    ),
    HostileFile("jpeg: ten thousand scans", jpeg_of_many_scans, (DEMANDING, DAMAGED)),
    HostileFile("jpeg: EXIF of overlapping fields", jpeg_of_exif, ()),
    HostileFile(
        "jpeg: a million fill bytes",
        lambda: b"\xff\xd8" + b"\xff" * 1_000_000 + saved(scene(), "JPEG")[2:],
        (UNKNOWN, DAMAGED),
    ),
    HostileFile(
        "jpeg: a million empty segments",
        lambda: b"\xff\xd8" + b"\xff\xe2\0\2" * 1_000_000 + saved(scene(), "JPEG")[2:],
        (UNKNOWN, DAMAGED),
    ),
    HostileFile("jpeg: no frame", lambda: b"\xff\xd8\xff\xda\0\x0c" + bytes(10_000), (UNKNOWN,)),
    HostileFile(
        "jpeg: two frames",
        lambda: saved(scene(), "JPEG").replace(
            b"\xff\xc0", b"\xff\xc0\0\x11\x08\x40\0\x40\0\3\1\x22\0\2\x11\1\3\x11\1\xff\xc0", 1
        ),
        (TOO_LARGE, DAMAGED),
    ),
    HostileFile("webp: 9900 x 9900 of one colour", lambda: webp_still(9900, 9900), (TOO_LARGE,)),
    HostileFile("webp: 16383 x 16383", lambda: webp_still(16_383, 16_383), (TOO_LARGE,)),
    HostileFile("webp: 5000 x 5000 of one colour", lambda: webp_still(5000, 5000), ()),
    HostileFile("webp: canvas of 2^24", lambda: webp_canvas(2**24, 2**24), (TOO_LARGE,)),
    HostileFile(
        "webp: canvas larger than its picture", lambda: webp_canvas(2000, 2000), (DAMAGED,)
    ),
    HostileFile(
        "webp: animated by a flag alone", lambda: webp_canvas(4000, 4000, 2), (DAMAGED, TOO_LARGE)
    ),
    HostileFile(
        "webp: EXIF of overlapping fields",
        lambda: saved(scene(), "WEBP", exif=exif_of_overlapping_fields(60_000, 800_000)),
        (),
    ),
    HostileFile("bmp: 30000 x 30000", lambda: bmp_of_size(30_000, 30_000), (TOO_LARGE,)),
    HostileFile(
        "bmp: upside down and without end", lambda: bmp_of_size(64, -(2**31)), (TOO_LARGE,)
    ),
    HostileFile("bmp: run lengths that jump", bmp_of_escapes, (DAMAGED, DEMANDING, TOO_LARGE)),
    HostileFile(
        "bmp: 9000 x 9000 without pixels", lambda: bmp_of_size(9000, 9000), (TOO_LARGE, DAMAGED)
    ),
    HostileFile("gif: screen of 65535", lambda: gif(65_535, 65_535, (0, 0, 1, 1)), (TOO_LARGE,)),
    HostileFile(
        "gif: first frame of 13000", lambda: gif(32, 32, (0, 0, 13_000, 13_000)), (TOO_LARGE,)
    ),
    HostileFile(
        "gif: second frame of 13000",
        lambda: gif(32, 32, (0, 0, 32, 32), (0, 0, 13_000, 13_000)),
        (DAMAGED, UNKNOWN),
    ),
    HostileFile(
        "gif: a comment without end",
        lambda: b"GIF89a\x20\0\x20\0\0\0\0\x21\xfe" + b"\1a" * 2_000_000,
        (DAMAGED, UNKNOWN),
    ),
    HostileFile("avif: 60000 x 60000", lambda: avif_of_size(60_000, 60_000), (TOO_LARGE,)),
    HostileFile("avif: smaller than its pixels", lambda: avif_of_size(8, 8), ()),
    HostileFile("avif: 3000 x 3000, not so large", lambda: avif_of_size(3000, 3000), ()),
    HostileFile("avif: boxes in boxes", lambda: nested_boxes(b"avif"), (UNKNOWN,)),
    HostileFile("heic: boxes in boxes", lambda: nested_boxes(b"heic"), (UNKNOWN,)),
    *(
        HostileFile(
            f"{form.lower()}: cut in the middle",
            partial(cut, form, 0.5),
            (DAMAGED, UNKNOWN),
        )
        for form in _FORMS
    ),
    *(
        HostileFile(
            f"{form.lower()}: its first bytes",
            partial(first_bytes, form),
            (DAMAGED, UNKNOWN),
        )
        for form in _FORMS
    ),
    *(
        HostileFile(
            f"{form.lower()}: scrambled {seed}",
            partial(scrambled, form, seed),
            (),
        )
        for form in _FORMS
        for seed in range(3)
    ),
)
