"""TIFF: the size of its first picture, and of the tiles or strips that decoders make room for."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from app.vision.decoding.headers.facts import PictureFacts

_MOST_FIELDS = 4096
_WIDTH, _LENGTH, _BITS, _ORIENTATION, _SAMPLES, _ROWS = 256, 257, 258, 274, 277, 278
_TILE_WIDTH, _TILE_LENGTH = 322, 323
_READ = frozenset(
    {_WIDTH, _LENGTH, _BITS, _ORIENTATION, _SAMPLES, _ROWS, _TILE_WIDTH, _TILE_LENGTH}
)
_NUMBERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
"""Kinds of field that hold whole numbers."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places of a directory's numbers, in classic and in big TIFF."""

    offset: str
    count: str
    field: str
    """Tag, kind, how many values."""
    size: int

    @property
    def value(self) -> int:
        """Bytes of a field before its value."""
        return struct.calcsize(f"={self.field}")


_LAYOUTS = {42: (_Layout("I", "H", "HHI", 12), 4), 43: (_Layout("Q", "Q", "HHQ", 20), 8)}


def is_tiff(data: bytes) -> bool:
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def tiff_facts(data: bytes) -> PictureFacts | None:
    """Facts of the first picture; None without a directory with a size."""
    try:
        fields = _fields(data)
    except struct.error:
        return None
    width, height = fields.get(_WIDTH, 0), fields.get(_LENGTH, 0)
    if not width or not height:
        return None
    if _TILE_WIDTH in fields or _TILE_LENGTH in fields:
        part = fields.get(_TILE_WIDTH, width) * fields.get(_TILE_LENGTH, height)
    else:
        part = width * min(height, fields.get(_ROWS, height))
    sample = max(1, fields.get(_BITS, 1) + 7 >> 3) * max(1, fields.get(_SAMPLES, 1))
    orientation = fields.get(_ORIENTATION, 1)
    if 5 <= orientation <= 8:
        width, height = height, width
    return PictureFacts(
        "TIFF",
        width,
        height,
        per_pixel=4 if orientation == 1 else 8,  # Pillow turns it upright itself
        fixed=part * max(4, sample),
        pixels=part,
    )


def _fields(data: bytes) -> Mapping[int, int]:
    """The first value of each field that is read here. Raises struct.error."""
    order = "<" if data[:2] == b"II" else ">"
    (version,) = struct.unpack_from(f"{order}H", data, 2)
    layout, at = _LAYOUTS[version]
    (start,) = struct.unpack_from(order + layout.offset, data, at)
    (count,) = struct.unpack_from(order + layout.count, data, start)
    start += struct.calcsize(f"={layout.count}")
    fields: dict[int, int] = {}
    for number in range(min(count, _MOST_FIELDS)):
        at = start + number * layout.size
        tag, kind, values = struct.unpack_from(order + layout.field, data, at)
        form = _NUMBERS.get(kind)
        if tag not in _READ or form is None or not values:
            continue
        where = at + layout.value
        if values * struct.calcsize(f"={form}") > layout.size - layout.value:
            (where,) = struct.unpack_from(order + layout.offset, data, where)
        # The largest that any repetition of the field tells: which one a decoder takes varies.
        value = int(struct.unpack_from(order + form, data, where)[0])
        fields[tag] = max(value, fields.get(tag, 0))
    return fields
