"""Objectives that compare a batch with the whole training set, or with a teacher."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoders.mining.bank import EmbeddingBank
from training.encoders.objective_recipe import BankTripletConfig, DistillationConfig, RankingConfig
from training.encoders.objectives.context import Embedded, Value
from training.encoders.objectives.distances import distance


class Distillation(nn.Module):
    """Distance to a frozen teacher's embedding of the unchanged chip.

    After Hinton et al., "Distilling the knowledge in a neural network" (2015), on embeddings
    in place of class probabilities.
    """

    def __init__(self, config: DistillationConfig) -> None:
        super().__init__()
        self.config = config

    def forward(self, batch: Embedded) -> Value:
        """Mean of the distances of the batch."""
        assert batch.teacher is not None  # noqa: S101 - the loop computes it for this objective
        loss = distance(batch.embeddings, batch.teacher, self.config.distance).mean()
        return Value(loss, {"teacher_distance": float(loss.detach())})


class Ranking(nn.Module):
    """Own person before everybody else, per face and across faces.

    Half of it is softmax over the bank: a face against all other people's embeddings. The
    other half ranks the positives of all faces above the hardest `share` of all comparisons
    of the batch with the bank, whichever face they belong to: one threshold serves everybody
    in use, so a face whose impostors all score high must be kept below the others' positives.
    That is a pairwise surrogate of the partial area under the ROC (Narasimhan and Agarwal,
    "A structural SVM based approach for optimizing partial AUC", 2013), with logistic loss.
    """

    def __init__(self, config: RankingConfig) -> None:
        super().__init__()
        self.config = config

    def forward(self, batch: Embedded) -> Value:
        """Mean of both halves, in units of cosine."""
        config = self.config
        positive, scores = _against_bank(batch, config.other_picture)
        wanted = positive - config.margin
        own = torch.logsumexp(
            torch.cat([config.scale * wanted[:, None], config.scale * scores], dim=1), dim=1
        )
        softmax = (own - config.scale * wanted).mean() / config.scale
        count = max(1, int(config.share * scores.numel()))
        hardest = scores.flatten().topk(count).values
        gaps = hardest[None, :] - wanted[:, None]
        across = F.softplus(config.scale * gaps).mean() / config.scale
        return Value(
            (softmax + across) / 2,
            {
                "active": float((gaps.detach() > 0).float().mean()),
                "positive": float(positive.detach().mean()),
                "negative": float(hardest.detach().mean()),
            },
        )


class BankTriplets(nn.Module):
    """relu(cos(a, n) - cos(a, p) + margin) for the hardest others of the whole set."""

    def __init__(self, config: BankTripletConfig) -> None:
        super().__init__()
        self.config = config

    def forward(self, batch: Embedded) -> Value:
        """Mean over anchors and their hardest negatives."""
        bank = _bank_of(batch)
        rows = bank.positives(batch.rows, self.config.other_picture, batch.rng)
        z = batch.embeddings
        positive = (z * bank.embeddings[rows]).sum(1)
        negatives = bank.hardest(z, batch.labels, self.config.negatives)
        negative = torch.einsum("nd,nkd->nk", z, bank.embeddings[negatives])
        gaps = negative - positive[:, None] + self.config.margin
        return Value(
            F.relu(gaps).mean(),
            {
                "active": float((gaps.detach() > 0).float().mean()),
                "positive": float(positive.detach().mean()),
                "negative": float(negative.detach().mean()),
            },
        )


def _bank_of(batch: Embedded) -> EmbeddingBank:
    assert batch.bank is not None  # noqa: S101 - the loop keeps one for these objectives
    return batch.bank


def _against_bank(batch: Embedded, other_picture: float) -> tuple[Tensor, Tensor]:
    """(n,) cosine to a positive of each face, and (n, N) to the bank, -1 for the same people."""
    bank = _bank_of(batch)
    rows = bank.positives(batch.rows, other_picture, batch.rng)
    z = batch.embeddings
    scores = z @ bank.embeddings.T
    same = batch.labels[:, None] == bank.labels[None, :]
    return (z * bank.embeddings[rows]).sum(1), scores.masked_fill(same, -1.0)
