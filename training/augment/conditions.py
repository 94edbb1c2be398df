"""Fixed conditions to measure encoders under: the same picture for every encoder.

They change the aligned chip, not the picture before detection: what is measured is the
encoder, and a detector that misses a covered face would hide it. Lengths refer to a chip of
150 pixels and scale with it.
"""

import hashlib
from collections.abc import Callable

import numpy as np

from training.augment import colour, geometry, quality
from training.augment.geometry import SIDE, Chip, Landmarks
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask

Condition = Callable[[Chip, Landmarks, np.random.Generator], Chip]


def _blurred(chip: Chip, landmarks: Landmarks, rng: np.random.Generator) -> Chip:
    return quality.blurred(chip, rng.uniform(3, 6) * len(chip) / SIDE)


def _dark(chip: Chip, landmarks: Landmarks, rng: np.random.Generator) -> Chip:
    return colour.darkened(chip, rng.uniform(0.1, 0.25), 3.0, rng)


def _rotated(chip: Chip, landmarks: Landmarks, rng: np.random.Generator) -> Chip:
    """Rotate by what a detector's landmarks that are off by so much do to alignment."""
    return geometry.affine(chip, degrees=rng.uniform(10, 20) * rng.choice([-1, 1]))


_CONDITIONS: dict[str, Condition] = {
    "clean": lambda chip, landmarks, rng: chip,
    "masked": with_mask,
    "sunglasses": with_sunglasses,
    "px24": lambda chip, landmarks, rng: quality.resampled(chip, 24),
    "px16": lambda chip, landmarks, rng: quality.resampled(chip, 16),
    "blurred": _blurred,
    "dark": _dark,
    "rotated": _rotated,
    "jpeg20": lambda chip, landmarks, rng: quality.recompressed(chip, 20),
}
CONDITIONS = tuple(_CONDITIONS)


def condition(name: str) -> Condition:
    """The change of that name, one of `CONDITIONS`. Raises KeyError."""
    return _CONDITIONS[name]


def condition_rng(name: str, file_name: str) -> np.random.Generator:
    """The source of chance of one picture under one condition, the same in every run."""
    digest = hashlib.sha256(f"{name}/{file_name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))
