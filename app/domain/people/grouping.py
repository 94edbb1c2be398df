"""Grouping of faces that nobody has named: which of them show one person.

Agglomeration: along the pairs that are alike, the most alike first, two groups become one where
they are alike as wholes, too. A pair of look-alikes thus does not join two people, of whom all
faces count.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(N, dim) float32, rows L2-normalised."""
Rows = NDArray[np.int64]

GROUPING_FPIR = 4.5e-2
"""Share of faces of strangers that may be alike to any other of those that are grouped."""
MOST_NEIGHBOURS = 64
"""Pairs that are kept of a face, its most alike ones: they grow with the faces, and no faster."""
_OF_MEANS = 0.7
"""Weight of the likeness of means, beside that of the mean likeness of faces: means alone join
people of whom one is seen often, and the other kind falls apart where faces differ much."""
_BLOCK = 256
_AT_ONCE = 65_536
_NEVER = -2.0


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Rows that are alike."""

    first: Rows
    second: Rows
    """(P,) each; a pair may stand there twice."""
    similarities: Vectors
    """(P,)."""


def group(
    vectors: Vectors,
    threshold: float,
    groups: Sequence[int],
    settled: Collection[int],
    new: Sequence[int],
) -> Rows:
    """(N,) the group of each face, by the number that `groups` gives it before.

    Whoever is alone has its own row as its number. The `new` rows are compared with all; those
    that are alone, whether new or not, may join a group or each other. The `settled` groups keep
    their faces and their numbers, and are never joined with each other.
    """
    pairs = alike(vectors, threshold, np.array(sorted(new), np.int64))
    return joined(vectors, threshold, pairs, groups, settled)


def joined(
    vectors: Vectors,
    threshold: float,
    pairs: Pairs,
    groups: Sequence[int],
    settled: Collection[int],
) -> Rows:
    """(N,) groups after those have become one that pairs connect and that are alike as wholes."""
    labels = list(groups)  # a row's group, or another row that is in the same one
    sums = vectors.astype(np.float64)
    before = np.array(groups, np.int64)
    members = np.flatnonzero(before != np.arange(len(before)))
    np.add.at(sums, before[members], vectors[members])
    sizes = np.bincount(before, minlength=len(before)).tolist()
    fixed = frozenset(settled)

    def root(row: int) -> int:
        while labels[row] != row:
            labels[row] = labels[labels[row]]
            row = labels[row]
        return row

    for first, second in _most_alike_first(pairs):
        one, other = sorted((root(first), root(second)))
        if one == other or (one in fixed and other in fixed):
            continue
        if other in fixed:
            one, other = other, one
        if _likeness(sums[one], sums[other], sizes[one] * sizes[other]) >= threshold:
            labels[other] = one
            sums[one] += sums[other]
            sizes[one] += sizes[other]
    return np.array([root(row) for row in range(len(labels))], np.int64)


def _likeness(one: NDArray[np.float64], other: NDArray[np.float64], pairs: int) -> float:
    """Likeness of two groups by the sums of their faces, which make so many pairs."""
    both = float(one @ other)
    of_means = both / sqrt(float(one @ one) * float(other @ other))
    return _OF_MEANS * of_means + (1 - _OF_MEANS) * both / pairs


def alike(vectors: Vectors, threshold: float, new: Rows) -> Pairs:
    """Pairs at or above the threshold of which one at least is of the `new` rows, which ascend.

    Of each new row there are those with the most alike ones of the old rows and of the new ones
    behind it, `MOST_NEIGHBOURS` at most. The last ones of a crowd thus name others than their own,
    so that it does not fall apart.
    """
    old = np.setdiff1d(np.arange(len(vectors), dtype=np.int64), new, assume_unique=True)
    rows = np.concatenate([old, new])
    compared = vectors[rows]
    found: list[Pairs] = []
    for begin in range(0, len(new), _BLOCK):
        start = 0 if len(old) else begin  # pairs of new ones are found from the first of both
        asked = new[begin : begin + _BLOCK]
        block = vectors[asked] @ compared[start:].T
        place = np.arange(start, len(rows)) - len(old)
        own = np.arange(begin, begin + len(asked))[:, None]
        block[(place >= 0) & (place <= own)] = _NEVER
        one, other = np.nonzero(_nearest(block, threshold))
        found.append(Pairs(asked[one], rows[start + other], block[one, other]))
    return together(found)


def alike_others(new: Vectors, others: Vectors, threshold: float) -> Pairs:
    """Pairs at or above the threshold of rows of `new` with rows of `others`, of each new one the
    `MOST_NEIGHBOURS` most alike.
    """
    block = new @ others.T if len(others) else np.empty((len(new), 0), np.float32)
    one, other = np.nonzero(_nearest(block, threshold))
    return Pairs(one, other, block[one, other])


def together(found: Sequence[Pairs]) -> Pairs:
    """All of them."""
    rows, similarities = np.empty(0, np.int64), np.empty(0, np.float32)
    return Pairs(
        np.concatenate([rows, *(one.first for one in found)]),
        np.concatenate([rows, *(one.second for one in found)]),
        np.concatenate([similarities, *(one.similarities for one in found)]),
    )


def _nearest(block: Vectors, threshold: float) -> NDArray[np.bool_]:
    """Mark those at or above the threshold, of each row the greatest `MOST_NEIGHBOURS` of them."""
    hits = np.asarray(block >= threshold, np.bool_)
    many = np.flatnonzero(hits.sum(axis=1) > MOST_NEIGHBOURS)
    if len(many):
        most = np.argpartition(block[many], -MOST_NEIGHBOURS, axis=1)[:, -MOST_NEIGHBOURS:]
        hits[many] = False
        hits[many[:, None], most] = True
    return hits


def _most_alike_first(pairs: Pairs) -> Iterator[tuple[int, int]]:
    order = np.lexsort((pairs.second, pairs.first, -pairs.similarities))
    for begin in range(0, len(order), _AT_ONCE):  # as numbers of Python they take ten times as much
        some = order[begin : begin + _AT_ONCE]
        yield from zip(pairs.first[some].tolist(), pairs.second[some].tolist(), strict=True)
