"""Hostile animations and videos."""

import io
import struct
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

from tests.recordings import animation, stills, video

DAMAGED = "damaged-video"
TOO_LARGE = "too-many-pixels"
TOO_MANY = "too-many-frames"
DEMANDING = "video-too-demanding"


@cache
def mp4(count: int = 6, side: int = 64) -> bytes:
    return video(stills(count, (side, side)))


@cache
def webm() -> bytes:
    return video(stills(6, (64, 64)), form="webm", codec="libvpx")


def table(name: bytes, at: int, value: int) -> bytes:
    """The MP4 with another number in one of its tables."""
    data, where = bytearray(mp4()), mp4().find(name) + 4 + at
    data[where : where + 4] = struct.pack(">I", value)
    return bytes(data)


def same_size(count: int) -> bytes:
    """All samples of one byte, so that the table needs no bytes."""
    data, where = bytearray(mp4()), mp4().find(b"stsz") + 8
    data[where : where + 8] = struct.pack(">II", 1, count)
    return bytes(data)


def box(kind: bytes, *inner: bytes) -> bytes:
    body = b"".join(inner)
    return struct.pack(">I", len(body) + 8) + kind + body


def real_samples(count: int) -> bytes:
    """As many samples as are announced, of one byte each."""
    return same_size(count) + box(b"mdat", bytes(count))


def fragment(count: int) -> bytes:
    """A run of samples of which nothing is said."""
    head = box(b"tfhd", struct.pack(">II", 0x020000, 1))
    run = box(b"trun", struct.pack(">II", 0, count))
    return mp4() + box(b"moof", box(b"mfhd", bytes(8)), box(b"traf", head, run)) + box(b"mdat")


def boxes_in_boxes() -> bytes:
    inner = b""
    for _ in range(20_000):
        inner = box(b"trak", inner)
    return mp4()[:32] + box(b"moov", inner)


def ebml(kind: int, body: bytes) -> bytes:
    length = (kind.bit_length() + 7) // 8
    return kind.to_bytes(length, "big") + b"\x01" + len(body).to_bytes(7, "big") + body


def block(stamp: int) -> bytes:
    """A frame of one byte at that time."""
    return b"\xa3\x85\x81" + struct.pack(">h", stamp) + b"\x80\0"


def blocks(count: int) -> bytes:
    """A Matroska file of one-byte frames, all at the same time."""
    return matroska(block(0) * count)


def matroska(simple: bytes) -> bytes:
    head = ebml(0x1A45DFA3, ebml(0x4282, b"webm"))
    picture = ebml(0xE0, ebml(0xB0, b"\x40") + ebml(0xBA, b"\x40"))
    track = ebml(0xD7, b"\1") + ebml(0x73C5, b"\1") + ebml(0x83, b"\1") + ebml(0x86, b"V_VP8")
    tracks = ebml(0x1654AE6B, ebml(0xAE, track + picture))
    info = ebml(0x1549A966, ebml(0x2AD7B1, (1_000_000).to_bytes(3, "big")))
    return head + ebml(0x18538067, info + tracks + ebml(0x1F43B675, ebml(0xE7, b"\0") + simple))


@cache
def growing_gif(side: int) -> bytes:
    """Two frames; the second is larger than the screen, and all of it is there."""
    first, second = io.BytesIO(), io.BytesIO()
    Image.new("P", (32, 32)).save(first, "GIF")
    Image.new("P", (side, side)).save(second, "GIF")
    frame = second.getvalue()
    return first.getvalue()[:-1] + frame[frame.index(b"\x2c") :]


def gif_of_frames(count: int) -> bytes:
    one = io.BytesIO()
    Image.new("P", (4, 4)).save(one, "GIF")
    data = one.getvalue()
    at = data.index(b"\x2c")
    return data[:at] + data[at:-1] * count + b"\x3b"


def large_webp(side: int, count: int) -> bytes:
    frames = [Image.new("RGB", (side, side), (9 * n, 0, 0)) for n in range(count)]
    return animation(frames, "WEBP")


def noisy(data: bytes, seed: int) -> bytes:
    rng, changed = np.random.default_rng(seed), bytearray(data)
    for at in rng.integers(48, len(changed), max(4, len(changed) // 50)):
        changed[at] = rng.integers(0, 256)
    return bytes(changed)


RECORDINGS: tuple[tuple[str, Callable[[], bytes], tuple[str, ...]], ...] = (
    ("mp4: 80 million samples of a byte", lambda: same_size(80_000_000), (DAMAGED,)),
    ("mp4: 20 million real samples of a byte", lambda: real_samples(20_000_000), (DAMAGED,)),
    ("mp4: 2^32 samples of a byte", lambda: same_size(2**32 - 1), (DAMAGED,)),
    ("mp4: sizes that the table has not", lambda: table(b"stsz", 8, 50_000_000), (DAMAGED,)),
    ("mp4: times that the table has not", lambda: table(b"stts", 4, 50_000_000), (DAMAGED,)),
    ("mp4: one time for 2^32 samples", lambda: table(b"stts", 8, 2**32 - 1), ()),
    ("mp4: chunks that the table has not", lambda: table(b"stsc", 4, 50_000_000), (DAMAGED,)),
    ("mp4: 2^31 samples in a chunk", lambda: table(b"stsc", 12, 2**31 - 1), ()),
    ("mp4: places that the table has not", lambda: table(b"stco", 4, 50_000_000), (DAMAGED,)),
    ("mp4: run of 80 million samples", lambda: fragment(80_000_000), (DAMAGED,)),
    ("mp4: boxes in boxes", boxes_in_boxes, (DAMAGED, "no-frames")),
    ("mp4: 16-million-pixel side", lambda: table(b"avc1", 24, 0xFFFFFFFF), ()),
    ("mp4: cut", lambda: mp4()[: len(mp4()) // 2], (DAMAGED,)),
    (
        "webm: a million blocks at one time",
        lambda: blocks(1_000_000),
        (TOO_MANY, DEMANDING, DAMAGED),
    ),
    ("webm: 5,000 blocks at one time", lambda: blocks(5000), (TOO_MANY,)),
    (
        "webm: 3,000 blocks of nothing",
        lambda: matroska(b"".join(block(time) for time in range(3000))),
        (DAMAGED,),
    ),
    ("gif: grows to 170 million pixels", lambda: growing_gif(13_000), (TOO_LARGE,)),
    ("gif: grows to 16 million pixels", lambda: growing_gif(4000), (TOO_LARGE,)),
    ("gif: a million frames", lambda: gif_of_frames(1_000_000), (TOO_MANY,)),
    ("webp: large frames", lambda: large_webp(4000, 3), (TOO_LARGE,)),
    ("webp: a cut animation", lambda: large_webp(64, 9)[:200], (DAMAGED,)),
    *(
        (f"{name}: noise {seed}", lambda make=make, seed=seed: noisy(make(), seed), ())
        for name, make in (("mp4", mp4), ("webm", webm))
        for seed in range(4)
    ),
)
