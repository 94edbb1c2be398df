"""Statistics of a style: second moments of features, and how far two pictures are apart."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

_EPSILON = 1e-8

Part = tuple[Tensor, Tensor, int]
"""FFᵀ (C, C), channel sums (C,) and number of places of a part of a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerStatistics:
    """Statistics of one layer's features F, as C channels by M places."""

    gram: Tensor
    """(C, C): FFᵀ / M, not centered."""
    mean: Tensor
    """(C,): the mean of every channel over all places."""


def sums(features: Tensor) -> Part:
    """Sums that (1, C, h, w) features add to the statistics of their layer."""
    # Channels last is the order in which convolutions on a CPU leave them.
    flat = features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])
    return flat.T @ flat, flat.sum(dim=0), len(flat)


def layer_statistics(parts: Iterable[Part]) -> LayerStatistics:
    """The statistics of a layer from the sums of all its parts."""
    grams, means, counts = zip(*parts, strict=True)
    total = sum(counts)
    return LayerStatistics(torch.stack(grams).sum(0) / total, torch.stack(means).sum(0) / total)


def style_error(found: LayerStatistics, wanted: LayerStatistics, mean_weight: float) -> Tensor:
    """‖G - A‖² / ‖A‖² + `mean_weight` · ‖m - m_A‖² / ‖m_A‖², a scalar.

    The first term is the E_l of Gatys et al. (2015) but for a constant: where they divide by
    4N²M², here stands the style's own ‖A‖², so that a layer's scale does not weigh it. Gram
    matrices are means over places instead of sums: the two pictures may differ in size.
    """
    error = _relative(found.gram, wanted.gram)
    return error + mean_weight * _relative(found.mean, wanted.mean) if mean_weight else error


def _relative(found: Tensor, wanted: Tensor) -> Tensor:
    return (found - wanted).square().sum() / (wanted.square().sum() + _EPSILON)
