"""A face detector that looks once: a small convolutional network with anchors.

After SSD (Liu et al., 2016) and YOLO (Redmon et al., 2016), of depthwise separable blocks
(Howard et al., "MobileNets", 2017) with a top-down path between its three strides (Lin et al.,
"Feature pyramid networks", 2017). It sees luminance alone.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.nets.parts import WHOLE, Part

STRIDES = (8, 16, 32)
ANCHORS = ((12.0, 18.0, 27.0), (40.0, 60.0), (90.0, 135.0, 200.0, 300.0, 450.0))
"""Per stride, the geometric mean of an anchor's sides in pixels."""
FIELDS = 15
"""Per anchor: face, box (4), landmarks (10)."""
_PRIOR = 0.01
"""Probability of a face that an untrained network says, so that the many cells without one do
not drown the first steps (Lin et al., "Focal loss", 2017)."""


class SinglePass(nn.Module):
    """Gray pictures, (value - mean) * scale, to what every anchor says.

    `folded` builds the network with batch normalization folded into the convolutions, as it is
    published and served; the unfolded one is for training.
    """

    def __init__(self, *, folded: bool = False) -> None:
        super().__init__()
        stem = [_conv(1, 8, 3, folded, stride=2), _conv(8, 32, 3, folded, stride=2)]
        self.stage8 = nn.Sequential(
            *stem, _separable(32, 64, folded, stride=2), *_repeated(64, 2, folded)
        )
        self.stage16 = nn.Sequential(
            _separable(64, 96, folded, stride=2), *_repeated(96, 2, folded)
        )
        self.stage32 = nn.Sequential(
            _separable(96, 128, folded, stride=2), *_repeated(128, 3, folded)
        )
        self.lateral = nn.ModuleList(_conv(width, 64, 1, folded) for width in (64, 96, 128))
        self.heads = nn.ModuleList(_head(64, len(sizes), folded) for sizes in ANCHORS)

    def parts(self) -> dict[str, Part]:
        """The whole of it, for pictures of any size."""
        return {WHOLE: Part((None, 1, None, None))}

    def forward(self, x: Tensor) -> Tensor:
        """(N, 1, H, W), sides multiples of 32 → (N, K, 15), which `fields_of` takes apart.

        K anchors in the order of `models.pipelines.detection.anchors.anchors`. One tensor, because
        to take it apart within a graph makes copies.
        """
        fine = self.stage8(x)
        middle = self.stage16(fine)
        coarse = self.lateral[2](self.stage32(middle))
        middle = self.lateral[1](middle) + F.interpolate(coarse, scale_factor=2.0)
        fine = self.lateral[0](fine) + F.interpolate(middle, scale_factor=2.0)
        return torch.cat(
            [
                head(level).permute(0, 2, 3, 1).reshape(x.shape[0], -1, FIELDS)
                for head, level in zip(self.heads, (fine, middle, coarse), strict=True)
            ],
            dim=1,
        )


def fields_of(said: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(..., 15) of a `SinglePass` → logits (...), boxes (..., 4) and points (..., 10), as views.

    Boxes and points are relative to their anchor, see `decode_boxes` and `decode_points` in
    `models.pipelines.detection.anchors`.
    """
    return said[..., 0], said[..., 1:5], said[..., 5:]


def fold(network: SinglePass) -> SinglePass:
    """A copy of a trained network with its batch normalization folded into its convolutions."""
    state: dict[str, Tensor] = {}
    for name, module in network.named_modules():
        if isinstance(module, _Conv):
            state |= {f"{name}.{part}": value for part, value in module.folded_state().items()}
    for name, value in network.state_dict().items():
        if name.split(".")[-2] not in ("conv", "norm"):  # the heads' last, bare convolutions
            state[name] = value
    folded = SinglePass(folded=True)
    folded.load_state_dict(state)
    return folded.eval()


class _Conv(nn.Module):
    """Convolution, batch normalization (or a bias in its place), ReLU."""

    def __init__(
        self, width_in: int, width_out: int, size: int, folded: bool, *, stride: int, groups: int
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            width_in, width_out, size, stride, size // 2, groups=groups, bias=folded
        )
        self.norm = nn.Identity() if folded else nn.BatchNorm2d(width_out)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x)))

    def folded_state(self) -> dict[str, Tensor]:
        """Weight and bias of the convolution that does what both do in evaluation."""
        norm = self.norm
        if not isinstance(norm, nn.BatchNorm2d) or norm.running_var is None:
            raise ValueError("the network is folded already")
        assert norm.running_mean is not None  # noqa: S101 - comes with the variance
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        return {
            "conv.weight": (self.conv.weight * gain.view(-1, 1, 1, 1)).detach(),
            "conv.bias": (norm.bias - norm.running_mean * gain).detach(),
        }


def _conv(width_in: int, width_out: int, size: int, folded: bool, *, stride: int = 1) -> _Conv:
    return _Conv(width_in, width_out, size, folded, stride=stride, groups=1)


def _separable(width_in: int, width_out: int, folded: bool, *, stride: int = 1) -> nn.Sequential:
    """A filter per channel, then a mixture of channels."""
    return nn.Sequential(
        _Conv(width_in, width_in, 3, folded, stride=stride, groups=width_in),
        _conv(width_in, width_out, 1, folded),
    )


def _head(width: int, anchors: int, folded: bool) -> nn.Sequential:
    last = nn.Conv2d(width, anchors * FIELDS, 1)
    bias = torch.zeros(anchors, FIELDS)
    bias[:, 0] = -math.log((1 - _PRIOR) / _PRIOR)
    last.bias = nn.Parameter(bias.flatten())
    return nn.Sequential(_separable(width, width, folded), last)


def _repeated(width: int, count: int, folded: bool) -> list[nn.Sequential]:
    return [_separable(width, width, folded) for _ in range(count)]
