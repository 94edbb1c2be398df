"""MP4: whether its tables of samples can be true.

FFmpeg makes room for as many samples as a table announces, whatever there is of them.
"""

from collections.abc import Iterator

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"})
_ENTRY = {
    b"stts": 8,
    b"ctts": 8,
    b"stsc": 12,
    b"stco": 4,
    b"co64": 8,
    b"stss": 4,
    b"stps": 4,
    b"elst": 12,
}
"""Bytes of an entry, by table."""
_SAMPLE_RUN = b"trun"
_RUN_FIELDS = 0x0F00
"""Flags of a run of samples: what it tells of each, four bytes a piece."""
_MOST_BOXES = 20_000


def lies_about_samples(data: bytes) -> bool:
    """Whether a table announces more than it, or the file, has bytes for.

    A sample has one byte at least. Also true for more boxes than any program makes.
    """
    left = _MOST_BOXES
    samples = 0
    for kind, body, end in _boxes(data, 0, len(data)):
        left -= 1
        if not left:
            return True
        count = int.from_bytes(data[body + 4 : body + 8], "big")
        if kind == b"stsz":
            each, count = count, int.from_bytes(data[body + 8 : body + 12], "big")
            needed, has = (each * count, len(data)) if each else (4 * count, end - body - 12)
            samples += count
        elif kind == _SAMPLE_RUN:
            flags = int.from_bytes(data[body + 1 : body + 4], "big") & _RUN_FIELDS
            needed, has = 4 * flags.bit_count() * count, end - body - 8
            samples += count
        else:
            needed, has = _ENTRY.get(kind, 0) * count, end - body - 8
        if needed > max(0, has) or samples > len(data):
            return True
    return False


def _boxes(data: bytes, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of the body of each box, outer ones first."""
    open_ends = [(start, stop)]
    while open_ends:
        at, end = open_ends.pop()
        if at + 8 > end:
            continue
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        after = at + size if size else end
        if after < body:
            continue
        open_ends.append((after, end))
        inner = min(after, end)
        yield kind, body, inner
        if kind in _CONTAINERS:
            open_ends.append((body, inner))
