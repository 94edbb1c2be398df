"""What pictures drawn by rules have in common: their size, noise and range."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Picture = NDArray[np.uint8]
"""(H, W, 3) RGB."""
SIDE = 512


def noise(rng: np.random.Generator, sigma: float) -> NDArray[np.float64]:
    """Smooth noise with mean 0 and deviation 1."""
    field = gaussian_filter(rng.standard_normal((SIDE, SIDE)), sigma, mode="wrap")
    return np.asarray((field - field.mean()) / field.std())


def as_picture(values: NDArray[np.float64]) -> Picture:
    return np.clip(values, 0, 255).round().astype(np.uint8)
