"""One condition per chip: the mixture an encoder for difficult pictures is trained on."""

import numpy as np

from training.augment import colour, quality
from training.augment.config import Conditions
from training.augment.geometry import SIDE, Chip, Landmarks
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask

_SPOILERS = ("low_resolution", "blurred", "dark")


class Mixture:
    """Draws a condition for each chip, by weight."""

    def __init__(self, config: Conditions) -> None:
        self._config = config
        self._names = list(config.weights)
        weights = np.array(list(config.weights.values()))
        self._shares = weights / weights.sum() if len(weights) else weights

    def __bool__(self) -> bool:
        return bool(self._names)

    def draw(self, rng: np.random.Generator) -> tuple[str, str]:
        """Draw what covers the face and what spoils the picture; either may be "clean"."""
        name = str(rng.choice(self._names, p=self._shares))
        if name == "mix":
            cover = str(rng.choice(["masked", "sunglasses", "both", "clean"]))
            return cover, str(rng.choice(_SPOILERS))
        return ("clean", name) if name in _SPOILERS else (name, "clean")

    def cover(self, name: str, chip: Chip, landmarks: Landmarks, rng: np.random.Generator) -> Chip:
        """The chip with a mask, sunglasses or both before the face."""
        if name in {"sunglasses", "both"}:
            chip = with_sunglasses(chip, landmarks, rng)
        if name in {"masked", "both"}:
            chip = with_mask(chip, landmarks, rng)
        return chip

    def spoil(self, name: str, chip: Chip, rng: np.random.Generator) -> Chip:
        """The chip at low resolution, blurred or dark."""
        if name == "low_resolution":
            return quality.resampled(
                chip,
                round(rng.uniform(*self._config.pixels)),
                quality.ENLARGERS[int(rng.integers(len(quality.ENLARGERS)))],
            )
        if name == "blurred":
            sigma = rng.uniform(*self._config.sigma) * len(chip) / SIDE
            return quality.blurred(chip, sigma)
        if name == "dark":
            light = rng.uniform(*self._config.light)
            return colour.darkened(chip, light, rng.uniform(1, 5), rng)
        return chip
