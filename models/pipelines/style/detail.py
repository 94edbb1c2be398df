"""Detail that a larger size adds to a picture at first: the style's own, quilted together.

Statistics tell how far lines are from those of the style, not how to draw them where there are
none: descent from an even place finds no way. After Efros and Freeman, "Image quilting for
texture synthesis and transfer" (2001), and Freeman, Jones and Pasztor, "Example-based
super-resolution" (2002).
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from models.pipelines.style.sizes import resized

_SIDE = 24
"""Pixels of a piece. A third of it lies on the one before."""
_PIECES = 20_000
"""Places in the style, at most, that pieces are taken from: fewer do not let lines meet."""
_ALIKE = 40
"""Number of pieces, most like a place, that compete for the best fit to their neighbors."""

Array = NDArray[np.float32]


def quilted_detail(x: Tensor, style: Tensor) -> Tensor:
    """Detail (1, 3, H, W) for `x`, a picture brought up from half its size.

    Every square of `x` gets what a square of `style` loses at half its size: of those that look
    most like it at that size, the one that continues the squares above and to the left best.
    `style` is (1, 3, h, w), of the same scale as `x`, at least 16 pixels wide and high.
    """
    pieces = _Pieces(style)
    side = pieces.side
    step = side - side // 6 * 2
    height, width = x.shape[-2:]
    rows, columns = (max(1, math.ceil((n - side) / step) + 1) for n in (height, width))
    beyond = (0, (columns - 1) * step + side - width, 0, (rows - 1) * step + side - height)
    small = F.avg_pool2d(F.pad(x, beyond, "replicate"), 2)[0].numpy()
    quilt = np.zeros((3, 2 * small.shape[1], 2 * small.shape[2]), dtype=np.float32)
    for row in range(rows):
        tops = slice(row * step, row * step + side)
        band = small[:, tops.start // 2 : tops.stop // 2]
        looks = [band[:, :, c * step // 2 : (c * step + side) // 2] for c in range(columns)]
        alike, distances = pieces.alike(np.stack([look.ravel() for look in looks]))
        for column in range(columns):
            lefts = slice(column * step, column * step + side)
            weights = _weights(side, side - step, row > 0, column > 0)
            there = quilt[:, tops, lefts]
            piece = pieces.fitting(alike[column], distances[column], there, weights)
            quilt[:, tops, lefts] = there + weights * (piece - there)
    return torch.from_numpy(np.ascontiguousarray(quilt[:, :height, :width]))[None]


class _Pieces:
    """Squares of a style: their looks at half the size, and what they lose there."""

    def __init__(self, style: Tensor) -> None:
        height, width = style.shape[-2:]
        coarse = resized(resized(style, height // 2, width // 2), height, width)
        self._detail: Array = (style - coarse)[0].numpy()
        # As smooth as a place in `x`, which was brought up too.
        small = F.avg_pool2d(coarse, 2)[0].numpy()
        self.side = min(_SIDE, height // 4 * 4, width // 4 * 4)
        half = self.side // 2
        views = np.lib.stride_tricks.sliding_window_view(small, (half, half), (1, 2))
        stride = max(1, math.ceil((views.shape[1] * views.shape[2] / _PIECES) ** 0.5))
        chosen = views[:, ::stride, ::stride].transpose(1, 2, 0, 3, 4)
        self._columns, self._stride = chosen.shape[1], 2 * stride
        self._looks = np.ascontiguousarray(chosen.reshape(chosen.shape[0] * chosen.shape[1], -1))
        self._norms = np.square(self._looks).sum(axis=1)

    def alike(self, looks: Array) -> tuple[NDArray[np.intp], Array]:
        """(n, k) numbers of the pieces most like each of n looks, and their squared distances."""
        own = np.square(looks).sum(axis=1, keepdims=True)
        distances = (own - 2 * looks @ self._looks.T + self._norms).clip(0)
        count = min(_ALIKE, len(self._looks))
        nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
        return nearest, np.take_along_axis(distances, nearest, axis=1)

    def fitting(
        self, numbers: NDArray[np.intp], distances: Array, there: Array, weights: Array
    ) -> Array:
        """(3, side, side): the detail of the piece that best fits look and neighbors together."""
        squares = np.stack([self._square(number) for number in numbers])
        apart = np.square(squares - there) * (weights < 1)
        # A pixel of a look stands for four.
        best = int(np.argmin(4 * distances + apart.sum(axis=(1, 2, 3))))
        return np.asarray(squares[best])

    def _square(self, number: int) -> Array:
        top, left = (self._stride * index for index in divmod(int(number), self._columns))
        return self._detail[:, top : top + self.side, left : left + self.side]


def _weights(side: int, overlap: int, above: bool, left: bool) -> Array:
    """(side, side): 1, and falling to 0 over the middle of the overlaps that there are."""
    ramp = np.ones(side, dtype=np.float32)
    ramp[:overlap] = (3 * ((np.arange(overlap) + 0.5) / overlap - 0.5) + 0.5).clip(0, 1)
    even = np.ones_like(ramp)
    return np.outer(ramp if above else even, ramp if left else even)
