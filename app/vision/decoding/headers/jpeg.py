"""JPEG: its size, the memory and the scans it takes, and what of it a decoder needs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.vision.decoding.headers.facts import PictureFacts
from app.vision.decoding.headers.orientation import exif_orientation

_MOST_SEGMENTS = 4096
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""
_NEEDED = frozenset({0xE0, 0xEE, 0xDB, 0xC4, 0xCC, 0xDD}) | _FRAMES
"""JFIF, Adobe, tables, restart interval, frame: what pixels depend on."""
_COEFFICIENT = 2
"""Bytes."""
_AT_ONCE = 2**20
"""Bytes that are looked through at once."""


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    start: int
    end: int


def is_jpeg(data: bytes) -> bool:
    return data[:3] == b"\xff\xd8\xff"


def jpeg_facts(data: bytes) -> PictureFacts | None:
    """Facts of a JPEG; None without a frame that can be decoded."""
    frame, scan, exif, xmp = b"", b"", b"", b""
    for segment in _segments(data):
        body = data[segment.start + 4 : segment.end]
        if segment.marker in _FRAMES and not frame:
            frame = bytes([segment.marker]) + body
        elif segment.marker == _SCAN:
            scan = body
        elif segment.marker == 0xE1 and body[:6] == b"Exif\0\0":
            exif = exif or body
        elif segment.marker == 0xE1 and body[:28] == b"http://ns.adobe.com/xap/1.0/":
            xmp = xmp or body
    if len(frame) < 7 or not scan:
        return None
    height, width = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
    bands, sampling = frame[6], frame[8::3]
    if not width or not height or not bands or len(sampling) < bands:
        return None
    scans = _count_scans(data)
    coefficients = 0.0
    if scans > 1 or scan[0] < bands or frame[0] not in (0xC0, 0xC1):
        coefficients = _COEFFICIENT * _samples(sampling[:bands])
    return PictureFacts(
        "JPEG",
        width,
        height,
        per_pixel=coefficients,
        per_reduced=1 if bands == 1 else 4,
        passes=scans,
        simple=True,
        orientation=exif_orientation(exif, xmp),
    )


def jpeg_pixels_alone(data: bytes) -> bytes:
    """The file without metadata, previews and colour profiles.

    Decoders read those too: profiles and EXIF blocks in ways that cost far more than they hold.
    """
    kept = [b"\xff\xd8"]
    for segment in _segments(data):
        if segment.marker == _SCAN:
            kept.append(data[segment.start :])
        elif segment.marker in _NEEDED:
            kept.append(data[segment.start : segment.end])
    return b"".join(kept)


def has_all_scans(data: bytes) -> bool:
    """Whether a progressive file, cut between two scans perhaps, gives every bit of every
    coefficient; true for others."""
    frame = next((s for s in _segments(data) if s.marker in _FRAMES), None)
    if frame is None or frame.marker in (0xC0, 0xC1):
        return True
    bands = data[frame.start + 9]
    names = {data[frame.start + 10 + 3 * band] for band in range(bands)}
    complete = {(name, place) for name in names for place in range(64)}
    at = data.find(b"\xff\xda")
    while at >= 0 and complete:
        count = data[at + 4] if at + 4 < len(data) else 0
        tail = data[at + 5 + 2 * count : at + 8 + 2 * count]
        if len(tail) == 3 and tail[2] & 15 == 0:
            scanned = {data[at + 5 + 2 * band] for band in range(count)}
            complete -= {(name, p) for name in scanned for p in range(tail[0], tail[1] + 1)}
        at = data.find(b"\xff\xda", at + 2)
    return not complete


def _count_scans(data: bytes) -> int:
    """Places where a scan may begin; numpy counts them in an eighth of the time of `bytes`."""
    values, found = np.frombuffer(data, np.uint8), 0
    for start in range(0, len(values), _AT_ONCE):
        first, second = values[start : start + _AT_ONCE], values[start + 1 : start + 1 + _AT_ONCE]
        found += int(np.count_nonzero((first[: len(second)] == 0xFF) & (second == _SCAN)))
    return found


def _samples(sampling: bytes) -> float:
    """Samples of all bands per pixel, such as 1.5 where colour has half the resolution."""
    across, down = [s >> 4 for s in sampling], [s & 15 for s in sampling]
    most = max(1, max(across)) * max(1, max(down))
    return sum(a * d for a, d in zip(across, down, strict=True)) / most


def _segments(data: bytes) -> Iterator[_Segment]:
    """Segments up to the first scan."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return
        marker = data[at + 1]
        if marker in (0x00, 0xFF) or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == _END:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield _Segment(marker, at, end)
        if marker == _SCAN or end < at + 4:
            return
        at = end
