"""Ways to put faces into groups: (N, dim) vectors and a similarity to (N,) labels."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.domain.people.grouping import group
from benchmarks.grouping.by_density import density, rank_order

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
_BLOCK = 1024
_NEVER = -2.0


def whispers(vectors: Vectors, threshold: float) -> Labels:
    """Chinese whispers, as the service does it."""
    rows = range(len(vectors))
    return group(vectors, threshold, list(rows), rows)


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
    found, similarities = [], []
    for begin in range(0, len(vectors), _BLOCK):
        block = vectors[begin : begin + _BLOCK] @ vectors.T
        block[np.arange(len(block))[:, None] + begin >= np.arange(len(vectors))] = _NEVER
        first, second = np.nonzero(block >= threshold)
        found.append(np.stack([first + begin, second], axis=1))
        similarities.append(block[first, second])
    order = np.argsort(-np.concatenate(similarities), kind="stable")
    return np.asarray(np.concatenate(found)[order], np.int64)
