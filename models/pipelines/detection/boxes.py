"""Geometry of boxes in (left, top, right, bottom) pixels: overlap and suppression.

In numpy, because torchvision's operators are not there in every installation.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[Any]
"""(N, 4) floating point: left, top, right, bottom."""
Overlap = Literal["union", "minimum"]
_BLOCK = 128
"""Boxes that are compared at once, each with each: more of them leave the processor's cache."""


def area(boxes: Boxes) -> NDArray[Any]:
    """(N, 4) → (N,) square pixels; a box turned inside out has none."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return np.asarray(sides[:, 0] * sides[:, 1])


def overlap(a: Boxes, b: Boxes, over: Overlap = "union") -> NDArray[Any]:
    """(N, 4) and (M, 4) → (N, M) intersection over the union, or over the smaller box.

    Empty boxes overlap nothing: 0, never NaN.
    """
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(high - low, 0)
    shared = sides[..., 0] * sides[..., 1]
    areas_a, areas_b = area(a)[:, None], area(b)[None, :]
    whole = areas_a + areas_b - shared if over == "union" else np.minimum(areas_a, areas_b)
    return np.asarray(np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0))


def non_max_suppression(
    boxes: Boxes,
    scores: NDArray[Any],
    threshold: float,
    over: Overlap = "union",
) -> NDArray[np.intp]:
    """Indices of the boxes kept, best score first.

    Greedy: the best box stays, all that overlap it by more than `threshold` go, and so on.
    Equal scores are taken in the order given.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = boxes[order]
    standing = np.ones(len(order), dtype=np.bool_)
    for start in range(0, len(order), _BLOCK):
        rows = start + np.flatnonzero(standing[start : start + _BLOCK])
        standing[rows] = _standing(_alike(ranked[rows], ranked[rows], threshold, over))
        rows = rows[standing[rows]]
        for after in range(start + _BLOCK, len(order), _BLOCK):
            rest = after + np.flatnonzero(standing[after : after + _BLOCK])
            standing[rest] = ~_alike(ranked[rows], ranked[rest], threshold, over).any(axis=0)
    return np.asarray(order[standing], dtype=np.intp)


def _standing(alike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(N,) which boxes stay, from whether each two of them are alike, (N, N), best first."""
    # Whole rows as integers: a step in Python costs a tenth of one in numpy.
    rows = [int.from_bytes(row, "little") for row in np.packbits(alike, axis=1, bitorder="little")]
    gone = 0
    standing = np.ones(len(alike), dtype=np.bool_)
    for place, row in enumerate(rows):
        if gone >> place & 1:
            standing[place] = False
        else:
            gone |= row
    return standing


def _alike(a: Boxes, b: Boxes, threshold: float, over: Overlap) -> NDArray[np.bool_]:
    """(N, 4) and (M, 4) → (N, M): whether they overlap by more than `threshold`."""
    left, top, right, bottom = a.T[:, :, None]
    width = np.minimum(right, b[:, 2]) - np.maximum(left, b[:, 0])
    height = np.minimum(bottom, b[:, 3]) - np.maximum(top, b[:, 1])
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    areas, others = area(a)[:, None], area(b)
    whole = areas + others - shared if over == "union" else np.minimum(areas, others)
    return np.asarray(shared > threshold * whole)


def to_squares(boxes: Boxes) -> Boxes:
    """Grow the shorter side to the longer one around the same center."""
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.concatenate([center - half, center + half], axis=1)
