"""Ways to put faces into groups: (N, dim) vectors and a similarity to (N,) labels."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.domain.people.grouping import alike, group
from benchmarks.grouping.by_density import density, rank_order

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
_ROUNDS = 20


def service(vectors: Vectors, threshold: float) -> Labels:
    """Agglomeration by means and averages, as the service does it."""
    rows = range(len(vectors))
    return group(vectors, threshold, list(rows), (), rows)


def whispers(vectors: Vectors, threshold: float) -> Labels:
    """Chinese whispers (Biemann 2006): every face takes the group that the faces like it are in,
    the more alike counting more, until nothing changes.
    """
    pairs = alike(vectors, threshold, np.arange(len(vectors)))
    one, other = np.r_[pairs.first, pairs.second], np.r_[pairs.second, pairs.first]
    order = np.argsort(one, kind="stable")
    other, heard = other[order], np.r_[pairs.similarities, pairs.similarities][order]
    ends = np.searchsorted(one[order], np.arange(len(vectors) + 1))
    labels = np.arange(len(vectors))
    rows = np.random.default_rng(0).permutation(np.flatnonzero(np.diff(ends))).tolist()
    for _ in range(_ROUNDS):
        changed = 0
        for row in rows:
            mine = slice(ends[row], ends[row + 1])
            names, place = np.unique(labels[other[mine]], return_inverse=True)
            loudest = names[np.argmax(np.bincount(place, weights=heard[mine]))]
            changed += loudest != labels[row]
            labels[row] = loudest
        if not changed:
            break
    return np.asarray(labels, np.int64)


def components(vectors: Vectors, threshold: float) -> Labels:
    """Connected components of the pairs at or above the threshold."""
    return _joined(vectors, threshold, lambda a, b, na, nb: 1.0)


def centroids(vectors: Vectors, threshold: float) -> Labels:
    """Agglomeration by the cosine of the groups' means."""

    def alike(a: Vectors, b: Vectors, na: int, nb: int) -> float:
        return float(a @ b / np.sqrt((a @ a) * (b @ b)))

    return _joined(vectors, threshold, alike)


def averages(vectors: Vectors, threshold: float) -> Labels:
    """Agglomeration by the mean similarity of the groups' faces."""
    return _joined(vectors, threshold, lambda a, b, na, nb: float(a @ b) / (na * nb))


def hdbscan(vectors: Vectors, threshold: float) -> Labels:
    """HDBSCAN, whose groups fall apart where nothing at the threshold connects them."""
    both = np.stack([density(vectors), components(vectors, threshold)], axis=1)
    return np.unique(both, axis=0, return_inverse=True)[1].ravel().astype(np.int64)


METHODS: dict[str, Callable[[Vectors, float], Labels]] = {
    "means and averages": service,
    "Chinese whispers": whispers,
    "connected components": components,
    "agglomeration by means": centroids,
    "agglomeration by averages": averages,
    "rank order": rank_order,
    "HDBSCAN": hdbscan,
}


def _joined(
    vectors: Vectors, threshold: float, alike: Callable[[Vectors, Vectors, int, int], float]
) -> Labels:
    """Groups along the pairs, the most alike first, where the groups are alike as wholes."""
    labels = list(range(len(vectors)))
    sums = vectors.astype(np.float64)
    sizes = [1] * len(vectors)

    def root(row: int) -> int:
        while labels[row] != row:
            labels[row] = labels[labels[row]]
            row = labels[row]
        return row

    for first, second in _pairs(vectors, threshold).tolist():
        one, other = sorted((root(first), root(second)))
        if one == other:
            continue
        if alike(sums[one], sums[other], sizes[one], sizes[other]) >= threshold:
            labels[other] = one
            sums[one] += sums[other]
            sizes[one] += sizes[other]
    return np.array([root(row) for row in range(len(labels))], np.int64)


def _pairs(vectors: Vectors, threshold: float) -> NDArray[np.int64]:
    """(P, 2) rows at or above the threshold, the most alike first."""
    pairs = alike(vectors, threshold, np.arange(len(vectors)))
    order = np.argsort(-pairs.similarities, kind="stable")
    return np.stack([pairs.first, pairs.second], axis=1)[order]
