"""A filter bank on every level of a Gaussian pyramid: features without trained weights."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_SIGMA = 0.8
"""Blur before halving, in pixels: enough that 2x2 means do not alias."""
_SMALLEST = 18
"""Shorter side under which a picture gets no further level."""


class FilterPyramid(nn.Module):
    """One convolution per level, each with `filters` filters of `side` x `side` x 3.

    The convolutions of a fresh pyramid are zero: `models.pipelines.style.dictionary` learns
    them from the pictures at hand. Takes (1, 3, H, W) in [0, 1].
    """

    def __init__(self, filters: int = 64, side: int = 9, levels: int = 4) -> None:
        super().__init__()
        self.side = side
        made = [nn.Conv2d(3, filters, side) for _ in range(levels)]
        self.convolutions = nn.ModuleList(made)
        self.filters = filters
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

    def levels(self, height: int, width: int) -> int:
        """Number of levels that a picture of this size has."""
        count, shorter = 0, min(height, width)
        while count < len(self.convolutions) and shorter >= _SMALLEST:
            count, shorter = count + 1, shorter // 2
        return count

    def set_filters(self, level: int, weight: Tensor, bias: Tensor) -> None:
        """Set weights and biases of one level: (filters, 3, side, side) and (filters,)."""
        state = self.state_dict()
        with torch.no_grad():
            state[f"convolutions.{level}.weight"].copy_(weight)
            state[f"convolutions.{level}.bias"].copy_(bias)

    def pictures(self, x: Tensor) -> list[Tensor]:
        """(1, 3, H, W) → its levels, each half as large as the one before."""
        result = [x]
        for _ in range(self.levels(*x.shape[-2:]) - 1):
            result.append(F.avg_pool2d(blur(result[-1], _SIGMA), 2))
        return result

    def respond(self, level: int, picture: Tensor) -> Tensor:
        """Rectified responses (1, filters, h - side + 1, w - side + 1) of one level's picture."""
        picture = picture.contiguous(memory_format=torch.channels_last)
        return F.relu(self.convolutions[level](picture), inplace=True)

    def forward(self, x: Tensor) -> list[Tensor]:
        """The responses of every level."""
        return [self.respond(level, picture) for level, picture in enumerate(self.pictures(x))]


def blur(x: Tensor, sigma: float) -> Tensor:
    """(N, C, H, W) under a Gaussian of `sigma` pixels, mirrored at the borders."""
    radius = min(max(1, round(3 * sigma)), min(x.shape[-2:]) - 1)
    offsets = torch.arange(-radius, radius + 1, dtype=x.dtype, device=x.device)
    kernel = torch.exp(-(offsets**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, 1, -1)
    x = F.conv2d(F.pad(x, (radius, radius, 0, 0), "reflect"), kernel, groups=x.shape[1])
    x = F.pad(x, (0, 0, radius, radius), "reflect")
    return F.conv2d(x, kernel.transpose(2, 3), groups=x.shape[1])
