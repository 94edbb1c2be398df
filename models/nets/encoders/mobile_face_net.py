"""MobileFaceNet with squeeze-and-excitation, as Intel's face-reidentification-retail-0095 has it.

Chen et al., "MobileFaceNets: efficient CNNs for accurate real-time face verification on mobile
devices" (2018); Hu et al., "Squeeze-and-excitation networks" (2018).
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

STAGES = ((64, 128, 5), (128, 256, 7), (128, 512, 3))
"""(channels, width of the first block's middle, blocks); the first block of each halves."""
_SQUEEZED = 8
_CHIP = 128
"""Pixels of a chip's side."""
_STRIDE = 16
"""Pixels of the chip per cell of the last map."""


class FixedPReLU(nn.PReLU):
    """PReLU with one slope for all channels, which training keeps.

    On a CPU the gradient of one number by all pixels takes a third of a step.
    """

    def __init__(self) -> None:
        super().__init__()
        self.weight.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        if torch.is_grad_enabled() and x.device.type == "cpu":
            return F.leaky_relu(x, float(self.weight))
        return super().forward(x)


class DepthwiseConvolution(nn.Conv2d):
    """A filter per channel."""

    def __init__(self, channels: int, kernel: int, *, stride: int, padding: int) -> None:
        super().__init__(channels, channels, kernel, stride, padding, groups=channels)

    def forward(self, x: Tensor) -> Tensor:
        if not torch.is_grad_enabled() or x.device.type != "cpu" or self.stride == (1, 1):
            return super().forward(x)
        # A CPU's gradient of a filter that strides takes longer than that of one that does not.
        down, right = self.stride
        dense = F.conv2d(x, self.weight, self.bias, 1, self.padding, groups=self.groups)
        return dense[:, :, ::down, ::right]


class ConvolutionActivation(nn.Module):
    """Convolution with bias, then PReLU."""

    def __init__(
        self,
        in_: int,
        out: int,
        kernel: int,
        *,
        stride: int = 1,
        padding: int = 0,
        depthwise: bool = False,
    ) -> None:
        super().__init__()
        self.convolution = (
            DepthwiseConvolution(out, kernel, stride=stride, padding=padding)
            if depthwise
            else nn.Conv2d(in_, out, kernel, stride, padding)
        )
        self.activation = FixedPReLU()

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.activation(self.convolution(x))
        return result


class SqueezeExcitation(nn.Module):
    """Scales channels by what their means tell."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = ConvolutionActivation(channels, channels // _SQUEEZED, 1)
        self.excite = nn.Conv2d(channels // _SQUEEZED, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        means = x.mean(dim=(2, 3), keepdim=True)
        return x * torch.sigmoid(self.excite(self.squeeze(means)))


class Bottleneck(nn.Module):
    """Wide depthwise convolution between two narrow layers; a shortcut where sizes are equal."""

    def __init__(self, in_: int, middle: int, out: int, *, stride: int) -> None:
        super().__init__()
        self.expand = ConvolutionActivation(in_, middle, 1)
        self.depthwise = ConvolutionActivation(
            middle, middle, 3, stride=stride, padding=1, depthwise=True
        )
        self.project = nn.Conv2d(middle, out, 1)
        self.scale = SqueezeExcitation(out)
        self.shortcut = stride == 1 and in_ == out

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.scale(self.project(self.depthwise(self.expand(x))))
        return x + y if self.shortcut else y


class MobileFaceNet(nn.Module):
    """(N, 3, 128, 128) float32 RGB in 0..255 → (N, dimension) raw embeddings.

    With fewer `rows`, a multiple of 16, it sees the chip's lowest ones alone: the hair and the
    forehead above tell the least of a face.
    """

    shift: Tensor

    def __init__(self, dimension: int = 128, rows: int = _CHIP) -> None:
        super().__init__()
        self.rows = rows
        # Pixels are centered here, since the borders are padded with zeros afterwards.
        self.register_buffer("shift", torch.full((3, 1, 1), -127.5))
        self.stem = ConvolutionActivation(3, 64, 3, stride=2, padding=1)
        self.depthwise = ConvolutionActivation(64, 64, 3, padding=1, depthwise=True)
        blocks: list[nn.Module] = []
        width = 64
        for channels, first, count in STAGES:
            for number in range(count):
                middle = 2 * channels if number else first
                blocks.append(Bottleneck(width, middle, channels, stride=1 if number else 2))
                width = channels
        self.blocks = nn.Sequential(*blocks)
        self.widen = ConvolutionActivation(width, 512, 1)
        self.pool = nn.Conv2d(512, 512, (rows // _STRIDE, _CHIP // _STRIDE), groups=512)
        self.linear = nn.Linear(512, dimension, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if self.rows < _CHIP:
            x = x[:, :, _CHIP - self.rows :]
        x = self.blocks(self.depthwise(self.stem(x + self.shift)))
        result: Tensor = self.linear(self.pool(self.widen(x)).flatten(1))
        return result

    def cut(self, whole: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The weights of one that sees the whole chip, its last filters cut to what this one sees.

        The cells of the last map lie where they lay; the sum of a filter stays about what it was.
        """
        filters = whole["pool.weight"]
        rows = self.rows // _STRIDE
        kept = filters[:, :, filters.shape[2] - rows :]
        return {**whole, "pool.weight": kept * (filters.shape[2] / rows)}


def mobile_face_net_128x112(dimension: int = 128) -> MobileFaceNet:
    """One that sees the lowest 112 rows of a chip, in nine tenths of the time."""
    return MobileFaceNet(dimension, rows=112)
