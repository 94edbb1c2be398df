"""Matroska and WebM: how many blocks there are, each of which holds a frame or some sound.

FFmpeg makes a list of all blocks of a cluster before it gives the first.
"""

_CLUSTER, _SEGMENT = b"\x1f\x43\xb6\x75", b"\x18\x53\x80\x67"
_SIMPLE_BLOCK, _BLOCK_GROUP = b"\xa3", b"\xa0"
_MOST_OTHERS = 60_000
"""Elements of other kinds: clusters, their times, void."""


def has_more_blocks(data: bytes, most: int) -> bool:
    """Whether there are more than `most`, also where sizes are unknown, as in live recordings.

    Also true for more elements of other kinds than any program makes.
    """
    at = blocks = 0
    for _ in range(most + _MOST_OTHERS):
        if at + 2 > len(data):
            return False
        identifier = data[at : at + _length(data[at])]
        at += len(identifier)
        width = _length(data[at]) if at < len(data) else 8
        size = int.from_bytes(data[at : at + width], "big") & (1 << 7 * width) - 1
        at += width
        if identifier in (_SEGMENT, _CLUSTER):
            continue  # what is in it comes next
        blocks += identifier in (_SIMPLE_BLOCK, _BLOCK_GROUP)
        if blocks > most:
            return True
        at += size
    return True


def _length(first: int) -> int:
    """Bytes of a number or identifier that begins with that byte, 1 to 8."""
    return 9 - first.bit_length() if first else 8
