"""A small network that tells how a face wears a mask."""

import torch
from torch import Tensor, nn

_CHANNELS = (16, 32, 48, 64)
_HIDDEN = 64
_DARKEST = 1e-3
"""Deviation below which a picture has nothing to be told from."""


class MaskNetwork(nn.Module):
    """(N, 3, 64, 64) aligned faces → (N, kinds) logits.

    Looks at luminance alone, brought to one mean and one contrast, so that the light of a picture
    says nothing. What was found is pooled to a grid, not to one number: a mask over the nose and
    one below it differ in where they begin.
    """

    def __init__(self, kinds: int = 3) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = 1
        for i, channels in enumerate(_CHANNELS):
            side = 3 if i else 5
            stride = 1 if channels == _CHANNELS[-1] else 2
            layers += [
                nn.Conv2d(width, channels, side, stride=stride, padding=side // 2, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(inplace=True),
            ]
            width = channels
        self.features = nn.Sequential(*layers, nn.AvgPool2d(2))
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(16 * width, _HIDDEN),
            nn.ReLU(inplace=True),
            nn.Linear(_HIDDEN, kinds),
        )

    def forward(self, x: Tensor) -> Tensor:
        light = x.mean(dim=1, keepdim=True)
        light = light - light.mean(dim=(2, 3), keepdim=True)
        contrast = torch.sqrt(light.square().mean(dim=(2, 3), keepdim=True))
        logits: Tensor = self.head(self.features(light / (contrast + _DARKEST)))
        return logits
