"""Small classics that no library ships: LeNet-5 and MobileNet v1, ending in embeddings."""

from torch import Tensor, nn

_SEPARABLE = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
    (512, 1), (512, 1), (1024, 2), (1024, 1),
)  # fmt: skip
"""(channels, stride) of MobileNet v1's depthwise separable convolutions."""


class LeNet5(nn.Module):
    """(N, 3, 32, 32) → (N, dimension) raw embeddings.

    LeCun et al., "Gradient-based learning applied to document recognition" (1998), with
    color in and an embedding out. C3 sees all maps of S2, as in every later version.
    """

    def __init__(self, dimension: int = 128) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Conv2d(16, 120, 5),
            nn.Tanh(),
        )
        self.head = nn.Sequential(
            nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, dimension)
        )

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.head(self.features(x))
        return result


class MobileNetV1(nn.Module):
    """(N, 3, H, W), H and W of 32 and more → (N, dimension) raw embeddings.

    Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision
    applications" (2017).
    """

    def __init__(self, dimension: int = 128) -> None:
        super().__init__()
        layers = [_convolution(3, 32, 3, stride=2)]
        width = 32
        for channels, stride in _SEPARABLE:
            depthwise = _convolution(width, width, 3, stride=stride, groups=width)
            layers.append(nn.Sequential(depthwise, _convolution(width, channels, 1)))
            width = channels
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(width, dimension)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.head(self.features(x).mean(dim=(2, 3)))
        return result


def _convolution(
    in_: int, out: int, kernel: int, *, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(in_, out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU(inplace=True),
    )
