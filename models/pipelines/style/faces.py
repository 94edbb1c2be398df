"""Faces as maps over a picture: soft masks, and how firmly each place keeps the content."""

import numpy as np
from numpy.typing import NDArray

from models.pipelines.detection.results import Detections

Map = NDArray[np.float32]
"""(H, W)."""

_FACE, _FEATURES = 1.2, 5.0
"""Weights by which luminance counts more there than elsewhere."""
_SKIN, _HEAD = 4.0, 2.0
"""Weights by which chroma counts more on the face, and on hair and neck."""


def face_mask(faces: Detections, height: int, width: int) -> Map:
    """1 inside of faces, from hairline to chin, falling softly to 0 outside."""
    return _around_boxes(faces, height, width, 1.0)


def _around_boxes(faces: Detections, height: int, width: int, factor: float) -> Map:
    """Soft ellipses that are `factor` times as large as faces."""
    mask = np.zeros((height, width), dtype=np.float32)
    for box, points in zip(faces.boxes, faces.landmarks, strict=True):
        x, y, w, h = (float(v) for v in box)
        center = np.array([x + 0.5 * w, y + 0.45 * h])
        axes = (0.66 * w * factor, 0.72 * h * factor)
        distance = _ellipse(height, width, center, axes, _tilt(points))
        mask = np.maximum(mask, _smooth(1.25 - distance, 0.5))
    return mask


def feature_mask(faces: Detections, height: int, width: int) -> Map:
    """1 on eyes and mouths, falling softly to 0 around them."""
    mask = np.zeros((height, width), dtype=np.float32)
    for points in faces.landmarks:
        tilt = _tilt(points)
        eyes = float(np.linalg.norm(points[1] - points[0]))
        mouth = float(np.linalg.norm(points[4] - points[3]))
        places = [
            (points[0], (0.36 * eyes, 0.24 * eyes)),
            (points[1], (0.36 * eyes, 0.24 * eyes)),
            (points[2], (0.24 * eyes, 0.24 * eyes)),
            ((points[3] + points[4]) / 2, (0.7 * mouth, 0.36 * mouth)),
        ]
        for center, axes in places:
            distance = _ellipse(height, width, center, axes, tilt)
            mask = np.maximum(mask, _smooth(1.3 - distance, 0.6))
    return mask


def protection(faces: Detections, height: int, width: int) -> Map:
    """(2, H, W): how much more luminance and chroma count at each place; 0 far from faces."""
    face = face_mask(faces, height, width)
    luminance = _FACE * face + _FEATURES * feature_mask(faces, height, width)
    chroma = _SKIN * face + _HEAD * _around_boxes(faces, height, width, 1.5)
    return np.stack([luminance, chroma])


def scaled(faces: Detections, across: float, down: float) -> Detections:
    """The same faces in a copy of the picture that was resized by these factors."""
    factors = np.array([across, down], dtype=np.float32)
    return Detections(
        faces.boxes * np.tile(factors, 2), faces.probabilities, faces.landmarks * factors
    )


def _tilt(points: NDArray[np.float32]) -> float:
    """Radians by which the line of the eyes turns clockwise."""
    across, down = points[1] - points[0]
    return float(np.arctan2(down, across))


def _ellipse(
    height: int,
    width: int,
    center: NDArray[np.floating],
    axes: tuple[float, float],
    tilt: float,
) -> Map:
    """Distance from the center at every pixel, in units of the ellipse's radius."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    x, y = x - np.float32(center[0]), y - np.float32(center[1])
    cosine, sine = np.float32(np.cos(tilt)), np.float32(np.sin(tilt))
    along, across = x * cosine + y * sine, y * cosine - x * sine
    horizontal, vertical = (max(1.0, axis) for axis in axes)
    distance = np.hypot(along / np.float32(horizontal), across / np.float32(vertical))
    return np.asarray(distance, dtype=np.float32)


def _smooth(value: Map, width: float) -> Map:
    """0 below 0, 1 above `width`, smooth between."""
    t = np.clip(value / width, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)
