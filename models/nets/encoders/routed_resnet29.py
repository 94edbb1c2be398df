"""Two experts for faces, clear ones and difficult ones, behind a router that looks first.

A mixture of experts (Jacobs et al., "Adaptive mixtures of local experts", 1991). Both experts
embed into one space: the one for difficult faces learned to give what the other gives for the
clear picture of the same face, so embeddings of either can be compared.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.nets.encoders.resnet29 import ResNet29
from models.nets.parts import Part

_CHANNELS = (16, 32, 48, 64)
_SIDE = 150
_CERTAIN = 0.1
"""Probabilities nearer than this to 0 or 1 count as 0 or 1."""


class Router(nn.Module):
    """(N, 3, H, W) pictures as the experts take them → (N,) logits of being difficult.

    Looks at luminance alone, since covers and spoiled detail show in it and colors mislead.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = 1
        for i, channels in enumerate(_CHANNELS):
            layers += [nn.Conv2d(width, channels, 3 if i else 5, stride=2), nn.ReLU(inplace=True)]
            width = channels
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(2 * width, 1)

    def forward(self, x: Tensor) -> Tensor:
        features = self.features(2 * x.mean(dim=1, keepdim=True))
        pooled = torch.cat([features.mean(dim=(2, 3)), features.amax(dim=(2, 3))], dim=1)
        logits: Tensor = self.head(pooled).squeeze(1)
        return logits


class RoutedResNet29(nn.Module):
    """(N, 3, 150, 150) float32, (RGB - mean) / 256 → (N, dimension) embeddings of any length.

    The router's probability is the share of the expert for difficult faces. Where it is nearly
    certain, a face runs through one expert alone; where it is not, through both, and the shares
    weigh their normalized embeddings.
    """

    def __init__(self, dimension: int = 128) -> None:
        super().__init__()
        self.dimension = dimension
        self.router = Router()
        self.clear = ResNet29(dimension)
        self.difficult = ResNet29(dimension)

    def parts(self) -> dict[str, Part]:
        """Parts that are compiled one by one, so that a face need not run through both experts."""
        shape = (None, 3, _SIDE, _SIDE)
        # Rounding must not send a face another way than the reference goes.
        return {"router": Part(shape, exact=True), "clear": Part(shape), "difficult": Part(shape)}

    def shares(self, x: Tensor) -> Tensor:
        """(N,) shares of the expert for difficult faces, in [0, 1]."""
        share = torch.sigmoid(self.router(x).float())
        share = torch.where(share < _CERTAIN, 0.0, share)
        return torch.where(share > 1 - _CERTAIN, 1.0, share)

    def forward(self, x: Tensor) -> Tensor:
        share = self.shares(x)
        embeddings = torch.zeros(len(x), self.dimension, dtype=share.dtype, device=x.device)
        for expert, weight in ((self.clear, 1 - share), (self.difficult, share)):
            # A traced graph has no way round an expert.
            if torch.jit.is_tracing():  # type: ignore[attr-defined, no-untyped-call]
                embeddings = embeddings + weight[:, None] * F.normalize(expert(x))
                continue
            rows = weight.nonzero().squeeze(1)
            if len(rows):
                chosen = x if len(rows) == len(x) else x[rows]
                embeddings[rows] += weight[rows, None] * F.normalize(expert(chosen).float())
        return embeddings
