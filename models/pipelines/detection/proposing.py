"""Proposals of the single pass: places of a picture that may show a face.

The picture is made gray and so small that the smallest face asked for keeps the few pixels the
network needs. Large copies are looked at in tiles, so that memory stays bounded.
"""

import math
from collections.abc import Iterator

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.nets.single_pass import ANCHORS, STRIDES, SinglePass, fields_of
from models.pipelines.detection.anchors import anchors, decode_boxes, decode_points
from models.pipelines.detection.boxes import Boxes, non_max_suppression
from models.pipelines.detection.mtcnn_stages import Reductions
from models.pipelines.detection.results import Detections
from models.registry.manifests.base import Input
from models.registry.manifests.detectors import Proposals

FRAMINGS = 0.7
"""Boxes that share more are one framing of a face; of several framings the best one counts
after a second look."""
_TILE = 2048
"""Sides of a copy up to which it is looked at in one piece, in pixels."""
_SEAM = 192
"""Pixels that neighboring tiles share: each sees whole the faces whose centers it answers for."""
_PER_MEGAPIXEL = 20_000
"""Boxes that a megapixel of the copy gives at most, best first: as many as a wall of the
smallest faces does."""
_AGAIN = 4
"""Pictures larger than the largest anchors are looked at again, reduced by this factor."""

Look = tuple[Boxes, NDArray[np.float32], NDArray[np.float32], bool]
"""Boxes (N, 4), scores (N,), landmarks (N, 5, 2) in the picture's pixels; whether some were
left out."""


class Proposer:
    """Runs the network over copies of a picture. Thread-safe; holds no state but the weights."""

    def __init__(self, network: SinglePass, convention: Input, settings: Proposals) -> None:
        self._network = network
        self._input = convention
        self._likely = math.log(settings.threshold / (1 - settings.threshold))

    def __call__(self, reductions: Reductions, scale: float) -> Detections:
        """Proposals of the network for a copy `scale` times as large, best first.

        Several framings of a face are among it.
        """
        picture, reduced = reductions.at_least(scale)
        gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        scale *= reduced
        full = np.array(gray.shape[::-1], dtype=np.float32) * reduced
        height, width = (max(1, round(side * scale)) for side in gray.shape)
        looks: list[Look] = []
        # Less than halved, neighboring pixels tell enough; their areas cost three times as much.
        way = cv2.INTER_CUBIC
        while True:
            gray = np.asarray(cv2.resize(gray, (width, height), interpolation=way), dtype=np.uint8)
            looks += self._looks(gray, full / (width, height))
            if min(height, width) <= ANCHORS[-1][-1]:
                break
            height, width, way = height // _AGAIN, width // _AGAIN, cv2.INTER_AREA
        boxes, scores, points = (
            np.concatenate([look[part] for look in looks]) for part in range(3)
        )
        kept = non_max_suppression(boxes, scores, FRAMINGS)
        boxes = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        return Detections(boxes[kept], scores[kept], points[kept], any(look[3] for look in looks))

    def _looks(self, gray: NDArray[np.uint8], ratio: NDArray[np.float32]) -> Iterator[Look]:
        """One look, or one at each tile; places are given in pixels times `ratio` (x, y)."""
        for top, bottom in tiles(gray.shape[0]):
            for left, right in tiles(gray.shape[1]):
                boxes, scores, points, cut = self._look(gray[top:bottom, left:right])
                corner = np.array([left, top], dtype=np.float32)
                boxes, points = boxes + np.tile(corner, 2), points + corner
                own = _within(boxes, (left, right), (top, bottom), gray.shape)
                yield boxes[own] * np.tile(ratio, 2), scores[own], points[own] * ratio, cut

    def _look(self, gray: NDArray[np.uint8]) -> Look:
        """Boxes, scores and landmarks in pixels of the (H, W) piece."""
        x = prepared(gray[None], self._input)
        most = max(1, round(gray.size * _PER_MEGAPIXEL / 1e6))
        with torch.inference_mode():
            logits, offsets, points = fields_of(self._network(x)[0])
            likely = (logits >= self._likely).nonzero()[:, 0]
            cut = len(likely) > most
            rows = likely[logits[likely].argsort(descending=True, stable=True)[:most]]
            of = anchors(x.shape[2], x.shape[3])[rows]
            boxes = decode_boxes(offsets[rows], of).numpy()
            landmarks = decode_points(points[rows], of).numpy()
            scores = logits[rows].sigmoid().numpy()
        return boxes, scores, landmarks, cut


def tiles(side: int) -> list[tuple[int, int]]:
    """Begins and ends of the tiles along a side: equally long, with `_SEAM` pixels in common."""
    count = max(1, -(-(side - _SEAM) // (_TILE - _SEAM)))
    length = -(-(side + (count - 1) * _SEAM) // count)
    starts = [i * (length - _SEAM) for i in range(count)]
    return [(start, min(start + length, side)) for start in starts]


def _within(
    boxes: Boxes, across: tuple[int, int], down: tuple[int, int], shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Boxes that have their center where this tile answers: up to the middle of its seams."""
    inside = np.ones(len(boxes), dtype=np.bool_)
    for axis, (low, high), side in ((0, across, shape[1]), (1, down, shape[0])):
        center = (boxes[:, axis] + boxes[:, axis + 2]) / 2
        half = _SEAM / 2
        if low > 0:
            inside &= center >= low + half
        if high < side:
            inside &= center < high - half
    return inside


def prepared(grays: NDArray[np.uint8], convention: Input) -> Tensor:
    """(N, H, W) → (N, 1, H', W'), (value - mean) * scale, filled up to multiples of 32.

    What is filled up is the mean, as the convolutions' own border is.
    """
    height, width = (-(-side // STRIDES[-1]) * STRIDES[-1] for side in grays.shape[1:])
    x = torch.empty((len(grays), 1, height, width))
    x[:, 0, grays.shape[1] :] = 0
    x[:, 0, :, grays.shape[2] :] = 0
    part = x[:, 0, : grays.shape[1], : grays.shape[2]]
    # Copied first: to compute from bytes at once takes ten times as long.
    part.copy_(torch.from_numpy(np.ascontiguousarray(grays)))
    part.sub_(convention.mean[0]).mul_(convention.scale)
    return x
