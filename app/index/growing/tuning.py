"""Measures how much of a structure has to be searched, on probes like those that will come.

Whom a search owes an answer is who would be named: another picture of somebody stored, as alike
as a match has to be. Such pictures are not at hand, so they are drawn. The nearest *other* stored
vectors, which are, are mostly strangers, and where strangers are far apart they are
found for certain only by looking everywhere.
"""

import logging
from bisect import bisect_left
from collections.abc import Callable

import numpy as np

from app.index.growing.clustered import Clustered
from app.index.kit.arrays import Vectors

log = logging.getLogger(__name__)

Likeness = Callable[[str, int], float | None]
"""By encoder and number of faces: the least similarity of a match; None where that is unknown."""
LISTS = tuple(round(16 * 2 ** (step / 8)) for step in range(57))
"""Numbers of lists to try: 16 to 2048, a tenth more each time."""
RECALL = 0.997
"""Share of probes whose nearest vector has to be found, two in a thousand above what is promised:
those drawn are no more alike than the least alike that are promised, and yet so few differ by
chance."""
_COMPARED = 128
"""Vectors per probe whose codes are compared with the vectors themselves."""
_SURE = 0.9995
_NOTHING = 1e-12
"""Instead of a length of zero, where all stored vectors are one and the same."""


def second_pictures(stored: Vectors, likeness: float, seed: int = 2) -> Vectors:
    """(N, dimension) probes, each of that cosine with its own of (N, dimension) stored vectors.

    All are of length one. A probe differs from its vector in the directions in which the stored
    vectors differ from one another.
    """
    rng = np.random.default_rng(seed)
    chance = rng.standard_normal((len(stored), len(stored)), dtype=np.float32)
    apart = chance @ (stored - stored.mean(axis=0))
    apart -= (apart * stored).sum(axis=1, keepdims=True) * stored
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), _NOTHING)
    probes = likeness * stored + max(0.0, 1 - likeness**2) ** 0.5 * apart
    return np.ascontiguousarray(probes, dtype=np.float32)


def tune(clustered: Clustered, stored: Vectors, likeness: float | None) -> None:
    """Choose the excess of its structure and its number of lists, by some of what it stores.

    Without a likeness by the nearest other vectors of those.
    """
    clustered.structure.excess = 0.0
    clustered.structure.excess = _excess(clustered, stored)
    if likeness is None:
        clustered.lists = _lists(clustered, stored, rank=2)
    else:
        clustered.lists = _lists(clustered, second_pictures(stored, likeness), rank=1)


def _excess(clustered: Clustered, stored: Vectors) -> float:
    """Margin by which codes' estimates of squared distances exceed the true ones, but for a few.

    They exceed them most for a probe that is stored itself, which is what a picture comes to
    that is shown once more.
    """
    over = []
    for probe, estimates, rows in zip(
        stored, *clustered.structure.nearest(stored, _COMPARED, LISTS[0]), strict=True
    ):
        there = rows >= 0
        _, vectors, alive = clustered.file.take(rows[there])
        true = np.square(vectors[alive] - probe).sum(axis=1)
        over.append(estimates[there][alive] - true)
    errors = np.concatenate([*over, np.zeros(1, np.float32)])
    return float(np.quantile(errors, _SURE))


def _lists(clustered: Clustered, probes: Vectors, rank: int) -> int:
    """The fewest lists with which enough probes find as much as is there at that rank."""
    if clustered.structure.lists <= LISTS[0]:
        return LISTS[0]
    wanted = clustered.exact(probes, rank)[0][:, rank - 1]

    def recall(lists: int) -> float:
        clustered.lists = lists
        found = clustered.top(probes, rank)[0][:, rank - 1]
        share = float(np.mean(found >= wanted - 1e-6))
        log.debug("searching %d lists finds %.4f of the probes", lists, share)
        return share

    place = bisect_left(LISTS, RECALL, key=recall)
    return min([*LISTS[place:], clustered.structure.lists])
