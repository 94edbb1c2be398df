"""Face detection by MTCNN's cascade: an image pyramid, proposals, refinement, output.

Proposals overlap more freely here than in the original code: when several framings of a face
reach O-Net, the best one is likelier to be among them, and fewer faces are lost.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.nets.mtcnn import MTCNN, ONet, RNet
from models.pipelines.boxes import Boxes, non_max_suppression, to_squares
from models.pipelines.pixels import to_tensor
from models.registry.manifest import Detection, Manifest

_CELL, _STRIDE = 12, 2
"""P-Net's window and the distance from one window to the next, in pixels of a level."""
_BATCH = 64
_PROPOSALS = 2000
"""Windows that reach R-Net at most, best first; bounds time and memory on textured pictures."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Faces of one picture, best probability first."""

    boxes: NDArray[np.float32]
    """(N, 4): x, y, width, height in pixels; may reach over the border."""
    probabilities: NDArray[np.float32]
    """(N,) in [0, 1]."""
    landmarks: NDArray[np.float32]
    """(N, 5, 2) pixels: left eye, right eye, nose, mouth left, mouth right, as seen."""

    def __len__(self) -> int:
        return len(self.probabilities)

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> "Detections":
        """Those of the faces, in that order."""
        return Detections(self.boxes[which], self.probabilities[which], self.landmarks[which])


@dataclass(slots=True, eq=False)
class _Windows:
    boxes: Boxes
    scores: NDArray[np.floating]

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> "_Windows":
        return _Windows(self.boxes[which], self.scores[which])

    def suppressed(self, threshold: float) -> "_Windows":
        return self.take(non_max_suppression(self.boxes, self.scores, threshold))


class FaceDetector:
    """Finds faces in pictures of any size. Thread-safe; holds no state but the weights."""

    def __init__(self, network: MTCNN, manifest: Manifest) -> None:
        self._network = network
        self._input = manifest.input
        self._settings = manifest.detection or Detection()
        self._device = next(network.parameters()).device

    def detect(
        self, rgb: Picture, min_face: int | None = None, min_probability: float = 0.9
    ) -> Detections:
        """Faces of at least `min_face` pixels (shorter side) in an (H, W, 3) uint8 picture.

        A smallest face under 12 pixels makes the picture be enlarged, at a price in time.

        A face may fall between two levels of the pyramid. When nothing is found, a second
        look at sizes halfway between the first ones finds half of the faces missed.
        """
        smallest = min_face or self._settings.min_face
        found = self._look(rgb, _CELL / smallest, min_probability)
        if not len(found):
            halfway = _CELL / smallest * self._settings.factor**0.5
            found = self._look(rgb, halfway, min_probability)
        large_enough = np.minimum(found.boxes[:, 2], found.boxes[:, 3]) >= 0.8 * smallest
        return found.take(large_enough)

    def _look(self, rgb: Picture, scale: float, min_probability: float) -> Detections:
        """The whole cascade over the pyramid that begins at `scale`."""
        with torch.inference_mode():
            windows = self._refine(rgb, self._propose(rgb, scale))
            found = self._output(rgb, windows)
        return found.take(found.probabilities >= min_probability)

    def _propose(self, rgb: Picture, scale: float) -> _Windows:
        levels = [
            self._proposals_of_level(level, true_scale)
            for level, true_scale in pyramid(rgb, scale, self._settings.factor)
        ]
        if not levels:
            return _Windows(np.zeros((0, 4)), np.zeros(0))
        windows = _Windows(
            np.concatenate([level.boxes for level in levels]),
            np.concatenate([level.scores for level in levels]),
        ).suppressed(0.7)
        return windows.take(np.arange(min(len(windows.scores), _PROPOSALS)))

    def _proposals_of_level(self, level: Picture, scale: NDArray[np.float64]) -> _Windows:
        offsets, probabilities = self._network.pnet(
            to_tensor(level[None], self._input, self._device)
        )
        scores = probabilities[0].cpu().numpy()
        rows, columns = np.nonzero(scores > self._settings.thresholds[0])
        corner = np.stack([columns, rows], axis=1) * float(_STRIDE)
        cells = np.concatenate([corner, corner + _CELL], axis=1)
        cells += offsets[0].cpu().numpy()[:, rows, columns].T * _CELL
        windows = _Windows(cells / np.tile(scale, 2), scores[rows, columns])
        return windows.suppressed(0.5)

    def _refine(self, rgb: Picture, windows: _Windows) -> _Windows:
        frames = np.rint(to_squares(windows.boxes))
        offsets, scores = self._run(self._network.rnet, crops(rgb, frames, 24))
        refined = _Windows(_regressed(frames, offsets), scores)
        return refined.take(scores > self._settings.thresholds[1]).suppressed(0.9)

    def _output(self, rgb: Picture, windows: _Windows) -> Detections:
        frames = np.rint(to_squares(windows.boxes))
        offsets, relative, scores = self._run(self._network.onet, crops(rgb, frames, 48))
        passed = scores > self._settings.thresholds[2]
        frames, scores = frames[passed], scores[passed]
        boxes = _regressed(frames, offsets[passed])
        points = relative[passed].reshape(-1, 2, 5).transpose(0, 2, 1)
        landmarks = frames[:, None, :2] + points * (frames[:, None, 2:] - frames[:, None, :2])
        kept = non_max_suppression(boxes, scores, 0.7, "minimum")
        boxes = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        return Detections(
            boxes[kept].astype(np.float32), scores[kept], landmarks[kept].astype(np.float32)
        )

    def _run(self, network: RNet | ONet, patches: Picture) -> tuple[NDArray[np.float32], ...]:
        """All outputs of a network over (N, S, S, 3) patches, in batches."""
        batches = [patches[i : i + _BATCH] for i in range(0, max(1, len(patches)), _BATCH)]
        outputs = [network(to_tensor(batch, self._input, self._device)) for batch in batches]
        return tuple(torch.cat(parts).cpu().numpy() for parts in zip(*outputs, strict=True))


