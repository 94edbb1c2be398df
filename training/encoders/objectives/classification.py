"""Objectives with a class for every person of the training set."""

import math

from torch import nn
from torch.nn import functional as F

from training.encoders.objective_recipe import ClassificationConfig
from training.encoders.objectives.context import Embedded, Value


class Softmax(nn.Module):
    """Cross entropy of a linear classifier on the embedding, times `scale`."""

    def __init__(self, config: ClassificationConfig, people: int, dimension: int) -> None:
        super().__init__()
        self.scale = config.scale
        self.classes = nn.Linear(dimension, people)

    def forward(self, batch: Embedded) -> Value:
        """Mean over the batch."""
        logits = self.classes(batch.embeddings * self.scale)
        right = (logits.detach().argmax(1) == batch.labels).float().mean()
        return Value(F.cross_entropy(logits, batch.labels), {"accuracy": float(right)})


class MarginSoftmax(nn.Module):
    """Cross entropy of cosines to one direction per person, with a margin to keep.

    ArcFace (Deng et al., 2019) adds the margin to the angle, CosFace (Wang et al., 2018)
    takes it from the cosine.
    """

    def __init__(self, config: ClassificationConfig, people: int, dimension: int) -> None:
        from pytorch_metric_learning.losses import ArcFaceLoss, CosFaceLoss  # a second

        super().__init__()
        self.loss = (
            ArcFaceLoss(people, dimension, margin=math.degrees(config.margin), scale=config.scale)
            if config.kind == "arcface"
            else CosFaceLoss(people, dimension, margin=config.margin, scale=config.scale)
        )

    def forward(self, batch: Embedded) -> Value:
        """Mean over the batch."""
        logits = self.loss.get_logits(batch.embeddings.detach())
        right = (logits.argmax(1) == batch.labels).float().mean()
        return Value(self.loss(batch.embeddings, batch.labels), {"accuracy": float(right)})
