"""Rotated copies of a picture, with results in the picture as it was."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.pipelines.detection.results import Detections


def rotate(rgb: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """The (H, W, 3) picture rotated clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(rgb, -(degrees // 90)))


def rotate_back(found: Detections, degrees: int, height: int, width: int) -> Detections:
    """Detections in a copy rotated clockwise, mapped to the (height, width) original."""
    corners = np.stack(
        [found.boxes[:, :2], found.boxes[:, :2] + found.boxes[:, 2:]], axis=1
    ).astype(np.float32)
    corners = _points_back(corners, degrees, height, width)
    low, high = corners.min(axis=1), corners.max(axis=1)
    return replace(
        found,
        boxes=np.concatenate([low, high - low], axis=1),
        landmarks=_points_back(found.landmarks, degrees, height, width),
    )


def _points_back(
    points: NDArray[np.float32], degrees: int, height: int, width: int
) -> NDArray[np.float32]:
    """(..., 2) points of the rotated copy to points of the original."""
    x, y = points[..., 0], points[..., 1]
    match degrees % 360:
        case 90:
            x, y = y, height - x
        case 180:
            x, y = width - x, height - y
        case 270:
            x, y = width - y, x
    return np.stack([x, y], axis=-1)
