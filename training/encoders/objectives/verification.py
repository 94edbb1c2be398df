"""The Siamese verification head: are these two pictures of one person?"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoders.objective_recipe import VerificationConfig
from training.encoders.objectives.context import Embedded, Value


class VerificationHead(nn.Module):
    """Logistic regression on two embeddings.

    On |f(a) - f(b)| as in DeepFace (Taigman et al., 2014), on (f(a) - f(b))², the numerator
    of its χ² form (embeddings have negative parts, which its denominator does not allow), or
    on both embeddings one after the other, which cannot tell likeness from habit and is there
    to be compared with.
    """

    def __init__(self, config: VerificationConfig, dimension: int) -> None:
        super().__init__()
        self.features = config.features
        width = 2 * dimension if config.features == "concatenated" else dimension
        self.regression = nn.Linear(width, 1)

    def logits(self, a: Tensor, b: Tensor) -> Tensor:
        """(n, dimension) twice → (n,) log odds of one person."""
        if self.features == "concatenated":
            features = torch.cat([a, b], dim=-1)
        else:
            difference = a - b
            squared = self.features == "squared"
            features = difference.square() if squared else difference.abs()
        result: Tensor = self.regression(features).squeeze(-1)
        return result

    def forward(self, batch: Embedded) -> Value:
        """Cross entropy over all ordered pairs of the batch; same and different count half."""
        count = len(batch.rows)
        first, second = (~torch.eye(count, dtype=torch.bool)).nonzero().T
        logits = self.logits(batch.embeddings[first], batch.embeddings[second])
        same = batch.labels[first] == batch.labels[second]
        share = same.float().mean().clamp(1 / len(same), 1 - 1 / len(same))
        weight = torch.where(same, 0.5 / share, 0.5 / (1 - share))
        loss = F.binary_cross_entropy_with_logits(logits, same.float(), weight)
        right = ((logits.detach() > 0) == same).float().mean()
        return Value(loss, {"accuracy": float(right)})
