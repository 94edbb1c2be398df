"""Random changes of a chip, as configured."""

from collections.abc import Callable
from typing import Any

import numpy as np

from training.augment import colour, covers, geometry, quality
from training.augment.config import AugmentConfig
from training.augment.geometry import SIDE, Chip, Landmarks
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask
from training.augment.mixture import Mixture

_Rng = np.random.Generator
_Change = Callable[[Chip, Landmarks, _Rng, Any], Chip]
"""Of a chip, its landmarks, the source of chance and the step's section of the configuration."""


class Augmenter:
    """Applies the configured changes; holds nothing but the configuration.

    In the order in which the world makes them: things before the face, its place in the
    chip, light, and what the camera and the file do.
    """

    def __init__(self, config: AugmentConfig) -> None:
        self._config = config
        self._mixture = Mixture(config.conditions)
        self._covers = _active(config, _COVERS)
        self._lights = _active(config, _LIGHTS)
        self._qualities = _active(config, _QUALITIES)

    @classmethod
    def from_config(cls, config: AugmentConfig) -> "Augmenter":
        """Ready to be called; costs nothing."""
        return cls(config)

    def __call__(self, chip: Chip, landmarks: Landmarks, rng: _Rng) -> Chip:
        """A changed copy of an (H, W, 3) uint8 RGB chip with (5, 2) landmarks."""
        chip = np.array(chip)
        spoiler = "clean"
        if self._mixture:
            cover, spoiler = self._mixture.draw(rng)
            chip = self._mixture.cover(cover, chip, landmarks, rng)
        chip = _applied(self._covers, chip, landmarks, rng)
        chip = self._moved(chip, rng)
        chip = _applied(self._lights, chip, landmarks, rng)
        chip = self._mixture.spoil(spoiler, chip, rng)
        return _applied(self._qualities, chip, landmarks, rng)

    def _moved(self, chip: Chip, rng: _Rng) -> Chip:
        """All affine changes in one go: each interpolation costs sharpness and time."""
        config, side = self._config, len(chip)
        if rng.random() < config.mirror.probability:
            chip = geometry.mirrored(chip)
        matrix: dict[str, Any] = {}
        if rng.random() < config.crop.probability:
            x, y = rng.uniform(*config.crop.shift, size=2) * side
            matrix |= {"shift": (float(x), float(y)), "scale": rng.uniform(*config.crop.scale)}
        if rng.random() < config.rotation.probability:
            matrix["degrees"] = rng.uniform(*config.rotation.degrees)
        if rng.random() < config.shear.probability:
            matrix["shear"] = rng.uniform(*config.shear.amount)
        if matrix:
            chip = geometry.affine(chip, **matrix)
        if rng.random() < config.warp.probability:
            amount = rng.uniform(*config.warp.amount) * side / SIDE
            chip = geometry.warped(chip, amount, rng)
        return chip


def _active(
    config: AugmentConfig, changes: dict[str, _Change]
) -> list[tuple[float, _Change, object]]:
    steps = [(change, getattr(config, name)) for name, change in changes.items()]
    return [(step.probability, change, step) for change, step in steps if step.probability > 0]


def _applied(
    steps: list[tuple[float, _Change, object]], chip: Chip, landmarks: Landmarks, rng: _Rng
) -> Chip:
    for probability, change, step in steps:
        if rng.random() < probability:
            chip = change(chip, landmarks, rng, step)
    return chip


_COVERS: dict[str, _Change] = {
    "mask": lambda c, points, rng, s: with_mask(c, points, rng, s.styles),
    "sunglasses": lambda c, points, rng, s: with_sunglasses(c, points, rng, s.styles),
    "scarf": lambda c, points, rng, s: covers.with_scarf(c, points, rng),
    "hand": lambda c, points, rng, s: covers.with_hand(c, points, rng, s.width),
    "border": lambda c, points, rng, s: covers.border_cut(c, rng.uniform(*s.share), rng),
}
_LIGHTS: dict[str, _Change] = {
    "light": lambda c, points, rng, s: colour.lit(
        c, rng.uniform(*s.contrast), rng.uniform(*s.brightness)
    ),
    "dark": lambda c, points, rng, s: colour.darkened(
        c, rng.uniform(*s.light), rng.uniform(*s.noise), rng
    ),
    "colour": lambda c, points, rng, s: colour.shifted(c, rng.uniform(s.shift[0], s.shift[1], 3)),
    "pca": lambda c, points, rng, s: colour.pca_shifted(c, s.deviation, rng),
    "grey": lambda c, points, rng, s: colour.greyscale(c),
}
_QUALITIES: dict[str, _Change] = {
    "blur": lambda c, points, rng, s: quality.blurred(c, rng.uniform(*s.sigma) * len(c) / SIDE),
    "low_resolution": lambda c, points, rng, s: quality.resampled(c, round(rng.uniform(*s.pixels))),
    "noise": lambda c, points, rng, s: quality.noisy(
        c, rng.uniform(*s.sigma), rng, grey=colour.is_grey(c)
    ),
    "jpeg": lambda c, points, rng, s: quality.recompressed(c, round(rng.uniform(*s.quality))),
}
