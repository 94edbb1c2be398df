"""Inception-ResNet-v1, FaceNet's later network, with the names of facenet-pytorch's checkpoints.

After Szegedy et al., "Inception-v4, Inception-ResNet and the impact of residual connections on
learning" (2016), in the variant of David Sandberg's FaceNet.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Size = int | tuple[int, int]


class ConvolutionNorm(nn.Module):
    """Convolution, batch normalization, ReLU; padded by half the kernel if `same`."""

    def __init__(
        self, in_: int, out: int, kernel: Size, stride: int = 1, *, same: bool = False
    ) -> None:
        super().__init__()
        height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (height // 2, width // 2) if same else 0
        self.conv = nn.Conv2d(in_, out, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(out, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class ResidualInception(nn.Module):
    """Branches side by side, joined by a 1x1 convolution, scaled and added to the input."""

    def __init__(self, branches: list[nn.Module], joined: int, channels: int, scale: float) -> None:
        super().__init__()
        self.count = len(branches)
        for number, branch in enumerate(branches):
            self.add_module(f"branch{number}", branch)
        self.conv2d = nn.Conv2d(joined, channels, 1)
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        parts = [self.get_submodule(f"branch{number}")(x) for number in range(self.count)]
        result: Tensor = x + self.scale * self.conv2d(torch.cat(parts, dim=1))
        return result


class Rectified(ResidualInception):
    """A residual block with a ReLU at its end, which all but the network's last have."""

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = super().forward(x)
        return F.relu(result)


class Reduction(nn.Module):
    """Branches that halve the picture, beside a pooled copy of it."""

    def __init__(self, branches: list[nn.Module]) -> None:
        super().__init__()
        self.count = len(branches)
        for number, branch in enumerate(branches):
            self.add_module(f"branch{number}", branch)

    def forward(self, x: Tensor) -> Tensor:
        parts = [self.get_submodule(f"branch{number}")(x) for number in range(self.count)]
        return torch.cat([*parts, F.max_pool2d(x, 3, 2)], dim=1)


def block35(scale: float = 0.17) -> nn.Module:
    """Block on 256 channels, at an eighth of the size (35x35 in the paper)."""
    first = ConvolutionNorm(256, 32, 1)
    second = nn.Sequential(ConvolutionNorm(256, 32, 1), ConvolutionNorm(32, 32, 3, same=True))
    third = nn.Sequential(
        ConvolutionNorm(256, 32, 1),
        ConvolutionNorm(32, 32, 3, same=True),
        ConvolutionNorm(32, 32, 3, same=True),
    )
    return Rectified([first, second, third], 96, 256, scale)


def block17(scale: float = 0.10) -> nn.Module:
    """Block on 896 channels, at a sixteenth of the size."""
    second = nn.Sequential(
        ConvolutionNorm(896, 128, 1),
        ConvolutionNorm(128, 128, (1, 7), same=True),
        ConvolutionNorm(128, 128, (7, 1), same=True),
    )
    return Rectified([ConvolutionNorm(896, 128, 1), second], 256, 896, scale)


def block8(scale: float = 0.20, *, last: bool = False) -> nn.Module:
    """Block on 1,792 channels, at a thirty-second of the size; the network's last has no ReLU."""
    second = nn.Sequential(
        ConvolutionNorm(1792, 192, 1),
        ConvolutionNorm(192, 192, (1, 3), same=True),
        ConvolutionNorm(192, 192, (3, 1), same=True),
    )
    kind = ResidualInception if last else Rectified
    return kind([ConvolutionNorm(1792, 192, 1), second], 384, 1792, scale)


def reduction_a() -> nn.Module:
    """256 channels to 896."""
    second = nn.Sequential(
        ConvolutionNorm(256, 192, 1),
        ConvolutionNorm(192, 192, 3, same=True),
        ConvolutionNorm(192, 256, 3, 2),
    )
    return Reduction([ConvolutionNorm(256, 384, 3, 2), second])


def reduction_b() -> nn.Module:
    """896 channels to 1,792."""
    first = nn.Sequential(ConvolutionNorm(896, 256, 1), ConvolutionNorm(256, 384, 3, 2))
    second = nn.Sequential(ConvolutionNorm(896, 256, 1), ConvolutionNorm(256, 256, 3, 2))
    third = nn.Sequential(
        ConvolutionNorm(896, 256, 1),
        ConvolutionNorm(256, 256, 3, same=True),
        ConvolutionNorm(256, 256, 3, 2),
    )
    return Reduction([first, second, third])


class InceptionResnetV1(nn.Module):
    """(N, 3, 160, 160) pictures to (N, dimension) embeddings, not normalized."""

    def __init__(self, dimension: int = 512, dropout: float = 0.6) -> None:
        super().__init__()
        self.conv2d_1a = ConvolutionNorm(3, 32, 3, 2)
        self.conv2d_2a = ConvolutionNorm(32, 32, 3)
        self.conv2d_2b = ConvolutionNorm(32, 64, 3, same=True)
        self.conv2d_3b = ConvolutionNorm(64, 80, 1)
        self.conv2d_4a = ConvolutionNorm(80, 192, 3)
        self.conv2d_4b = ConvolutionNorm(192, 256, 3, 2)
        self.repeat_1 = nn.Sequential(*(block35() for _ in range(5)))
        self.mixed_6a = reduction_a()
        self.repeat_2 = nn.Sequential(*(block17() for _ in range(10)))
        self.mixed_7a = reduction_b()
        self.repeat_3 = nn.Sequential(*(block8() for _ in range(5)))
        self.block8 = block8(1.0, last=True)
        self.dropout = nn.Dropout(dropout)
        self.last_linear = nn.Linear(1792, dimension, bias=False)
        self.last_bn = nn.BatchNorm1d(dimension, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2d_2b(self.conv2d_2a(self.conv2d_1a(x)))
        x = self.conv2d_3b(F.max_pool2d(x, 3, 2))
        x = self.repeat_1(self.conv2d_4b(self.conv2d_4a(x)))
        x = self.repeat_2(self.mixed_6a(x))
        x = self.block8(self.repeat_3(self.mixed_7a(x)))
        x = self.dropout(x.mean(dim=(2, 3)))
        result: Tensor = self.last_bn(self.last_linear(x))
        return result
