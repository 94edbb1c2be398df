"""The later stages of MTCNN: windows in, faces out."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.nets.mtcnn import MTCNN, ONet, RNet
from models.pipelines.detection.boxes import Boxes, non_max_suppression, to_squares
from models.pipelines.detection.results import Detections, Picture, nobody
from models.pipelines.pixels import to_tensor
from models.registry.manifests.base import Input
from models.registry.manifests.detectors import DetectorManifest

_BATCH = 32
"""Windows per forward pass: what lies between the layers of more leaves the processor's cache."""


@dataclass(slots=True, eq=False)
class Windows:
    """Places of a picture that may show a face."""

    boxes: Boxes
    """(N, 4) left, top, right, bottom."""
    scores: NDArray[np.floating]
    """(N,)."""

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> "Windows":
        """Select windows, in that order."""
        return Windows(self.boxes[which], self.scores[which])

    def suppressed(self, threshold: float) -> "Windows":
        """Windows, best first, without those that overlap a better one by more than that."""
        return self.take(non_max_suppression(self.boxes, self.scores, threshold))


Cut = Callable[[Boxes, int], tuple[Picture, Boxes]]
"""(N, 4) square frames and a size to (N, size, size, 3) patches, and the frames as really cut:
left, top, right, bottom in whole pixels of the picture."""


class LaterStages:
    """R-Net and O-Net. Thread-safe; holds no state but the weights."""

    def __init__(self, network: MTCNN, manifest: DetectorManifest) -> None:
        self._network = network
        self._input = manifest.input
        self._thresholds = manifest.detection.thresholds
        self._device = next(network.parameters()).device

    def over(self, cut: Cut) -> "JudgedPicture":
        """Both stages over one picture.

        Patches come from `exactly(rgb)`, or from `Reductions(rgb)`, which is faster.
        """

        def stage(network: RNet | ONet, size: int) -> _Stage:
            return _Stage(network, cut, size, self._input, self._device)

        rnet, onet = stage(self._network.rnet, 24), stage(self._network.onet, 48)
        return JudgedPicture(rnet, onet, self._thresholds)


class JudgedPicture:
    """R-Net and O-Net over one picture. Not for several threads at once."""

    def __init__(self, rnet: "_Stage", onet: "_Stage", thresholds: Sequence[float]) -> None:
        self._rnet, self._onet = rnet, onet
        self._thresholds = thresholds

    def refine(self, windows: Windows) -> Windows:
        """R-Net: windows that may be faces after a second look, moved onto them."""
        if not len(windows.scores):
            return windows
        frames, offsets, scores = self._rnet(windows)
        refined = Windows(_regressed(frames, offsets), scores)
        return refined.take(scores > self._thresholds[1]).suppressed(0.9)

    def output(self, windows: Windows) -> Detections:
        """O-Net: the faces among the windows, with landmarks."""
        if not len(windows.scores):
            return nobody()
        frames, offsets, relative, scores = self._onet(windows)
        passed = scores > self._thresholds[2]
        frames, scores = frames[passed], scores[passed]
        boxes = _regressed(frames, offsets[passed])
        points = relative[passed].reshape(-1, 2, 5).transpose(0, 2, 1)
        landmarks = frames[:, None, :2] + points * (frames[:, None, 2:] - frames[:, None, :2])
        kept = non_max_suppression(boxes, scores, 0.7, "minimum")
        boxes = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        return Detections(
            boxes[kept].astype(np.float32), scores[kept], landmarks[kept].astype(np.float32)
        )


