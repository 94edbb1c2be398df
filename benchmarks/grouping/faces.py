"""Faces to group: real ones, some of them, or made-up ones beyond."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.galleries.drawn.synthetic import fit

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """(N, dim) faces and (N,) numbers of whom they show."""

    vectors: Vectors
    truth: Labels
    made_up: bool = False

    def of_size(self, faces: int, chance: np.random.Generator) -> "People":
        """Whole people of these, about as many faces; made up where there are not so many.

        Made-up people are drawn from a mixture fitted to the real ones, and have as many pictures
        each as some of these have.
        """
        sizes = np.bincount(self.truth)
        if faces <= len(self.vectors):
            order = chance.permutation(len(sizes))
            chosen = order[np.cumsum(sizes[order]) <= faces]
            rows = np.flatnonzero(np.isin(self.truth, chosen))
            return People(self.vectors[rows], np.unique(self.truth[rows], return_inverse=True)[1])
        drawn = chance.choice(sizes, size=faces)
        count = int(np.searchsorted(np.cumsum(drawn), faces)) + 1
        truth = np.repeat(np.arange(count), drawn[:count])[:faces].astype(np.int64)
        population = fit(self.vectors, self.truth)
        made = population.images(population.identities(count, chance)[truth], chance)
        return People(made, truth, made_up=True)


def bcubed(labels: Labels, truth: Labels) -> tuple[float, float]:
    """BCubed precision and recall (Bagga and Baldwin 1998): means over the faces."""
    precision, recall = shares(labels, truth)
    return float(precision.mean()), float(recall.mean())


def shares(labels: Labels, truth: Labels) -> tuple[Shares, Shares]:
    """(N,) shares of each face's group that show the same person, and of these in its group."""
    own, shared = _shared(labels, truth)
    return shared / np.bincount(own)[own], shared / np.bincount(truth)[truth]


def pairwise(labels: Labels, truth: Labels) -> tuple[float, float]:
    """Precision and recall of pairs: of those put together, and of those of one person."""
    own, shared = _shared(labels, truth)
    right = float((shared - 1).sum())
    together, one_person = (
        float((counts * (counts - 1.0)).sum()) for counts in (np.bincount(own), np.bincount(truth))
    )
    return right / together if together else 1.0, right / one_person if one_person else 1.0


def _shared(labels: Labels, truth: Labels) -> tuple[Labels, Labels]:
    """(N,) groups from 0 on; (N,) how many of a face's group show the same person."""
    own = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    both = own * (truth.max() + 1) + truth
    _, place, counts = np.unique(both, return_inverse=True, return_counts=True)
    return own, np.asarray(counts[place], np.int64)
