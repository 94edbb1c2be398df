"""Grouping of faces that nobody has named: which of them show one person.

Chinese whispers on the graph of pairs that are alike: every face takes the group that the faces
like it are in, the more alike counting more, until nothing changes. A pair of look-alikes thus
does not join two people, who both have faces more like their own.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(N, dim) float32, rows L2-normalised."""

GROUPING_FPIR = 1e-2
"""Share of faces of strangers that may be alike to any other of those that are grouped."""
MOST_NEIGHBOURS = 64
"""Others that a face listens to, its most alike ones."""
_ROUNDS = 20
_BLOCK = 1024
_NEVER = -2.0


def group(
    vectors: Vectors, threshold: float, groups: Sequence[int], new: Sequence[int]
) -> NDArray[np.int64]:
    """(N,) the group of each face, by the number that `groups` gives it before.

    `groups` are the groups of faces that have been compared before; whoever is alone has its own
    row as its number, and so have the `new` rows. Compares these with all; faces that are in a
    group stay there, and those that were alone may join a new one.
    """
    labels = np.array(groups, np.int64)
    neighbours = _alike(vectors, threshold, np.array(sorted(new), np.int64))
    alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    fresh = set(new)
    movable = [row for row in neighbours if row in fresh or alone[row]]
    return whispered(neighbours, labels, movable)


def whispered(
    neighbours: Mapping[int, Mapping[int, float]],
    labels: NDArray[np.int64],
    movable: Sequence[int],
) -> NDArray[np.int64]:
    """(N,) labels after the movable rows have taken those that they hear most of, again and again.

    `neighbours` are similarities by row and other row.
    """
    order = np.random.default_rng(0).permutation(np.array(movable, np.int64)).tolist()
    for _ in range(_ROUNDS):
        changed = 0
        for row in order:
            heard = _loudest(neighbours[row], labels)
            changed += heard != labels[row]
            labels[row] = heard
        if not changed:
            break
    return labels


def _alike(
    vectors: Vectors, threshold: float, rows: NDArray[np.int64]
) -> dict[int, dict[int, float]]:
    """Similarities at or above the threshold by row and other row, both ways."""
    found: dict[int, dict[int, float]] = {}
    for begin in range(0, len(rows), _BLOCK):
        asked = rows[begin : begin + _BLOCK]
        block = vectors[asked] @ vectors.T
        block[np.arange(len(asked)), asked] = _NEVER
        if block.shape[1] > MOST_NEIGHBOURS:
            floor = np.partition(block, -MOST_NEIGHBOURS, axis=1)[:, -MOST_NEIGHBOURS]
            block[block < floor[:, None]] = _NEVER
        first, second = np.nonzero(block >= threshold)
        for one, other, similarity in zip(
            asked[first].tolist(), second.tolist(), block[first, second].tolist(), strict=True
        ):
            found.setdefault(one, {})[other] = similarity
            found.setdefault(other, {})[one] = similarity
    return found


def _loudest(neighbours: Mapping[int, float], labels: NDArray[np.int64]) -> int:
    """The group with the greatest sum of similarities; of equal ones the smallest number."""
    votes: dict[int, float] = {}
    for other, similarity in neighbours.items():
        label = int(labels[other])
        votes[label] = votes.get(label, 0.0) + similarity
    return min(votes, key=lambda label: (-votes[label], label))
