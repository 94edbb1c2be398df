"""Anchors, and the faces that they answer for."""

from dataclasses import dataclass

import torch
from torch import Tensor

POSITIVE, NEGATIVE = 0.45, 0.30
"""Overlap with a face from which on an anchor is to find it, and below which it is background.
Those between are left alone."""
_OWN, _OWN_OVERLAP = 3, 0.2
"""Every face gets its best anchor whatever the overlap, and up to so many with this one: small
faces lie between the cells and would go untaught."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Faces that the K anchors of one picture answer for."""

    face: Tensor
    """(K,) which face, -1 for background, -2 for anchors that are left alone."""

    @property
    def positive(self) -> Tensor:
        """(K,) anchors with a face."""
        return self.face >= 0

    @property
    def counted(self) -> Tensor:
        """(K,) anchors that are taught whether there is a face."""
        return self.face >= -1


def assign(anchors: Tensor, boxes: Tensor, ignored: Tensor) -> Assignment:
    """Give the anchors (K, 4) their faces (M, 4), both as left, top, right, bottom.

    Faces marked in `ignored` (M,) are nobody's, and anchors that meet them are left alone.
    An anchor wanted by several faces goes to the one it overlaps most.
    """
    face = torch.full((len(anchors),), -1, dtype=torch.long)
    if not len(boxes):
        return Assignment(face)
    overlaps = pairwise_overlap(anchors, boxes)
    face[overlaps.amax(dim=1) >= NEGATIVE] = -2
    taught = torch.where(ignored[None], torch.zeros_like(overlaps), overlaps)
    best, owner = taught.max(dim=1)
    face = torch.where(best >= POSITIVE, owner, face)
    claims = torch.zeros_like(taught)
    count = min(_OWN, len(anchors))
    values, rows = taught.topk(count, dim=0)
    allowed = values >= _OWN_OVERLAP
    allowed[0] = values[0] > 0
    columns = torch.arange(len(boxes)).expand_as(rows)
    claims[rows[allowed], columns[allowed]] = values[allowed]
    claim, claimer = claims.max(dim=1)
    return Assignment(torch.where((claim > 0) & (best < POSITIVE), claimer, face))


def pairwise_overlap(a: Tensor, b: Tensor) -> Tensor:
    """(N, 4) and (M, 4) → (N, M) intersection over union."""
    low = torch.maximum(a[:, None, :2], b[None, :, :2])
    high = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(dim=-1)
    areas_a = (a[:, 2:] - a[:, :2]).prod(dim=-1)
    areas_b = (b[:, 2:] - b[:, :2]).prod(dim=-1)
    return shared / (areas_a[:, None] + areas_b[None] - shared).clamp(min=1e-9)
