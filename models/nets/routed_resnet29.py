"""Two experts for faces, clear ones and difficult ones, behind a router that looks first.

A mixture of experts with hard routing (Jacobs et al., "Adaptive mixtures of local experts",
1991). Both experts embed into one space: the one for difficult faces learnt to give what the
other gives for the clear picture of the same face, so embeddings of either can be compared.
"""

import torch
from torch import Tensor, nn

from models.nets.parts import Part
from models.nets.resnet29 import ResNet29

_CHANNELS = (16, 32, 48, 64)
_SIDE = 150


class Router(nn.Module):
    """(N, 3, H, W) pictures as the experts take them → (N,) logits; above 0: difficult.

    Looks at luminance alone, since covers and spoiled detail show in it and colours mislead.
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
    """(N, 3, 150, 150) float32, (RGB - mean) / 256 → (N, dimension) raw embeddings."""

    def __init__(self, dimension: int = 128) -> None:
        super().__init__()
        self.dimension = dimension
        self.router = Router()
        self.clear = ResNet29(dimension)
        self.difficult = ResNet29(dimension)

    def parts(self) -> dict[str, Part]:
        """What is compiled one by one, so that a face runs through one expert alone."""
        part = Part((None, 3, _SIDE, _SIDE))
        return {"router": part, "clear": part, "difficult": part}

    def forward(self, x: Tensor) -> Tensor:
        chosen = self.router(x) > 0
        # A traced graph has no way round an expert.
        if torch.jit.is_tracing():  # type: ignore[attr-defined, no-untyped-call]
            return torch.where(chosen[:, None], self.difficult(x), self.clear(x))
        if not chosen.any():
            result: Tensor = self.clear(x)
            return result
        embeddings = x.new_empty(len(x), self.dimension)
        for expert, rows in ((self.clear, ~chosen), (self.difficult, chosen)):
            if rows.any():
                embeddings[rows] = expert(x[rows]).to(embeddings.dtype)
        return embeddings
