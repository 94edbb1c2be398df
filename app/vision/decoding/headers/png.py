"""PNG: its size, and what of it a decoder needs."""

import struct
import zlib
from dataclasses import dataclass

from app.vision.decoding.headers.facts import PictureFacts
from app.vision.decoding.headers.orientation import exif_orientation

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 2**16
_PER_PIXEL = {0: 1, 2: 4, 3: 1, 4: 4, 6: 4}
"""Bytes that Pillow keeps, by colour type."""
_DEEP_GREY = 4


@dataclass(frozen=True, slots=True)
class PngPixels:
    """A file of the chunks that pixels depend on, and what the others say."""

    file: bytes
    animated: bool
    orientation: int
    depth: int
    """Significant bits of a sample by their own word; 0 where nothing is chunks."""


def is_png(data: bytes) -> bool:
    return data[:8] == _SIGNATURE


def png_facts(data: bytes) -> PictureFacts | None:
    """Facts of a PNG; None when the header does not come first."""
    if data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    if not width or not height or colour not in _PER_PIXEL:
        return None
    per_pixel = _DEEP_GREY if (depth, colour) == (16, 0) else _PER_PIXEL[colour]
    return PictureFacts("PNG", width, height, per_pixel, simple=True)


def png_pixels_alone(data: bytes) -> PngPixels | None:
    """The file without texts and colour profiles, which a decoder would unpack.

    None for more chunks than any program makes.
    """
    kept, image = [data[:33]], list[bytes]()
    chunks: dict[bytes, bytes] = {}
    at = 33
    for _ in range(_MOST_CHUNKS):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if kind == b"IDAT":
            image.append(data[at + 8 : end - 4] if end <= len(data) else data[at + 8 :])
        elif kind in (b"PLTE", b"tRNS"):
            kept.append(data[at:end])
        elif kind in (b"acTL", b"eXIf", b"sBIT") or _is_xmp(kind, data[at + 8 : at + 30]):
            chunks.setdefault(kind, data[at + 8 : end - 4])
        if kind == b"IEND" or end > len(data):
            break
        at = end
    else:
        return None
    complete = kind == b"IEND"
    file = b"".join([*kept, *_joined(image, complete)])
    return PngPixels(
        file,
        animated=int.from_bytes(chunks.get(b"acTL", b"")[:4], "big") > 1,
        orientation=exif_orientation(chunks.get(b"eXIf", b""), chunks.get(b"iTXt", b"")),
        depth=int.from_bytes(chunks.get(b"sBIT", b"")[:1], "big"),
    )


def _is_xmp(kind: bytes, beginning: bytes) -> bool:
    return kind == b"iTXt" and beginning[:18] == b"XML:com.adobe.xmp\0"


def _joined(image: list[bytes], complete: bool) -> list[bytes]:
    """One chunk of all pixels: Pillow reads chunk by chunk, and there may be 65,536 of them."""
    if not image:
        return []
    whole = b"".join(image)
    if not complete:  # a decoder that wants more finds the end of the file
        return [struct.pack(">I", len(whole) + 1), b"IDAT", whole]
    check = zlib.crc32(whole, zlib.crc32(b"IDAT"))
    end = [b"\0\0\0\0IEND", struct.pack(">I", zlib.crc32(b"IEND"))]
    return [struct.pack(">I", len(whole)), b"IDAT", whole, struct.pack(">I", check), *end]
