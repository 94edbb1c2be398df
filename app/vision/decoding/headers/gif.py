"""GIF: the size of its screen and of its frames, which may be larger."""

from collections.abc import Iterator

from app.vision.decoding.headers.facts import PictureFacts

_MOST_BLOCKS = 2000
"""Looked at for the first frame. A comment has one per 255 bytes."""
_FRAME, _EXTENSION = 0x2C, 0x21


def is_gif(data: bytes) -> bool:
    return data[:6] in (b"GIF87a", b"GIF89a")


def gif_facts(data: bytes) -> PictureFacts | None:
    """Facts of the first frame and the screen around it."""
    if len(data) < 13:
        return None
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    for right, bottom in gif_frames(data, _MOST_BLOCKS):
        width, height = max(width, right), max(height, bottom)
        break
    if not width or not height:
        return None
    return PictureFacts("GIF", width, height, 6)


def gif_frames(data: bytes, blocks: int) -> Iterator[tuple[int, int]]:
    """Right and lower end of each frame, as far as so many blocks reach."""
    at = 13 + _table(data[10])
    for _ in range(blocks):
        kind = data[at] if at < len(data) else 0
        if kind == _FRAME and at + 10 <= len(data):
            left, top, width, height = (
                int.from_bytes(data[at + i : at + i + 2], "little") for i in (1, 3, 5, 7)
            )
            yield left + width, top + height
            at += 11 + _table(data[at + 9])
        elif kind == _EXTENSION:
            at += 2
        elif kind == 0 and at < len(data):  # the end of a chain, or padding
            at += 1
            continue
        else:
            return
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1


def _table(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
