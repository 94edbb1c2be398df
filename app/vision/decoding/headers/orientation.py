"""The orientation of a picture, from its metadata.

Pillow would read every field of an EXIF block, and fields may overlap: a file of a few hundred
kilobytes then takes gigabytes.
"""

import re
import struct

_TAG = 0x0112
_SHORT = 3
_MOST_FIELDS = 512
_XMP = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')
_MOST_XMP = 2**18


def exif_orientation(exif: bytes, xmp: bytes = b"") -> int:
    """1 to 8; 1 where nothing, or nothing readable, is said."""
    found = _of_exif(exif.removeprefix(b"Exif\0\0"))
    if not found:
        match = _XMP.search(xmp[:_MOST_XMP])
        found = int(match[1]) if match else 1
    return found if 1 <= found <= 8 else 1


def _of_exif(block: bytes) -> int:
    """0 where the block does not say."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 0
    try:
        (start,) = struct.unpack_from(f"{order}I", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, start)
        for field in range(min(count, _MOST_FIELDS)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", block, start + 2 + 12 * field)
            if tag == _TAG and kind == _SHORT:
                return int(value)
    except struct.error:
        pass
    return 0
