"""Losses of the single-pass detector. Values per anchor; callers average."""

import torch
from torch import Tensor
from torch.nn import functional as F

_FOCUS, _BALANCE = 2.0, 0.25
_SQUARED_BELOW = 0.05
"""Landmark errors below this share of the box count by their square."""


def focal_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """(K,) logits against (K,) 0 or 1 → (K,).

    Cross-entropy in which what is known already counts little, so that thousands of easy
    background cells leave the few faces a say (Lin et al., "Focal loss", 2017).
    """
    plain = F.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    right = torch.exp(-plain)
    balance = truth * _BALANCE + (1 - truth) * (1 - _BALANCE)
    return balance * (1 - right) ** _FOCUS * plain


def distance_iou_loss(boxes: Tensor, truth: Tensor) -> Tensor:
    """(P, 4) against (P, 4), left, top, right, bottom → (P,) in [0, 2].

    1 - IoU + the squared distance of the centres over the squared diagonal of the box around
    both (Zheng et al., "Distance-IoU loss", 2020).
    """
    low, high = torch.maximum(boxes[:, :2], truth[:, :2]), torch.minimum(boxes[:, 2:], truth[:, 2:])
    shared = (high - low).clamp(min=0).prod(dim=1)
    areas = [(b[:, 2:] - b[:, :2]).clamp(min=0).prod(dim=1) for b in (boxes, truth)]
    overlap = shared / (areas[0] + areas[1] - shared).clamp(min=1e-6)
    hull = torch.maximum(boxes[:, 2:], truth[:, 2:]) - torch.minimum(boxes[:, :2], truth[:, :2])
    apart = ((boxes[:, :2] + boxes[:, 2:]) - (truth[:, :2] + truth[:, 2:])) / 2
    return 1 - overlap + apart.square().sum(1) / hull.square().sum(1).clamp(min=1e-6)


def landmark_loss(points: Tensor, truth: Tensor, boxes: Tensor) -> Tensor:
    """(P, 5, 2) against (P, 5, 2) pixels → (P,): smooth L1 in units of the true box's sides."""
    sides = (boxes[:, 2:] - boxes[:, :2])[:, None]
    errors = (points - truth) / sides
    return F.smooth_l1_loss(
        errors, torch.zeros_like(errors), reduction="none", beta=_SQUARED_BELOW
    ).sum(dim=(1, 2))
