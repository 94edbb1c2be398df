"""Changes of light and colour."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augment.geometry import Chip

_EIGENVALUES = np.array([0.2175, 0.0188, 0.0045])
_EIGENVECTORS = np.array(
    [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]]
)
"""Of the RGB values, in 0..1, of ImageNet's pictures; one axis per column."""


def is_grey(chip: Chip) -> bool:
    """Whether all three channels agree everywhere."""
    red, green, blue = cv2.split(chip)
    return not cv2.absdiff(red, green).any() and not cv2.absdiff(green, blue).any()


def greyscale(chip: Chip) -> Chip:
    """Luma (ITU-R BT.601) in all three channels."""
    luma = cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.cvtColor(luma, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def lit(chip: Chip, contrast: float, brightness: float) -> Chip:
    """Contrast about mid-grey, then an addition in 0..255."""
    levels = (np.arange(256.0) - 127.5) * contrast + 127.5 + brightness
    return np.asarray(cv2.LUT(chip, _table(levels)), dtype=np.uint8)


def shifted(chip: Chip, shift: NDArray[np.floating]) -> Chip:
    """An addition, in 0..255, to each of the three channels."""
    levels = np.arange(256.0)[:, None, None] + np.asarray(shift, dtype=np.float64)
    return np.asarray(cv2.LUT(chip, _table(levels)), dtype=np.uint8)


def pca_shifted(chip: Chip, deviation: float, rng: np.random.Generator) -> Chip:
    """AlexNet's colour augmentation: a shift along the principal axes of natural colours.

    Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural
    networks" (2012), section 4.1.
    """
    weights = rng.normal(0, deviation, 3)
    return shifted(chip, 255 * _EIGENVECTORS @ (weights * _EIGENVALUES))


def darkened(chip: Chip, light: float, noise: float, rng: np.random.Generator) -> Chip:
    """A share `light` of the light, with the noise (0..255) a sensor adds to so little."""
    dim = chip.astype(np.float32) * light
    grain = rng.standard_normal(chip.shape[:2], dtype=np.float32) * noise
    # Grain is alike in all channels: colour noise would give a grey picture colours.
    return np.asarray(np.clip(dim + grain[..., None] + 0.5, 0, 255), dtype=np.uint8)


def _table(levels: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.rint(levels), 0, 255), dtype=np.uint8)
