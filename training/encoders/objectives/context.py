"""Input of objectives, and the statistics they give back."""

from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from training.encoders.mining.bank import EmbeddingBank


@dataclass(frozen=True, slots=True)
class Embedded:
    """One batch after the network."""

    embeddings: Tensor
    """(n, dimension) float32, L2-normalised."""
    rows: Tensor
    """(n,) places in the training set."""
    labels: Tensor
    """(n,) people."""
    rng: np.random.Generator
    """The same in every process that trains together."""
    teacher: Tensor | None = None
    """(n, dimension): the starting network's embeddings of the unchanged chips."""
    bank: EmbeddingBank | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A loss, and figures for the log."""

    loss: Tensor
    """Scalar."""
    figures: dict[str, float] = field(default_factory=dict)
    satisfied: Tensor | None = None
    """(T,) bool: which triplets of a stream's batch keep the margin."""
