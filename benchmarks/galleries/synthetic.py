"""Embeddings by the million with the statistics of the default encoder's own.

An identity is drawn from a mixture of Gaussians (groups of people who resemble one another, which
is where hubs and look-alikes come from), an image of it from a Gaussian around the identity whose
width varies from image to image (good and bad pictures); the sum is normalised. `fit` finds
means and covariances on real embeddings: of people for the mixture, within people for the images.
The file holds nothing else; every mean is one of at least fifty people.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

STATISTICS = Path(__file__).with_name("embedding_statistics.npz")
Floats = NDArray[np.float32]

_GROUPS = 8
_SPREAD = 0.25
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
        groups.means_.astype(np.float32), groups.weights_, _root(between), _root(within), _SPREAD
    )


def fit_command(
    images: Annotated[Path, typer.Option(exists=True, help="One folder per person.")],
    pad: Annotated[float, typer.Option(help="Replicate the border by this share.")] = 0.25,
    out: Annotated[Path, typer.Option(help="The statistics.")] = STATISTICS,
) -> None:
    """Fit the statistics that synthetic embeddings are drawn with, and say how well they fit."""
    from models.registry.locations import open_registry
    from training.encoders.measuring.embedding import embed
    from training.encoders.measuring.setup import Setup
    from training.measure.gallery import find_images

    registry = open_registry()
    setup = Setup(registry, registry.default("encode-faces"), None, pad, None)
    gallery = embed(setup, find_images(images))
    real = gallery.embeddings[gallery.detected]
    people = np.unique(np.asarray(gallery.identities)[gallery.detected], return_inverse=True)[1]
    population = fit(real, people)
    np.savez(out, **{name: getattr(population, name) for name in Population.__slots__})
    rng = np.random.default_rng(0)
    singles = real[np.unique(people, return_index=True)[1]]
    made = population.images(population.identities(len(singles), rng), rng)
    levels = [0.5, 0.9, 0.99, 0.999, 0.9999]
    for name, some in (("real", singles), ("synthetic", made)):
        cosines = (some @ some.T)[np.triu_indices(len(some), 1)]
        typer.echo(f"strangers, {name}: {np.quantile(cosines, levels).round(4)}")


def _root(covariance: NDArray[np.float64]) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.clip(values, 0, None)), np.float32)