class _Stage:
    """One network over the windows of a picture, each of which it sees but once."""

    def __init__(
        self,
        network: RNet | ONet,
        cut: Cut,
        size: int,
        convention: Input,
        device: torch.device,
    ) -> None:
        self._network, self._cut, self._size = network, cut, size
        self._input, self._device = convention, device
        self._rows: dict[bytes, int] = {}
        self._answers: list[tuple[NDArray[np.float32], ...]] = []

    def __call__(self, windows: Windows) -> tuple[NDArray[np.float32], ...]:
        """Look at one window or more: the frames as cut, and all outputs of the network."""
        squares = to_squares(windows.boxes)
        keys = [square.tobytes() for square in squares]
        unseen = {key: number for number, key in enumerate(keys) if key not in self._rows}
        self._rows |= {key: len(self._rows) + place for place, key in enumerate(unseen)}
        self._look(squares[list(unseen.values())])
        rows = [self._rows[key] for key in keys]
        return tuple(np.concatenate(part)[rows] for part in zip(*self._answers, strict=True))

    def _look(self, squares: Boxes) -> None:
        for start in range(0, len(squares), _BATCH):
            patches, frames = self._cut(squares[start : start + _BATCH], self._size)
            outputs = self._network(to_tensor(patches, self._input, self._device))
            self._answers.append((frames, *(output.cpu().numpy() for output in outputs)))


def exactly(rgb: Picture) -> Cut:
    """Patches straight from the picture."""

    def cut(frames: Boxes, size: int) -> tuple[Picture, Boxes]:
        frames = np.rint(frames)
        return crops(rgb, frames, size), frames

    return cut


class Reductions:
    """Patches of large frames from the picture halved, and halved again.

    A patch that is reduced twentyfold spends its time on pixels that say nothing. A frame is
    cut from the smallest reduction in which it keeps twice the patch's side.
    """

    def __init__(self, rgb: Picture) -> None:
        self._levels = [rgb]

    def __call__(self, frames: Boxes, size: int) -> tuple[Picture, Boxes]:
        """Patches of a size, and the frames brought to whole pixels of their reduction."""
        sides = np.maximum(frames[:, 2] - frames[:, 0], 1)
        levels = np.maximum(np.floor(np.log2(sides / (2 * size))), 0).astype(np.int64)
        patches = np.zeros((len(frames), size, size, 3), dtype=np.uint8)
        used = np.zeros_like(frames)
        for level in np.unique(levels):
            rows = levels == level
            whole = np.rint(frames[rows] / 2**level)
            patches[rows] = crops(self._level(int(level)), whole, size)
            used[rows] = whole * 2**level
        return patches, used

    @property
    def pixels(self) -> int:
        """Number of pixels of the whole picture."""
        height, width = self._levels[0].shape[:2]
        return int(height * width)

    def at_least(self, scale: float) -> tuple[Picture, int]:
        """The smallest reduction that still is `scale` times the picture, and by how much it
        is reduced: 1, 2, 4 and so on."""
        most = math.floor(math.log2(min(self._levels[0].shape[:2])))
        number = min(max(0, math.floor(-math.log2(scale))), most)
        return self._level(number), 2**number

    def _level(self, number: int) -> Picture:
        while len(self._levels) <= number:
            last = self._levels[-1]
            height, width = (side // 2 for side in last.shape[:2])
            if not height or not width:
                return last
            even = last[: 2 * height, : 2 * width]
            half = cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
            self._levels.append(np.asarray(half, dtype=np.uint8))
        return self._levels[number]


def crops(rgb: Picture, frames: Boxes, size: int) -> Picture:
    """(N, size, size, 3): the squares of whole pixels, black where they leave the picture."""
    height, width = rgb.shape[:2]
    patches = np.zeros((len(frames), size, size, 3), dtype=np.uint8)
    whole = frames.astype(np.int64).tolist()
    for patch, (left, top, right, bottom) in zip(patches, whole, strict=True):
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        if x0 >= x1 or y0 >= y1:
            continue
        part = rgb[y0:y1, x0:x1]
        if (x0, y0, x1, y1) != (left, top, right, bottom):
            border = (y0 - top, bottom - y1, x0 - left, right - x1)
            part = np.asarray(
                cv2.copyMakeBorder(part, *border, cv2.BORDER_CONSTANT), dtype=np.uint8
            )
        way = cv2.INTER_AREA if right - left >= size else cv2.INTER_LINEAR
        cv2.resize(part, (size, size), patch, interpolation=way)
    return patches


def _regressed(frames: Boxes, offsets: NDArray[np.float32]) -> Boxes:
    """Move each side of a square by its offset, which is relative to the square's side."""
    return np.asarray(frames + offsets * (frames[:, 2:3] - frames[:, :1]))
