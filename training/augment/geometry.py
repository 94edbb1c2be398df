"""Changes of position and shape. What leaves the chip is replaced by its border pixels."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Chip = NDArray[np.uint8]
"""(H, W, 3) RGB."""
Landmarks = NDArray[np.floating[Any]]
"""(5, 2) chip pixels: left eye, right eye, nose, mouth left, mouth right, as seen."""

SIDE = 150.0
"""Pixels of the chip that lengths of a configuration refer to."""
_KNOTS = 5
"""Displacements of a local warp are drawn on a grid of so many points a side."""


def mirrored(chip: Chip) -> Chip:
    """Left and right exchanged."""
    return np.ascontiguousarray(chip[:, ::-1])


def affine(
    chip: Chip,
    *,
    degrees: float = 0.0,
    scale: float = 1.0,
    shear: float = 0.0,
    shift: tuple[float, float] = (0.0, 0.0),
) -> Chip:
    """Shear, scale and turn (counter-clockwise) about the centre, then shift (pixels)."""
    height, width = chip.shape[:2]
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    angle = np.deg2rad(degrees)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    linear = scale * rotation @ np.array([[1.0, shear], [0.0, 1.0]])
    matrix = np.column_stack([linear, centre - linear @ centre + np.asarray(shift)])
    moved = cv2.warpAffine(
        chip, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, dtype=np.uint8)


def warped(chip: Chip, amount: float, rng: np.random.Generator) -> Chip:
    """Moved about by a smooth field whose largest displacement is `amount` pixels.

    Elastic deformation after Simard et al., "Best practices for convolutional neural
    networks" (2003), with a spline through a coarse grid in place of the costly Gaussian.
    """
    height, width = chip.shape[:2]
    knots = rng.standard_normal((_KNOTS, _KNOTS, 2)).astype(np.float32)
    field = np.asarray(cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC))
    field = field * np.float32(amount / max(float(np.abs(field).max()), 1e-6))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    moved = cv2.remap(
        chip, x + field[..., 0], y + field[..., 1], cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.asarray(moved, dtype=np.uint8)
