"""WebP: its size, by the header of the container and by that of the picture in it."""

from collections.abc import Iterator

from app.vision.decoding.headers.facts import PictureFacts
from app.vision.decoding.headers.orientation import exif_orientation

_MOST_CHUNKS = 256
_ANIMATED = 0x02
_PER_PIXEL = 8
"""Bytes that libwebp and OpenCV hold: the pixels, and the lossless decoder's own."""


def is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def is_cut_webp(data: bytes) -> bool:
    """libwebp opens whole files only, so a cut one has to be told by its header."""
    return is_webp(data) and len(data) < int.from_bytes(data[4:8], "little") + 8


def webp_facts(data: bytes) -> PictureFacts | None:
    """The larger of the sizes that container and picture tell; None when neither does."""
    width = height = 0
    animated, exif, xmp = False, b"", b""
    for kind, at, end in _chunks(data):
        body = data[at : min(end, at + 32)]
        size = _size(kind, body)
        width, height = max(width, size[0]), max(height, size[1])
        if kind == b"VP8X":
            animated = bool(body[:1] and body[0] & _ANIMATED)
        elif kind == b"EXIF":
            exif = data[at:end]
        elif kind == b"XMP ":
            xmp = data[at:end]
    if not width or not height:
        return None
    return PictureFacts(
        "WEBP",
        width,
        height,
        _PER_PIXEL if not animated else 2 * _PER_PIXEL + 4,
        simple=not animated,
        animated=animated,
        orientation=exif_orientation(exif, xmp),
    )


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """(0, 0) for chunks that tell none."""
    if kind == b"VP8X" and len(body) >= 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        sides = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return sides[0] & 0x3FFF, sides[1] & 0x3FFF
    return 0, 0


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of each body."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(data):
            return
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], at + 8, min(at + 8 + length, len(data))
        at += 8 + length + length % 2
