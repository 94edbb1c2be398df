"""Distances between embeddings, in the three forms triplet losses are written in."""

from torch import Tensor
from torch.nn import functional as F

from training.encoders.objective_recipe import Distance

_TINY = 1e-12
"""Keeps the gradient of a root finite where two embeddings meet."""


def distance(a: Tensor, b: Tensor, kind: Distance) -> Tensor:
    """(..., dimension) twice → (...): |a - b|², |a - b| or 1 - cos(a, b)."""
    if kind == "cosine":
        return 1 - F.cosine_similarity(a, b, dim=-1)
    squared = (a - b).square().sum(-1)
    return squared if kind == "squared" else (squared + _TINY).sqrt()
