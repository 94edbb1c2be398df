"""All comparisons between different people, counted without keeping them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

BINS = 200_000
_WIDTH = 2.0 / BINS
_BLOCK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class ScoreHistogram:
    """Counts of comparisons in each of `BINS` equal bins of the cosine, from -1 to 1.

    Thresholds read from it are bin edges, 1e-5 apart, which is finer than float32 embeddings
    of one face taken twice.
    """

    counts: NDArray[np.int64]

    @classmethod
    def of(cls, scores: NDArray[np.float32]) -> Self:
        """Count these cosines, of any shape."""
        return cls(_binned(scores.ravel()))

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def plus(self, other: "ScoreHistogram") -> "ScoreHistogram":
        """The comparisons of both."""
        return ScoreHistogram(self.counts + other.counts)

    def at_least(self) -> NDArray[np.int64]:
        """(BINS,): comparisons that score at least the lower edge of each bin."""
        return np.cumsum(self.counts[::-1])[::-1]

    def threshold(self, fmr: float) -> float:
        """The lowest bin edge that no more than a share `fmr` of the comparisons reaches."""
        reached = self.at_least() <= fmr * self.total
        # Above the last bin nothing scores, so a threshold just over 1 always qualifies.
        return edge(int(np.argmax(reached)) if reached.any() else BINS)

    def fmr(self, threshold: float) -> float:
        """Share of the comparisons that score at least `threshold`, a bin edge."""
        first = round((threshold + 1) / _WIDTH)
        return float(self.counts[first:].sum() / self.total)

    def scores_from(self, threshold: float) -> NDArray[np.float64]:
        """Every score of at least `threshold` at the centre of its bin, ascending."""
        first = round((threshold + 1) / _WIDTH)
        centres = edge(0) + (np.arange(first, BINS) + 0.5) * _WIDTH
        return np.repeat(centres, self.counts[first:])


def edge(number: int) -> float:
    """The lower edge of a bin."""
    return -1.0 + number * _WIDTH


def cross_identity_histogram(
    embeddings: NDArray[np.float32], identities: Sequence[str]
) -> ScoreHistogram:
    """Cosines of all unordered pairs of rows with different identities.

    `embeddings` is (N, dimension), L2-normalised; memory stays at blocks of 1024 x 1024.
    """
    people = np.unique(np.asarray(identities), return_inverse=True)[1]
    counts = np.zeros(BINS, dtype=np.int64)
    for i in range(0, len(embeddings), _BLOCK):
        for j in range(i, len(embeddings), _BLOCK):
            scores = embeddings[i : i + _BLOCK] @ embeddings[j : j + _BLOCK].T
            different = people[i : i + _BLOCK, None] != people[None, j : j + _BLOCK]
            if i == j:
                different = np.triu(different, k=1)
            counts += _binned(scores[different])
    return ScoreHistogram(counts)


def histogram_between(
    first: NDArray[np.float32],
    first_identities: Sequence[str],
    second: NDArray[np.float32],
    second_identities: Sequence[str],
) -> ScoreHistogram:
    """Cosines of every row of `first` with every row of `second` of a different identity.

    Both are (N, dimension), L2-normalised, with as many identities as rows.
    """
    both = [*first_identities, *second_identities]
    people = np.unique(np.asarray(both), return_inverse=True)[1]
    a, b = people[: len(first)], people[len(first) :]
    counts = np.zeros(BINS, dtype=np.int64)
    for i in range(0, len(first), _BLOCK):
        for j in range(0, len(second), _BLOCK):
            scores = first[i : i + _BLOCK] @ second[j : j + _BLOCK].T
            different = a[i : i + _BLOCK, None] != b[None, j : j + _BLOCK]
            counts += _binned(scores[different])
    return ScoreHistogram(counts)


def _binned(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    bins = ((scores.astype(np.float64) + 1) / _WIDTH).astype(np.int64)
    return np.asarray(np.bincount(np.clip(bins, 0, BINS - 1), minlength=BINS), dtype=np.int64)
