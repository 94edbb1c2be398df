"""Heads turned away from the camera, as far as one picture can tell."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augment.geometry import Chip, Landmarks

_WIDTH, _HEIGHT = 1.35, 1.75
"""Half axes of the head, in eye distances."""


def turned(chip: Chip, landmarks: Landmarks, yaw: float, pitch: float) -> Chip:
    """The face turned by degrees to the side and up, on an ellipsoid; the surroundings stay.

    What turns into sight was never photographed: it repeats the pixels at the rim.
    """
    points = np.asarray(landmarks, dtype=np.float64)
    centre = points[[0, 1, 3, 4]].mean(axis=0)
    unit = max(1.0, float(np.linalg.norm(points[1] - points[0])))
    radii = np.array([_WIDTH, _HEIGHT]) * unit
    height, width = chip.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    u, v = (x - centre[0]) / radii[0], (y - centre[1]) / radii[1]
    inside = u**2 + v**2 < 1
    depth = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    seen = np.stack([u, v, depth], axis=-1) @ _rotation(yaw, pitch)
    hidden = seen[..., 2:] < 0
    rim = seen[..., :2] / np.maximum(np.linalg.norm(seen[..., :2], axis=-1, keepdims=True), 1e-6)
    source = np.where(hidden, rim, seen[..., :2]) * radii + centre
    source = np.where(inside[..., None], source, np.stack([x, y], axis=-1)).astype(np.float32)
    moved = cv2.remap(
        chip, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, dtype=np.uint8)


def _rotation(yaw: float, pitch: float) -> NDArray[np.float64]:
    """(3, 3) from the turned head's axes to those of the frontal one, for row vectors."""
    a, b = np.deg2rad(yaw), np.deg2rad(pitch)
    side = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    up = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return np.asarray(up @ side)
