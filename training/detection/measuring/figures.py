"""Agreement of boxes found with boxes there are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.pipelines.detection.boxes import Boxes, overlap

OVERLAP = 0.5
"""Intersection over union from which on a face counts as found."""


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Outcome of the boxes found in one picture."""

    truth: NDArray[np.intp]
    """(N,) which true box a found one is; -1 for none, -2 for one that is not counted."""


def matches(found: Boxes, truth: Boxes, ignored: NDArray[np.bool_]) -> Matching:
    """Found boxes (N, 4), best first, against the true ones (M, 4), left, top, right, bottom.

    Greedy, as usual: each found box takes the free true box it overlaps most, if by 0.5 or
    more. A box that meets only an `ignored` (M,) true one, or for the rest lies within it by
    half, is neither right nor wrong.
    """
    result = np.full(len(found), -1, dtype=np.intp)
    if not len(truth) or not len(found):
        return Matching(result)
    shared, inside = overlap(found, truth), overlap(found, truth, "minimum")
    free = ~ignored
    for i in range(len(found)):
        candidates = np.where(free, shared[i], 0.0)
        best = int(candidates.argmax())
        if candidates[best] >= OVERLAP:
            result[i] = best
            free[best] = False
        elif (ignored & (inside[i] >= 0.5)).any():
            result[i] = -2
    return Matching(result)


def average_precision(scores: NDArray[np.floating], right: NDArray[np.bool_], faces: int) -> float:
    """Area under precision over recall, for found boxes (N,) of all pictures together.

    At every recall the best precision at that recall or beyond counts (the all-points rule of
    PASCAL VOC, 2010). 0 without true faces.
    """
    if not faces or not len(scores):
        return 0.0
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    precision = hits / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(envelope[right[order]].sum() / faces)


def landmark_errors(
    found: NDArray[np.floating], truth: NDArray[np.floating]
) -> NDArray[np.floating]:
    """(N, 5, 2) against (N, 5, 2) → (N,) mean distance over the true distance of the eyes."""
    distances = np.linalg.norm(found - truth, axis=2).mean(axis=1)
    eyes = np.linalg.norm(truth[:, 0] - truth[:, 1], axis=1)
    return np.asarray(distances / np.maximum(eyes, 1e-6))
