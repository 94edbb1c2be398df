"""Measurements of a detected face before it is judged."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.face_quality import QualityMeasures
from models.pipelines.faces.head_pose import estimate_pose


def measure(
    chip: NDArray[np.uint8],
    box: NDArray[np.floating],
    landmarks: NDArray[np.floating],
    probability: float,
    size: tuple[int, int],
) -> QualityMeasures:
    """Measures of one face.

    `chip` is its aligned (H, W, 3) RGB chip; `box` (x, y, width, height) and the (5, 2)
    `landmarks` are pixels of the picture, whose (height, width) is `size`.
    """
    gray = np.asarray(cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return QualityMeasures(
        size=float(min(box[2], box[3])),
        sharpness=sharpness(gray),
        brightness=float(gray.mean()),
        probability=probability,
        pose=estimate_pose(landmarks),
        visible=_visible(box, size),
    )


def sharpness(gray: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian of an (H, W) chip brought to middle gray.

    Edges of a dark picture are faint without being soft, hence the gain; it is limited, since
    it raises noise as well.
    """
    gain = min(4.0, 128.0 / max(1.0, float(gray.mean())))
    return float(cv2.Laplacian(gray, cv2.CV_64F).var()) * gain**2


def _visible(box: NDArray[np.floating], size: tuple[int, int]) -> float:
    """Share of the box inside the picture."""
    x, y, width, height = (float(v) for v in box)
    across = min(x + width, size[1]) - max(x, 0.0)
    down = min(y + height, size[0]) - max(y, 0.0)
    return max(0.0, across) * max(0.0, down) / (width * height)
