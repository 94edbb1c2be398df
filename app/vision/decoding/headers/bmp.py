"""BMP: its size, and whether it is packed."""

import struct

from app.vision.decoding.headers.facts import PictureFacts

_PLAIN = (0, 3, 6)
"""Compressions that are none: pixels as they are, with or without masks of their bits."""


def is_bmp(data: bytes) -> bool:
    return data[:2] == b"BM"


def bmp_facts(data: bytes) -> PictureFacts | None:
    """Facts of a BMP; None without a header of a known length."""
    header = int.from_bytes(data[14:18], "little")
    if header == 12 and len(data) >= 26:
        (width, height), compression = struct.unpack_from("<HH", data, 18), 0
    elif 40 <= header <= 124 and len(data) >= 54:
        width, height = (abs(side) for side in struct.unpack_from("<ii", data, 18))
        compression = int.from_bytes(data[30:34], "little")
    else:
        return None
    if not width or not height:
        return None
    # Run lengths are unpacked by Pillow's own loops: slow, and in need of all they say.
    plain = compression in _PLAIN
    return PictureFacts("BMP", width, height, 4 if plain else 8, simple=plain)
