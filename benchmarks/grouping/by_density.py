"""Groups by the density of faces, and by the order in which faces have their neighbors."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
_BLOCK = 1024
_LISTED = 32
"""Neighbors of a face whose order is compared."""
_NEVER = -2.0


def density(vectors: Vectors) -> Labels:
    """HDBSCAN (Campello, Moulavi, Sander 2013) by scikit-learn, of groups from two faces on."""
    from sklearn.cluster import HDBSCAN

    found = HDBSCAN(min_cluster_size=2, min_samples=1, copy=True).fit_predict(vectors)
    labels = np.where(found < 0, np.arange(len(found)) + found.max() + 1, found)
    return np.asarray(labels, np.int64)


def rank_order(vectors: Vectors, threshold: float) -> Labels:
    """Approximate rank order (Otto, Wang, Jain 2018): pairs at or above the threshold are joined
    where each is early in the other's list and they share the neighbors before.
    """
    lists, similarities = _nearest(vectors)
    ranks = [{other: rank for rank, other in enumerate(row)} for row in lists.tolist()]
    labels = list(range(len(vectors)))

    def root(row: int) -> int:
        while labels[row] != row:
            labels[row] = labels[labels[row]]
            row = labels[row]
        return row

    for one, row in enumerate(lists.tolist()):
        for place, other in enumerate(row):
            if similarities[one, place] < threshold:
                break
            back = ranks[other].get(one)
            if back is None or other < one:
                continue
            missing = _missing(row[:place], ranks[other]) + _missing(
                lists[other, :back].tolist(), ranks[one]
            )
            if missing <= min(place, back) + 1:
                first, second = sorted((root(one), root(other)))
                labels[second] = first
    return np.array([root(row) for row in range(len(labels))], np.int64)


def _missing(before: list[int], known: dict[int, int]) -> int:
    """Neighbors that stand before in one list, and not in the other."""
    return sum(other not in known for other in before)


def _nearest(vectors: Vectors) -> tuple[Labels, Vectors]:
    """((N, K) rows of the most similar faces, (N, K) similarities), descending."""
    most = min(_LISTED, len(vectors) - 1)
    rows = np.empty((len(vectors), most), np.int64)
    similarities = np.empty((len(vectors), most), np.float32)
    for begin in range(0, len(vectors), _BLOCK):
        block = vectors[begin : begin + _BLOCK] @ vectors.T
        asked = np.arange(len(block))
        block[asked, asked + begin] = _NEVER
        found = np.argpartition(block, -most, axis=1)[:, -most:]
        order = np.argsort(-np.take_along_axis(block, found, axis=1), axis=1)
        found = np.take_along_axis(found, order, axis=1)
        rows[begin : begin + len(block)] = found
        similarities[begin : begin + len(block)] = np.take_along_axis(block, found, axis=1)
    return rows, similarities
