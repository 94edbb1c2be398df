"""Embeddings by the million with the statistics of the default encoder's own.

An identity is drawn from a mixture of Gaussians (groups of people who resemble one another, which
is where hubs and look-alikes come from), an image of it from a Gaussian around the identity whose
width varies from image to image (good and bad pictures); the sum is normalised. `fit` finds
means and covariances on real embeddings: of people for the mixture, within people for the images.
The file holds nothing else; every mean is one of at least fifty people.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

STATISTICS = Path(__file__).with_name("embedding_statistics.npz")
Floats = NDArray[np.float32]

_GROUPS = 8
SPREAD = 0.25
"""Standard deviation of the logarithm of an image's distance from its identity."""


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Where embeddings are drawn from; `between` and `within` are roots of covariances."""

    means: Floats
    weights: NDArray[np.float64]
    between: Floats
    within: Floats
    spread: float

    @classmethod
    def load(cls, path: Path = STATISTICS) -> "Population":
        data = np.load(path)
        return cls(
            data["means"],
            data["weights"] / data["weights"].sum(),
            data["between"],
            data["within"],
            float(data["spread"]),
        )

    def identities(self, count: int, rng: np.random.Generator) -> Floats:
        """(count, 128) people, not normalised."""
        group = rng.choice(len(self.weights), size=count, p=self.weights)
        noise = rng.standard_normal((count, self.between.shape[0]), dtype=np.float32)
        return np.asarray(self.means[group] + noise @ self.between.T)

    def images(self, identities: Floats, rng: np.random.Generator) -> Floats:
        """(N, 128) embeddings of length one, an image of each identity."""
        width = np.exp(rng.normal(0, self.spread, (len(identities), 1)) - self.spread**2)
        noise = rng.standard_normal(identities.shape, dtype=np.float32)
        images = identities + width.astype(np.float32) * (noise @ self.within.T)
        return np.asarray(images / np.linalg.norm(images, axis=1, keepdims=True), np.float32)


def fit(embeddings: Floats, people: NDArray[np.int64]) -> Population:
    """From (N, dimension) embeddings and (N,) numbers of the people on them."""
    from sklearn.mixture import GaussianMixture

    values = embeddings.astype(np.float64)
    counts = np.bincount(people)
    means = np.zeros((len(counts), values.shape[1]))
    np.add.at(means, people, values)
    means /= counts[:, None]
    residuals = values - means[people]
    within = residuals.T @ residuals / (len(values) - len(counts))
    total = np.cov(values[np.unique(people, return_index=True)[1]].T)
    groups = GaussianMixture(_GROUPS, covariance_type="tied", random_state=0, reg_covar=1e-5)
    groups.fit(means)
    offsets = groups.means_ - means.mean(axis=0)
    between = total - within - (offsets.T * groups.weights_) @ offsets
    return Population(
        groups.means_.astype(np.float32), groups.weights_, root(between), root(within), SPREAD
    )


def root(covariance: NDArray[np.float64]) -> Floats:
    """A root of a covariance; what estimates have left below zero counts as nothing."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.clip(values, 0, None)), np.float32)
