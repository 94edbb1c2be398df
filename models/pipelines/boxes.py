"""Geometry of boxes in (left, top, right, bottom) pixels: overlap and suppression.

In numpy, because torchvision's operators are not there in every installation.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[Any]
"""(N, 4) floating point: left, top, right, bottom."""
Overlap = Literal["union", "minimum"]


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
    most: int | None = None,
) -> NDArray[np.intp]:
    """Indices of the boxes kept, best score first.

    Greedy: the best box stays, all that overlap it by more than `threshold` go, and so on.
    Equal scores are taken in the order given. It ends when `most` are kept.
    """
    order = np.argsort(-scores, kind="stable")
    left, top, right, bottom = np.ascontiguousarray(boxes[order].T)
    areas = area(boxes[order])
    standing = np.ones(len(order), dtype=np.bool_)
    kept = 0
    for best in range(len(order)):
        if not standing[best]:
            continue
        if kept == most:
            standing[best:] = False
            break
        kept += 1
        # Slices, which include boxes that have gone: cheaper than gathering those that stand.
        rest = slice(best + 1, None)
        width = np.minimum(right[best], right[rest]) - np.maximum(left[best], left[rest])
        height = np.minimum(bottom[best], bottom[rest]) - np.maximum(top[best], top[rest])
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        if over == "union":
            whole = areas[best] + areas[rest] - shared
        else:
            whole = np.minimum(areas[best], areas[rest])
        standing[rest] &= shared <= threshold * whole
    return np.asarray(order[standing], dtype=np.intp)


def to_squares(boxes: Boxes) -> Boxes:
    """Grow the shorter side to the longer one around the same centre."""
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.concatenate([centre - half, centre + half], axis=1)
