"""The 29-convolution residual network of dlib's face encoder (Davis King, 2017)."""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.nets.encoders.initialization import initialize_he

_STAGES = ((32, 3, False), (64, 4, True), (128, 3, True), (256, 3, True), (256, 1, True))
"""(channels, blocks, whether the first block halves the picture)."""


class Affine(nn.Module):
    """A scale and a shift per channel: batch normalization frozen into two vectors.

    Overwrites its input when gradients are off, which saves a fifth of the encoder's time.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        scale, shift = self.weight[:, None, None], self.bias[:, None, None]
        if torch.is_grad_enabled():
            return x * scale + shift
        return x.mul_(scale).add_(shift)


class ConvolutionAffine(nn.Module):
    """Convolution, then a scale and a shift per channel."""

    def __init__(self, in_: int, out: int, kernel: int, stride: int, padding: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(in_, out, kernel, stride=stride, padding=padding)
        self.affine: nn.Module = Affine(out)

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            return self._folded(x)
        result: Tensor = self.affine(self.convolution(x))
        return result

    def fold(self) -> None:
        """Fold scale and shift into the filters for good, for serving."""
        if isinstance(self.affine, Affine):
            filters, bias = self._filters(self.affine)
            self.convolution.weight = nn.Parameter(filters, requires_grad=False)
            self.convolution.bias = nn.Parameter(bias, requires_grad=False)
            self.affine = nn.Identity()

    def _folded(self, x: Tensor) -> Tensor:
        """The same with scale and shift folded into the filters.

        Spares a pass over the activations forward and back, and keeps bfloat16 what it is;
        for single faces the folding itself would cost more than it saves.
        """
        assert isinstance(self.affine, Affine)  # noqa: S101 - what is folded is not trained
        filters, bias = self._filters(self.affine)
        return F.conv2d(x, filters, bias, self.convolution.stride, self.convolution.padding)

    def _filters(self, affine: Affine) -> tuple[Tensor, Tensor]:
        """Filters and bias that do what convolution and affine do one after the other."""
        assert self.convolution.bias is not None  # noqa: S101 - built with one above
        bias = self.convolution.bias * affine.weight + affine.bias
        return self.convolution.weight * affine.weight[:, None, None, None], bias


class ResidualBlock(nn.Sequential):
    """Two 3x3 convolutions beside a shortcut; a halving block pools its shortcut 2x2."""

    def __init__(self, in_: int, out: int, *, halve: bool) -> None:
        first = ConvolutionAffine(in_, out, 3, 2 if halve else 1, 0 if halve else 1)
        super().__init__(first, ConvolutionAffine(out, out, 3, 1, 1))
        self.halve = halve

    def forward(self, x: Tensor) -> Tensor:
        branch = self[1](F.relu(self[0](x), inplace=True))
        shortcut = F.avg_pool2d(x, 2) if self.halve else x
        return F.relu(add_padded(branch, shortcut), inplace=True)


def add_padded(a: Tensor, b: Tensor) -> Tensor:
    """Sum of two (N, C, H, W) tensors, the smaller one zero-padded in C, H and W at the end."""
    if a.shape == b.shape:
        return a + b
    channels, height, width = (max(a.shape[i], b.shape[i]) for i in (1, 2, 3))

    def padded(x: Tensor) -> Tensor:
        return F.pad(x, (0, width - x.shape[3], 0, height - x.shape[2], 0, channels - x.shape[1]))

    return padded(a) + padded(b)


class ResNet29(nn.Module):
    """(N, 3, 150, 150) float32, (RGB - mean) / 256 → (N, 128) raw embeddings."""

    def __init__(self, dimension: int = 128) -> None:
        super().__init__()
        self.stem = ConvolutionAffine(3, 32, 7, 2, 0)
        blocks: list[nn.Module] = []
        width = 32
        for channels, count, halve in _STAGES:
            for number in range(count):
                blocks.append(ResidualBlock(width, channels, halve=halve and number == 0))
                width = channels
        self.blocks = nn.Sequential(*blocks)
        self.linear = nn.Linear(width, dimension, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.stem(x), inplace=True), 3, stride=2)
        result: Tensor = self.linear(self.blocks(x).mean(dim=(2, 3)))
        return result


def fresh_resnet29(dimension: int) -> ResNet29:
    """Fresh weights that can be trained: the branches of residual blocks start small.

    Without normalization, 14 sums would let the signal grow out of hand (Goyal et al.,
    "Accurate, large minibatch SGD", 2017, start them at nothing).
    """
    network = ResNet29(dimension)
    initialize_he(network)
    for module in network.modules():
        if isinstance(module, ResidualBlock):
            nn.init.constant_(module.get_parameter("1.affine.weight"), 0.2)
    return network


def folded(network: nn.Module) -> nn.Module:
    """A copy of a network, of whatever kind, without affines behind its convolutions."""
    result = copy.deepcopy(network)
    for module in result.modules():
        if isinstance(module, ConvolutionAffine):
            module.fold()
    return result
