"""Faces with masks, sunglasses and hands drawn before them, and what they are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.mask_wearing import WEARINGS
from training.augment.augmenter import Augmenter
from training.augment.covers import with_hand
from training.augment.geometry import Chip, Landmarks
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask
from training.data.chips import ChipSet
from training.masks.recipe import MasksConfig

Batch = tuple[NDArray[np.uint8], NDArray[np.int64]]
SIDE = 64
"""Pixels of the chips that the network takes."""
_HAND = (0.25, 0.4)
"""Width of a finger in eye distances."""


class Examples:
    """Batches of a recipe; each is a function of seed and step alone."""

    def __init__(self, config: MasksConfig, chips: ChipSet, rows: NDArray[np.intp]) -> None:
        self._config, self._chips, self._rows = config, chips, rows
        self._augmenter = Augmenter.from_config(config.augment)
        shares = np.array(config.shares)
        self._shares = shares / shares.sum()

    def batches(self, steps: int) -> Iterator[Batch]:
        """(N, 64, 64, 3) uint8 chips and (N,) places in `WEARINGS`, of every step."""
        with ThreadPoolExecutor(1) as ahead:
            following = ahead.submit(self._batch, 0)
            for step in range(steps):
                batch = following.result()
                following = ahead.submit(self._batch, step + 1)
                yield batch

    def _batch(self, step: int) -> Batch:
        rng = np.random.default_rng([self._config.seed, 7, step])
        kinds = rng.choice(len(WEARINGS), size=self._config.size, p=self._shares)
        rows = rng.choice(self._rows, size=self._config.size)
        chips = [self._example(row, kind, rng) for row, kind in zip(rows, kinds, strict=True)]
        return np.stack(chips), kinds

    def _example(self, row: int, kind: int, rng: np.random.Generator) -> Chip:
        points = self._chips.landmarks[row]
        chip = covered(np.array(self._chips.chips[row]), points, kind, rng, self._config)
        return shrunk(self._augmenter(chip, points, rng))


def covered(
    chip: Chip, points: Landmarks, kind: int, rng: np.random.Generator, config: MasksConfig
) -> Chip:
    """The face as one of `WEARINGS`, at times with sunglasses, or with a hand before it."""
    if WEARINGS[kind] == "bare" and rng.random() < config.hand:
        chip = with_hand(chip, points, rng, _HAND)
    if rng.random() < config.sunglasses:
        chip = with_sunglasses(chip, points, rng)
    if WEARINGS[kind] == "masked":
        chip = with_mask(chip, points, rng, config.styles)
    if WEARINGS[kind] == "misplaced":
        chip = with_mask(chip, points, rng, config.styles, config.misplaced)
    return chip


def shrunk(chip: Chip) -> Chip:
    """The chip as large as the network takes it."""
    return np.asarray(cv2.resize(chip, (SIDE, SIDE), interpolation=cv2.INTER_AREA), dtype=np.uint8)
