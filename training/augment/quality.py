"""Damage that cameras, distance and files do to a picture."""

import cv2
import numpy as np

from models.errors import ReportedError
from training.augment.geometry import Chip


def blurred(chip: Chip, sigma: float) -> Chip:
    """A Gaussian of `sigma` pixels."""
    soft = cv2.GaussianBlur(chip, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(soft, dtype=np.uint8)


ENLARGERS = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)
"""Ways to enlarge a picture; which one a user's software takes is not known."""


def resampled(chip: Chip, pixels: int, enlarger: int = cv2.INTER_CUBIC) -> Chip:
    """Reduced to a side of `pixels` by area, and enlarged again."""
    height, width = chip.shape[:2]
    small = cv2.resize(chip, (pixels, pixels), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=enlarger)
    return np.asarray(large, dtype=np.uint8)


def recompressed(chip: Chip, quality: int) -> Chip:
    """Through JPEG."""
    done, code = cv2.imencode(".jpg", chip[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(code, cv2.IMREAD_COLOR) if done else None
    if decoded is None:
        raise ReportedError("This build of OpenCV cannot write and read JPEG.")
    return np.ascontiguousarray(decoded[..., ::-1], dtype=np.uint8)


def noisy(chip: Chip, sigma: float, rng: np.random.Generator, *, grey: bool) -> Chip:
    """Gaussian noise of `sigma` (0..255), alike in all channels with `grey`."""
    shape = (*chip.shape[:2], 1 if grey else 3)
    noise = rng.standard_normal(shape, dtype=np.float32) * sigma
    return np.asarray(np.clip(chip + noise + 0.5, 0, 255), dtype=np.uint8)
