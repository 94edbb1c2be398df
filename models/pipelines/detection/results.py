"""Pictures and detections: what every face detector takes and gives."""

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_HAIR = 0.3
"""Height of the hair over a face's box, in heights of the box."""
_HEAD = (0.6, 0.5 + _HAIR / 2)
"""Half the width and height of a head, in sides of its face's box."""
_MUCH_LARGER = 2.5
"""Faces one before the other differ less in height."""

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
    truncated: bool = False
    """Whether a bound on the detector's work left places unseen that may show faces."""

    def __len__(self) -> int:
        return len(self.probabilities)

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> "Detections":
        """Select faces, in that order."""
        return replace(
            self,
            boxes=self.boxes[which],
            probabilities=self.probabilities[which],
            landmarks=self.landmarks[which],
        )

    @property
    def corners(self) -> NDArray[np.float32]:
        """(N, 4): left, top, right, bottom of the boxes."""
        return np.concatenate([self.boxes[:, :2], self.boxes[:, :2] + self.boxes[:, 2:]], axis=1)


def nobody() -> Detections:
    """No face at all."""
    none = np.zeros((0, 10), dtype=np.float32)
    return Detections(none[:, :4], none[:, 0], none.reshape(0, 5, 2))


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
    """Smallest face searched for when nobody says, 20 px at least; it follows the area.

    2 % of the root of the area: of 6000x4000 pixels 98, of a panorama of 8000x1500 69. A wall of
    280 portraits, a face as wide as a third of each, is still searched for all of them.
    """
    return max(20, round(0.02 * math.sqrt(width * height)))


def large_enough(found: Detections, smallest: int) -> Detections:
    """Detections without the faces that are clearly smaller than was asked for."""
    return found.take(np.minimum(found.boxes[:, 2], found.boxes[:, 3]) >= 0.8 * smallest)


def without_heads(found: Detections) -> Detections:
    """Detections without what was taken for a face within the head of a much larger, surer one."""
    if len(found) < 2:
        return found
    centers, sides = found.boxes[:, :2] + found.boxes[:, 2:] / 2, found.boxes[:, 2:]
    # Hair reaches over the box of a face: a head is an ellipse around it, higher than wide.
    middle, axes = centers - _HAIR / 2 * sides * (0, 1), sides * _HEAD
    apart = (centers[:, None] - middle[None]) / axes[None]
    within = (apart**2).sum(axis=2) < 1
    much_larger = sides[None, :, 1] >= _MUCH_LARGER * sides[:, None, 1]
    surer = found.probabilities[None, :] > found.probabilities[:, None]
    return found.take(~(within & much_larger & surer).any(axis=1))
