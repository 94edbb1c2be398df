"""Face detection by MTCNN's cascade: an image pyramid, proposals, refinement, output.

Proposals overlap more freely here than in the original code: when several framings of a face
reach O-Net, the best one is likelier to be among them, and fewer faces are lost.
"""

from dataclasses import replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.nets.mtcnn import MTCNN
from models.pipelines.detection.mtcnn_stages import LaterStages, Windows, exactly
from models.pipelines.detection.results import Detections, Picture, large_enough
from models.pipelines.pixels import to_tensor
from models.registry.manifests.detectors import DetectorManifest

_CELL, _STRIDE = 12, 2
"""P-Net's window and the distance from one window to the next, in pixels of a level."""
_PROPOSALS = 2000
"""Windows that reach R-Net at most, best first; bounds time and memory on textured pictures."""


class MtcnnDetector:
    """Finds faces in pictures of any size. Thread-safe; holds no state but the weights."""

    def __init__(self, network: MTCNN, manifest: DetectorManifest) -> None:
        self._network = network
        self._input = manifest.input
        self._settings = manifest.detection
        self._device = next(network.parameters()).device
        self._later = LaterStages(network, manifest)

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
        return large_enough(found, smallest)

    def _look(self, rgb: Picture, scale: float, min_probability: float) -> Detections:
        """The whole cascade over the pyramid that begins at `scale`."""
        with torch.inference_mode():
            windows, truncated = self._propose(rgb, scale)
            later = self._later.over(exactly(rgb))
            found = later.output(later.refine(windows))
        found = replace(found, truncated=truncated)
        return found.take(found.probabilities >= min_probability)

    def _propose(self, rgb: Picture, scale: float) -> tuple[Windows, bool]:
        """The windows that reach R-Net, and whether there were more of them."""
        levels = [
            self._proposals_of_level(level, true_scale)
            for level, true_scale in pyramid(rgb, scale, self._settings.factor)
        ]
        if not levels:
            return Windows(np.zeros((0, 4)), np.zeros(0)), False
        windows = Windows(
            np.concatenate([level.boxes for level in levels]),
            np.concatenate([level.scores for level in levels]),
        ).suppressed(0.7)
        count = len(windows.scores)
        return windows.take(np.arange(min(count, _PROPOSALS))), count > _PROPOSALS

    def _proposals_of_level(self, level: Picture, scale: NDArray[np.float64]) -> Windows:
        offsets, probabilities = self._network.pnet(
            to_tensor(level[None], self._input, self._device)
        )
        scores = probabilities[0].cpu().numpy()
        rows, columns = np.nonzero(scores > self._settings.thresholds[0])
        corner = np.stack([columns, rows], axis=1) * float(_STRIDE)
        cells = np.concatenate([corner, corner + _CELL], axis=1)
        cells += offsets[0].cpu().numpy()[:, rows, columns].T * _CELL
        windows = Windows(cells / np.tile(scale, 2), scores[rows, columns])
        return windows.suppressed(0.5)


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
