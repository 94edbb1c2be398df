"""What every face detector takes and gives."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(H, W, 3) RGB."""


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


class FaceDetector(Protocol):
    """Finds faces in pictures of any size; may be used by several threads at once."""

    def detect(
        self, rgb: Picture, min_face: int | None = None, min_probability: float = 0.9
    ) -> Detections:
        """Faces of at least `min_face` pixels (shorter side) in an (H, W, 3) uint8 picture.

        Without `min_face` the smallest face of the manifest is searched for.
        """
        ...


def default_min_face(width: int, height: int) -> int:
    """Smallest face searched for when nobody says: 2 % of the longer side, 20 px at least."""
    return max(20, round(0.02 * max(width, height)))


def large_enough(found: Detections, smallest: int) -> Detections:
    """Without the faces that are clearly smaller than was asked for."""
    return found.take(np.minimum(found.boxes[:, 2], found.boxes[:, 3]) >= 0.8 * smallest)
