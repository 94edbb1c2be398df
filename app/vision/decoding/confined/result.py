"""The file in memory through which pictures come back.

It is written and read, and not mapped: to touch new pages costs several times as much as to
copy what they hold.
"""

import os

import numpy as np

from app.vision.decoding.pixels import Rgb


def write_result(target: int, rgb: Rgb) -> None:
    """Put a picture at the beginning of the file."""
    left = np.ascontiguousarray(rgb).data.cast("B")
    at = 0
    while left:
        written = os.pwrite(target, left, at)
        left, at = left[written:], at + written


def read_result(target: int, shape: tuple[int, int, int]) -> Rgb:
    """The picture of that shape. Raises ValueError when there is less than that."""
    rgb = np.empty(shape, np.uint8)
    left = rgb.data.cast("B")
    at = 0
    while left:
        read = os.preadv(target, [left], at)
        if not read:
            raise ValueError("no picture of that shape")
        left, at = left[read:], at + read
    return rgb