def pyramid(rgb: Picture, first: float, factor: float) -> list[tuple[Picture, NDArray[np.float64]]]:
    """Reductions of a picture by `first`, `first * factor`, … while P-Net's window fits in.

    With each its true (x, y) scale, which differs a little from the wanted one since levels
    have whole pixels. Each level is made from the largest one, which is cheaper than from the
    original.
    """
    height, width = rgb.shape[:2]
    levels: list[tuple[Picture, NDArray[np.float64]]] = []
    scale, base = first, rgb
    while round(min(height, width) * scale) >= _CELL:
        size = (round(width * scale), round(height * scale))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        level = np.asarray(cv2.resize(base, size, interpolation=way), dtype=np.uint8)
        levels.append((level, np.array([size[0] / width, size[1] / height])))
        base = levels[0][0]
        scale *= factor
    return levels


def crops(rgb: Picture, frames: Boxes, size: int) -> Picture:
    """(N, size, size, 3): the squares of whole pixels, black where they leave the picture."""
    height, width = rgb.shape[:2]
    patches = np.zeros((len(frames), size, size, 3), dtype=np.uint8)
    for patch, frame in zip(patches, frames.astype(np.int64), strict=True):
        left, top, right, bottom = (int(v) for v in frame)
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        if x0 >= x1 or y0 >= y1:
            continue
        part = rgb[y0:y1, x0:x1]
        if (x0, y0, x1, y1) != (left, top, right, bottom):
            part = np.pad(part, ((y0 - top, bottom - y1), (x0 - left, right - x1), (0, 0)))
        way = cv2.INTER_AREA if right - left >= size else cv2.INTER_LINEAR
        patch[...] = cv2.resize(part, (size, size), interpolation=way)
    return patches


def _regressed(frames: Boxes, offsets: NDArray[np.float32]) -> Boxes:
    """Move each side of a square by its offset, which is relative to the square's side."""
    return np.asarray(frames + offsets * (frames[:, 2:3] - frames[:, :1]))
