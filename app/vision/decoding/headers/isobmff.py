"""AVIF and HEIC: the largest size that any picture in the file has."""

from app.vision.decoding.headers.facts import PictureFacts

_SEARCHED = 2**20
"""Bytes in which sizes are looked for; they stand in the first box of metadata."""
_MOST_SIZES = 4096
_PER_PIXEL = 9.5
"""Bytes: the planes, the converted picture, and Pillow's two copies, as measured."""
_AVIF = {b"avif", b"avis"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_ANIMATED = {b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}


def brands(data: bytes) -> tuple[bytes, ...]:
    """The main one first; none for other files."""
    if data[4:8] != b"ftyp":
        return ()
    end = min(int.from_bytes(data[:4], "big"), 512, len(data))
    return (data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4)))


def still_format(data: bytes) -> str | None:
    """AVIF or HEIC; None for videos and everything else."""
    named = brands(data)
    if not named:
        return None
    if named[0] in _AVIF or (named[0] in (b"mif1", b"msf1") and _AVIF & set(named)):
        return "AVIF"
    return "HEIC" if named[0] in _HEIC | {b"mif1", b"msf1"} else None


def isobmff_facts(data: bytes) -> PictureFacts | None:
    """Facts of the largest picture; None when there is no size."""
    form = still_format(data)
    width = height = 0
    at = 0
    for _ in range(_MOST_SIZES):
        at = data.find(b"ispe", at, _SEARCHED)
        if at < 0:
            break
        sides = (int.from_bytes(data[at + i : at + i + 4], "big") for i in (8, 12))
        width, height = max((width, height), tuple(sides), key=lambda size: size[0] * size[1])
        at += 4
    if form is None or not width or not height:
        return None
    return PictureFacts(
        form, width, height, _PER_PIXEL, animated=brands(data)[0] in _ANIMATED, at_most=True
    )
