"""Triplets within a batch: which anchor, positive and negative to learn from.

The miners are pytorch-metric-learning's.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from training.encoders.objective_recipe import Distance, Mining

if TYPE_CHECKING:
    from pytorch_metric_learning.distances import BaseDistance


@dataclass(frozen=True, slots=True)
class Triplets:
    """(T,) rows of the batch each."""

    anchor: Tensor
    positive: Tensor
    negative: Tensor

    def __len__(self) -> int:
        return len(self.anchor)


def mine(
    embeddings: Tensor, labels: Tensor, how: Mining, kind: Distance, margin: float
) -> Triplets:
    """Mine (n, dimension) L2-normalised embeddings of (n,) people; may come back empty.

    - all: every triplet there is (batch-all; Hermans et al., "In defense of the triplet
      loss", 2017)
    - hard: per anchor its farthest positive and its nearest negative (batch-hard; ibid.)
    - semi-hard: negatives farther than the positive, but by less than the margin (Schroff et
      al., "FaceNet", 2015)
    - distance-weighted: negatives at all distances alike (Wu et al., "Sampling matters", 2017)
    - random: per anchor and positive one negative, unlooked
    """
    # A second, which commands that train nothing should not take.
    from pytorch_metric_learning.miners import (
        BatchHardMiner,
        DistanceWeightedMiner,
        TripletMarginMiner,
    )
    from pytorch_metric_learning.utils import loss_and_miner_utils

    z = embeddings.detach()
    with torch.no_grad():
        match how:
            case "all":
                found = loss_and_miner_utils.get_all_triplets_indices(labels)
            case "hard":
                found = BatchHardMiner(distance=_measure(kind))(z, labels)
            case "semi-hard":
                miner = TripletMarginMiner(margin, "semihard", distance=_measure(kind))
                found = miner(z, labels)
            case "distance-weighted":
                found = DistanceWeightedMiner()(z, labels)
            case "random":
                found = loss_and_miner_utils.get_random_triplet_indices(labels)
    return Triplets(*found)


@cache
def _measure(kind: Distance) -> "BaseDistance":
    from pytorch_metric_learning.distances import CosineSimilarity, LpDistance

    if kind == "cosine":
        return CosineSimilarity()
    power = 2 if kind == "squared" else 1
    return LpDistance(normalize_embeddings=False, p=2, power=power)
