"""Anchors of the single-pass detector: boxes that its answers are relative to.

An anchor stands in every cell of a stride's grid, once for each of the stride's sizes, its
center in the middle of the cell, higher than wide as faces are. With an anchor's center
(a_x, a_y) and sides (a_w, a_h), the offsets (d_x, d_y, d_w, d_h) mean the box with

    center  (a_x + d_x a_w,  a_y + d_y a_h)
    sides   (a_w exp d_w,    a_h exp d_h)

as in Faster R-CNN (Ren et al., 2015), and a landmark (p_x, p_y) the point
(a_x + p_x a_w, a_y + p_y a_h).
"""

from functools import lru_cache

import torch
from torch import Tensor

from models.nets.single_pass import ANCHORS, STRIDES

ASPECT = 0.8
"""Width over height of an anchor: that of the boxes which MTCNN draws around upright faces."""
_LARGEST = 4.0
"""Limit of the logarithms, so that an untrained network cannot overflow."""


@lru_cache(maxsize=64)
def anchors(height: int, width: int) -> Tensor:
    """(K, 4): center x, y, width, height in pixels, for sides that are multiples of 32.

    Stride by stride, row by row, cell by cell, size by size.
    """
    levels = []
    for stride, sizes in zip(STRIDES, ANCHORS, strict=True):
        rows, columns = height // stride, width // stride
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        centers = (torch.stack([x, y], dim=-1) + 0.5) * stride
        size = torch.tensor(sizes)
        sides = torch.stack([size * ASPECT**0.5, size / ASPECT**0.5], dim=-1)
        level = torch.cat(
            [
                centers[:, :, None].expand(rows, columns, len(sizes), 2),
                sides.expand(rows, columns, len(sizes), 2),
            ],
            dim=-1,
        )
        levels.append(level.reshape(-1, 4))
    return torch.cat(levels)


def decode_boxes(offsets: Tensor, of: Tensor) -> Tensor:
    """(..., 4) offsets relative to the anchors `of` (..., 4) → left, top, right, bottom."""
    center = of[..., :2] + offsets[..., :2] * of[..., 2:]
    half = of[..., 2:] * offsets[..., 2:].clamp(-_LARGEST, _LARGEST).exp() / 2
    return torch.cat([center - half, center + half], dim=-1)


def decode_points(points: Tensor, of: Tensor) -> Tensor:
    """(..., 10) landmarks x, y, x, y, … relative to anchors (..., 4) → (..., 5, 2) pixels."""
    relative = points.view(*points.shape[:-1], 5, 2)
    return of[..., None, :2] + relative * of[..., None, 2:]


def encode_points(landmarks: Tensor, of: Tensor) -> Tensor:
    """(..., 5, 2) pixels → (..., 10): what `decode_points` undoes."""
    return ((landmarks - of[..., None, :2]) / of[..., None, 2:]).flatten(-2)


def corners(of: Tensor) -> Tensor:
    """Anchors (..., 4) as left, top, right, bottom."""
    return torch.cat([of[..., :2] - of[..., 2:] / 2, of[..., :2] + of[..., 2:] / 2], dim=-1)
