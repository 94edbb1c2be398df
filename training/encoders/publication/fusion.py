"""Learning of an encoder of several others: centres of their spaces, weights, a projection."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.registry.errors import InvalidManifestError
from training.measure.impostors import cross_identity_histogram
from training.measure.metrics import false_non_match_rate

Vectors = NDArray[np.float32]
FMRS = (1e-3, 1e-4, 1e-5)
"""Rates at which weights are compared by their misses."""
_STEPS = 20
_MOST_PAIRS = 10
"""Genuine pairs of one person, so that nobody decides alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Fusion:
    """Outcome of learning, and what the weights were chosen from."""

    weights: tuple[float, ...]
    centres: tuple[Vectors, ...]
    projection: Vectors | None
    """(dimension, numbers of all parts), or None."""
    tried: tuple[dict[str, object], ...] = field(default=())
    """Weights with their misses at `FMRS`."""

    def embed(self, parts: Sequence[Vectors]) -> Vectors:
        """(N, dimension) embeddings of length one from those of the parts."""
        together = side_by_side(parts, self.weights, self.centres)
        return together if self.projection is None else _unit(together @ self.projection.T)


def side_by_side(
    parts: Sequence[Vectors], weights: Sequence[float], centres: Sequence[Vectors]
) -> Vectors:
    """Centred embeddings of length one, each times the root of its weight, concatenated."""
    return np.concatenate(
        [
            _unit(part - centre) * np.float32(weight**0.5)
            for part, weight, centre in zip(parts, weights, centres, strict=True)
        ],
        axis=1,
    )


def learn(
    parts: Sequence[Vectors],
    people: Sequence[str],
    *,
    dimension: int | None = None,
    weights: Sequence[float] | None = None,
    centered: bool = True,
) -> Fusion:
    """Learn from (N, dimension) embeddings of the same faces by each part, L2-normalised.

    A centre is the mean of people's means, or zero where nothing is to be `centered`. Of two
    parts the weights are those in steps of a twentieth with the fewest misses, summed over `FMRS`,
    unless they are given. The projection keeps the first principal components, not centred.
    Raises InvalidManifestError.
    """
    numbers = np.unique(np.asarray(people), return_inverse=True)[1]
    centres = tuple(
        _centre(part, numbers) if centered else np.zeros(part.shape[1], np.float32)
        for part in parts
    )
    tried: list[dict[str, object]] = []
    if weights is None:
        if len(parts) != 2:
            raise InvalidManifestError("Give the weight of each part where there are not two.")
        shares = [step / _STEPS for step in range(1, _STEPS)]
        options = [(1 - share, share) for share in shares]
        misses = [misses_of(side_by_side(parts, one, centres), people) for one in options]
        tried = [
            {"weights": list(one), "fnmr": found}
            for one, found in zip(options, misses, strict=True)
        ]
        weights = options[int(np.argmin([sum(found) for found in misses]))]
    together = side_by_side(parts, weights, centres)
    projection = None
    if dimension is not None and dimension != together.shape[1]:
        projection = _components(together, dimension)
    return Fusion(tuple(weights), centres, projection, tuple(tried))


def misses_of(embeddings: Vectors, people: Sequence[str]) -> list[float]:
    """FNMR at `FMRS` of neighboring pictures of people, ten pairs of each at most."""
    histogram = cross_identity_histogram(embeddings, people)
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(people):
        rows.setdefault(name, []).append(row)
    pairs = np.array([pair for own in rows.values() for pair in [*pairwise(own)][:_MOST_PAIRS]])
    if not len(pairs):
        raise InvalidManifestError("Weights are chosen by people with two pictures or more.")
    genuine = np.einsum("ij,ij->i", embeddings[pairs[:, 0]], embeddings[pairs[:, 1]])
    return [
        false_non_match_rate(genuine.astype(np.float64), histogram.threshold(fmr)) for fmr in FMRS
    ]


def _centre(part: Vectors, people: NDArray[np.intp]) -> Vectors:
    sums = np.zeros((int(people.max()) + 1, part.shape[1]))
    np.add.at(sums, people, part)
    return np.asarray((sums / np.bincount(people)[:, None]).mean(axis=0), np.float32)


def _components(together: Vectors, dimension: int) -> Vectors:
    if dimension > min(together.shape):
        raise InvalidManifestError(
            f"{len(together)} faces of {together.shape[1]} numbers give no {dimension} components.",
            hint="Ask for fewer, or take more pictures.",
        )
    values, vectors = np.linalg.eigh(together.T.astype(np.float64) @ together)
    first = np.argsort(values)[::-1][:dimension]
    return np.ascontiguousarray(vectors[:, first].T, dtype=np.float32)


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
