"""MP4: whether its tables of samples can be true.

FFmpeg makes room for as many samples as a table announces, whatever there is of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
_MOST_SAMPLES = 200_000
"""Of all tracks; two minutes of film and sound have a tenth of them."""


@dataclass(slots=True)
class _Track:
    """A track as its tables announce it."""

    samples: int = 0
    is_sound: bool = False
    even: bool = False
    """Whether all samples last one tick, as those of uncompressed sound."""

    @property
    def entries(self) -> int:
        """Samples that FFmpeg lists one by one."""
        return 0 if self.is_sound and self.even else self.samples


def lies_about_samples(data: bytes) -> bool:
    """Whether a table announces more than it, or the file, has bytes for, or more samples than
    anybody films.

    A sample has one byte at least. Also true for more boxes than any program makes.
    """
    tracks, total = [_Track()], 0
    for number, (kind, body, end) in enumerate(_boxes(data, 0, len(data))):
        if number == _MOST_BOXES:
            return True
        if kind == b"trak":
            tracks.append(_Track())
        track = tracks[-1]
        count = int.from_bytes(data[body + 4 : body + 8], "big")
        needed, has = _ENTRY.get(kind, 0) * count, end - body - 8
        if kind == b"hdlr":
            # Another kind of handler, of data, may follow.
            handled = data[body + 8 : body + 12]
            track.is_sound = handled == b"soun" or (track.is_sound and handled != b"vide")
        elif kind == b"stts":
            track.even = count == 1 and data[body + 12 : body + 16] == b"\0\0\0\1"
        elif kind == b"stsz":
            each, count = count, int.from_bytes(data[body + 8 : body + 12], "big")
            needed, has = (each * count, len(data)) if each else (4 * count, has - 4)
            track.samples += count
            total += count
        elif kind == _SAMPLE_RUN:
            flags = int.from_bytes(data[body + 1 : body + 4], "big") & _RUN_FIELDS
            needed = 4 * flags.bit_count() * count
            tracks[0].samples += count
            total += count
        if needed > max(0, has) or total > len(data):
            return True
    return sum(track.entries for track in tracks) > _MOST_SAMPLES


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
