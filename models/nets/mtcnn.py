"""The three networks of MTCNN (Zhang et al., "Joint Face Detection and Alignment", 2016).

Inputs are (RGB - 127.5) / 128. Every network tells, per window: a box regression (4 offsets
relative to the window's size: left, top, right, bottom), the probability of a face, and O-Net
also five landmarks (5 x, then 5 y, relative to the window).
"""

from collections.abc import Mapping

from torch import Tensor, nn
from torch.nn import functional as F

from models.nets.parts import Part


def _flatten(x: Tensor) -> Tensor:
    """(N, C, H, W) → (N, W*H*C): the networks were trained on column-major pictures."""
    return x.permute(0, 3, 2, 1).flatten(1)


def _pool(x: Tensor, size: int) -> Tensor:
    """Max pooling with stride 2 that keeps a last incomplete window ("same" padding)."""
    return F.max_pool2d(x, size, stride=2, ceil_mode=True)


def _face_probability(logits: Tensor) -> Tensor:
    return logits.softmax(dim=1)[:, 1]


class PNet(nn.Module):
    """Proposals: slides a 12x12 window with stride 2 over a picture of any size from 12x12."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.prelu1 = nn.Conv2d(3, 10, 3), nn.PReLU(10)
        self.conv2, self.prelu2 = nn.Conv2d(10, 16, 3), nn.PReLU(16)
        self.conv3, self.prelu3 = nn.Conv2d(16, 32, 3), nn.PReLU(32)
        self.box, self.face = nn.Conv2d(32, 4, 1), nn.Conv2d(32, 2, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, H, W) → offsets (N, 4, h, w) and probabilities (N, h, w)."""
        x = _pool(self.prelu1(self.conv1(x)), 2)
        x = self.prelu3(self.conv3(self.prelu2(self.conv2(x))))
        return self.box(x), _face_probability(self.face(x))


class RNet(nn.Module):
    """Refinement of 24x24 windows."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.prelu1 = nn.Conv2d(3, 28, 3), nn.PReLU(28)
        self.conv2, self.prelu2 = nn.Conv2d(28, 48, 3), nn.PReLU(48)
        self.conv3, self.prelu3 = nn.Conv2d(48, 64, 2), nn.PReLU(64)
        self.dense, self.prelu4 = nn.Linear(576, 128), nn.PReLU(128)
        self.box, self.face = nn.Linear(128, 4), nn.Linear(128, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, 24, 24) → offsets (N, 4) and probabilities (N,)."""
        x = _pool(self.prelu1(self.conv1(x)), 3)
        x = F.max_pool2d(self.prelu2(self.conv2(x)), 3, stride=2)
        x = _flatten(self.prelu3(self.conv3(x)))
        x = self.prelu4(self.dense(x))
        return self.box(x), _face_probability(self.face(x))


class ONet(nn.Module):
    """Output: last refinement of 48x48 windows, with landmarks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.prelu1 = nn.Conv2d(3, 32, 3), nn.PReLU(32)
        self.conv2, self.prelu2 = nn.Conv2d(32, 64, 3), nn.PReLU(64)
        self.conv3, self.prelu3 = nn.Conv2d(64, 64, 3), nn.PReLU(64)
        self.conv4, self.prelu4 = nn.Conv2d(64, 128, 2), nn.PReLU(128)
        self.dense, self.prelu5 = nn.Linear(1152, 256), nn.PReLU(256)
        self.box, self.landmarks, self.face = (
            nn.Linear(256, 4),
            nn.Linear(256, 10),
            nn.Linear(256, 2),
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, 3, 48, 48) → offsets (N, 4), landmarks (N, 10) and probabilities (N,)."""
        x = _pool(self.prelu1(self.conv1(x)), 3)
        x = F.max_pool2d(self.prelu2(self.conv2(x)), 3, stride=2)
        x = _pool(self.prelu3(self.conv3(x)), 2)
        x = _flatten(self.prelu4(self.conv4(x)))
        x = self.prelu5(self.dense(x))
        return self.box(x), self.landmarks(x), _face_probability(self.face(x))


class MTCNN(nn.Module):
    """The three networks together; `models.pipelines.detection.mtcnn_detection` runs them."""

    def __init__(self) -> None:
        super().__init__()
        self.pnet, self.rnet, self.onet = PNet(), RNet(), ONet()

    def parts(self) -> Mapping[str, Part]:
        """The later stages; P-Net, which sees pictures of ever other sizes, runs best as it is.

        A face brings a dozen windows to R-Net, and half a dozen of them to O-Net. R-Net is exact:
        moved by a bfloat16, now and then another of several good windows would win.
        """
        return {
            "rnet": Part((None, 3, 24, 24), exact=True, rows=16),
            "onet": Part((None, 3, 48, 48), rows=3),
        }
