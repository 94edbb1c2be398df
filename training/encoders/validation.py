"""Measure the network on people it does not train on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from training.data.chips import ChipSet
from training.data.sources import TrainingDataError
from training.encoders.measuring.robustness import changed_chips
from training.encoders.recipe import ValidationConfig
from training.measure.impostors import histogram_between
from training.measure.metrics import false_non_match_rate

_FMRS = {"1e-2": 1e-2, "1e-3": 1e-3}
_PER_PERSON = 4
"""Pictures at most, so that the most photographed do not decide alone."""
_SMOOTHING = 0.01
"""Added to rates before they are divided: a few faces more or less say little."""

Figures = dict[str, float]
"""FNMR by "condition@FMR"."""


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """Chips of a few hundred pictures under each condition, and who is who."""

    chips: Mapping[str, NDArray[np.uint8]]
    identities: tuple[str, ...]
    pairs: NDArray[np.intp]
    """(P, 2): all pairs of pictures of one person."""
    weights: Mapping[str, float]
    gallery: NDArray[np.float32] | None = None
    """Embeddings of the clear pictures; the measured network's own if None."""

    @classmethod
    def of(
        cls, source: ChipSet, rows: NDArray[np.intp], config: ValidationConfig, seed: int
    ) -> "Validation":
        """Take up to the configured number of pictures. Raises TrainingDataError without pairs."""
        chosen = _chosen(source, rows, config.pictures, seed)
        people = [source.names[row] for row in chosen]
        pairs = [(i, j) for i, j in combinations(range(len(people)), 2) if people[i] == people[j]]
        if not pairs or len(set(people)) < 2:
            raise TrainingDataError(
                "The people kept for validation have one picture each.",
                hint="Raise data.validation, or add pictures.",
            )
        names = ["clean", *(name for name in config.conditions if name != "clean")]
        changed = {name: changed_chips(source, chosen, name) for name in names}
        return cls(changed, tuple(people), np.array(pairs), config.conditions)

    def measure(self, embed: Callable[[str], NDArray[np.float32]]) -> Figures:
        """FNMR of clean against changed pictures, thresholds from all other people's.

        `embed` gives the embeddings of the chips under a condition.
        """
        clean = embed("clean") if self.gallery is None else self.gallery
        figures = {}
        for name in self.weights:
            changed = clean
            if name != "clean" or self.gallery is not None:
                changed = embed(name)
            impostors = histogram_between(clean, self.identities, changed, self.identities)
            scores = clean @ changed.T
            a, b = self.pairs.T
            genuine = np.concatenate([scores[a, b], scores[b, a]])
            for key, fmr in _FMRS.items():
                rate = false_non_match_rate(genuine, impostors.threshold(fmr))
                figures[f"{name}@{key}"] = rate
        return figures

    def score(self, figures: Figures, start: Figures) -> float:
        """Weighted mean of error rates relative to those at the start; lower is better."""
        ratios = {
            key: (rate + _SMOOTHING) / (start[key] + _SMOOTHING) for key, rate in figures.items()
        }
        weights = [self.weights[key.partition("@")[0]] for key in ratios]
        return float(np.average(list(ratios.values()), weights=weights))


def describe(score: float, figures: Figures) -> str:
    """A score and what it is made of, in words."""
    rates = ", ".join(f"{name} {rate:.3f}" for name, rate in figures.items())
    return (
        f"error rates {score:.4f} times those at the start (lower is better); "
        f"FNMR by condition@FMR: {rates}"
    )


def _chosen(source: ChipSet, rows: NDArray[np.intp], most: int, seed: int) -> list[int]:
    """People with several pictures first, in random order."""
    rng = np.random.default_rng([seed, 3])
    shuffled = rng.permutation(rows)
    people, first = np.unique(source.labels[shuffled], return_index=True)
    mine = [shuffled[source.labels[shuffled] == p][:_PER_PERSON] for p in people[np.argsort(first)]]
    mine.sort(key=lambda m: len(m) == 1)
    return [int(row) for row in np.concatenate(mine)[:most]]
