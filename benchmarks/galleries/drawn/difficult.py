"""Second pictures in difficult conditions, drawn with the statistics of an encoder's own.

A difficult picture tells less of who it shows: what tells people apart comes to a share of itself,
around a centre of its own, and the rest is noise. `fit_difficult` finds share, centre and noise
on the same faces clear and changed; the file holds nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.galleries.drawn.synthetic import SPREAD, Floats, Population, root

CONDITIONS = ("masked", "sunglasses", "blurred", "px24", "px16", "dark")
"""Conditions of `evaluate robustness` that hide a good part of a face."""


@dataclass(frozen=True, slots=True, eq=False)
class Difficult:
    """Change that a condition makes to an identity."""

    share: float
    """Share that is left of what tells people apart."""
    centre: Floats
    within: Floats
    """Root of the covariance of what does not depend on the person."""

    @classmethod
    def load(cls, path: Path) -> Mapping[str, "Difficult"]:
        """Conditions of a file of statistics, by name; none of an older one."""
        data = np.load(path)
        return {
            name: cls(
                float(data[f"{name}.share"]),
                data[f"{name}.centre"].astype(np.float32),
                data[f"{name}.within"].astype(np.float32),
            )
            for name in CONDITIONS
            if f"{name}.share" in data.files
        }

    def arrays(self, name: str) -> dict[str, Any]:
        """What `load` reads."""
        return {
            f"{name}.{part}": np.asarray(getattr(self, part), np.float16)
            for part in ("share", "centre", "within")
        }

    def images(
        self, identities: Floats, population: Population, rng: np.random.Generator
    ) -> Floats:
        """(N, 128) embeddings of length one, an image of each of the population's identities."""
        clear = (population.weights @ population.means).astype(np.float32)
        width = np.exp(rng.normal(0, SPREAD, (len(identities), 1)) - SPREAD**2)
        noise = rng.standard_normal(identities.shape, dtype=np.float32)
        images = self.centre + self.share * (identities - clear)
        images += width.astype(np.float32) * (noise @ self.within.T)
        return np.asarray(images / np.linalg.norm(images, axis=1, keepdims=True), np.float32)


def fit_difficult(clear: Floats, changed: Floats, people: NDArray[np.int64]) -> Difficult:
    """From (N, dimension) embeddings of the same pictures and (N,) numbers of the people on them.

    The share is told by people with two pictures or more: how much a changed picture has in common
    with the other pictures of its person, by how much the clear one has.
    """
    plain, spoiled = clear.astype(np.float64), changed.astype(np.float64)
    between = _between(plain, people)
    share = _in_common(spoiled, plain, people) / _in_common(plain, plain, people)
    firsts = np.unique(people, return_index=True)[1]
    noise = np.cov(spoiled[firsts].T) - share**2 * between
    centre = spoiled[firsts].mean(axis=0)
    return Difficult(float(share), centre.astype(np.float32), root(noise))


def _between(values: NDArray[np.float64], people: NDArray[np.int64]) -> NDArray[np.float64]:
    """Covariance of what tells people apart: of all, less that of pictures of one person."""
    counts = np.bincount(people)
    means = _sums(values, people) / counts[:, None]
    residuals = values - means[people]
    within = residuals.T @ residuals / (len(values) - len(counts))
    firsts = np.unique(people, return_index=True)[1]
    return np.asarray(np.cov(values[firsts].T) - within)


def _in_common(
    pictures: NDArray[np.float64], clear: NDArray[np.float64], people: NDArray[np.int64]
) -> float:
    """Mean inner product of pictures with the mean of the others of their person, both centred.

    Everybody counts alike, however many pictures show them.
    """
    counts = np.bincount(people)[people]
    several = counts > 1
    others = (_sums(clear, people)[people] - clear)[several] / (counts[several, None] - 1)
    weights = 1 / counts[several]
    weights /= weights.sum()
    own = pictures[several]
    own, others = own - weights @ own, others - weights @ others
    return float(weights @ (own * others).sum(axis=1))


def _sums(values: NDArray[np.float64], people: NDArray[np.int64]) -> NDArray[np.float64]:
    sums = np.zeros((people.max() + 1, values.shape[1]))
    np.add.at(sums, people, values)
    return sums
