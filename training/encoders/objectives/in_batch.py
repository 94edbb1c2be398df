"""Objectives on pairs and triplets of one batch."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoders.mining.triplets import Triplets, mine
from training.encoders.objective_recipe import ContrastiveConfig, TripletConfig
from training.encoders.objectives.context import Embedded, Value
from training.encoders.objectives.distances import distance


class TripletLoss(nn.Module):
    """relu(d(a, p) - d(a, n) + margin) (Schroff et al., "FaceNet", 2015)."""

    def __init__(self, config: TripletConfig) -> None:
        super().__init__()
        self.config = config

    def forward(self, batch: Embedded) -> Value:
        """Mean over the mined triplets; 0 when there are none."""
        config, z = self.config, batch.embeddings
        if config.mining == "stream":
            chosen = consecutive_triplets(len(z), z.device)
        else:
            chosen = mine(z, batch.labels, config.mining, config.distance, config.margin)
        if not len(chosen):
            return Value(z.sum() * 0, {"active": 0.0})
        to_positive = distance(z[chosen.anchor], z[chosen.positive], config.distance)
        to_negative = distance(z[chosen.anchor], z[chosen.negative], config.distance)
        gaps = to_positive - to_negative + config.margin
        satisfied = gaps.detach() <= 0
        figures = {
            "active": float((~satisfied).float().mean()),
            "d_positive": float(to_positive.detach().mean()),
            "d_negative": float(to_negative.detach().mean()),
        }
        return Value(F.relu(gaps).mean(), figures, satisfied if config.mining == "stream" else None)


def consecutive_triplets(count: int, device: torch.device) -> Triplets:
    """Rows 0, 1, 2 are the first triplet, 3, 4, 5 the second, and so on."""
    rows = torch.arange(count, device=device)
    return Triplets(rows[0::3], rows[1::3], rows[2::3])


class ContrastiveLoss(nn.Module):
    """d² for two pictures of one person, relu(margin - d)² for two people.

    After Hadsell, Chopra and LeCun, "Dimensionality reduction by learning an invariant
    mapping" (2006). Both kinds of pairs count half, however many there are.
    """

    def __init__(self, config: ContrastiveConfig) -> None:
        super().__init__()
        self.config = config

    def forward(self, batch: Embedded) -> Value:
        """Over all pairs of the batch."""
        first, second = torch.triu_indices(len(batch.rows), len(batch.rows), 1)
        d = distance(batch.embeddings[first], batch.embeddings[second], "euclidean")
        same = batch.labels[first] == batch.labels[second]
        far = F.relu(self.config.margin - d[~same])
        figures = {
            "active": float((far.detach() > 0).float().mean()) if len(far) else 0.0,
            "d_positive": float(d[same].detach().mean()) if same.any() else 0.0,
            "d_negative": float(d[~same].detach().mean()) if len(far) else 0.0,
        }
        return Value((_mean(d[same].square()) + _mean(far.square())) / 2, figures)


def _mean(values: Tensor) -> Tensor:
    """0 instead of not-a-number when there are none."""
    return values.sum() / max(1, len(values))
