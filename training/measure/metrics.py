"""Figures of 1:1 verification from scores of pairs (ISO/IEC 19795 terms)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]
Labels = NDArray[np.bool_]


def best_threshold(scores: Scores, same: Labels) -> float:
    """The threshold t of highest accuracy of "same if score >= t", midway between scores.

    Of several equally good ones the middle one.
    """
    values = np.unique(scores)
    # Just above the highest score everything is refused, just below the lowest all accepted.
    edges = np.concatenate(
        [[values[0] - 1e-6], (values[1:] + values[:-1]) / 2, [values[-1] + 1e-6]]
    )
    genuine, impostor = np.sort(scores[same]), np.sort(scores[~same])
    accepted = len(genuine) - np.searchsorted(genuine, edges)
    refused = np.searchsorted(impostor, edges)
    right = accepted + refused
    best = np.flatnonzero(right == right.max())
    return float(edges[best[len(best) // 2]])


def decided_right(scores: Scores, same: Labels, folds: NDArray[np.integer]) -> Labels:
    """(P,) whether each pair is decided right at the threshold best on all other folds.

    The LFW protocol. Raises ValueError when there are fewer than two folds.
    """
    names = np.unique(folds)
    if len(names) < 2:
        raise ValueError("the protocol needs two folds or more")
    right = np.zeros(len(scores), dtype=np.bool_)
    for name in names:
        held_out = folds == name
        threshold = best_threshold(scores[~held_out], same[~held_out])
        right[held_out] = (scores[held_out] >= threshold) == same[held_out]
    return right


def fold_accuracies(
    scores: Scores, same: Labels, folds: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Accuracy on each fold at the threshold that is best on all other folds (LFW protocol).

    Raises ValueError when there are fewer than two folds.
    """
    right = decided_right(scores, same, folds)
    return np.array([right[folds == name].mean() for name in np.unique(folds)])


@dataclass(frozen=True, slots=True, eq=False)
class Roc:
    """Rates as the threshold falls from above the highest score to the lowest one."""

    fmr: NDArray[np.float64]
    tmr: NDArray[np.float64]

    def area(self) -> float:
        """Under the curve; a tie counts as half right."""
        return float(np.trapezoid(self.tmr, self.fmr))

    def equal_error_rate(self) -> float:
        """The rate at which false matches and false non-matches are equally frequent."""
        difference = self.fmr - (1 - self.tmr)
        after = int(np.argmax(difference >= 0))
        if difference[after] == 0 or after == 0:
            return float(self.fmr[after])
        step = difference[after] - difference[after - 1]
        weight = -difference[after - 1] / step
        return float(self.fmr[after - 1] + weight * (self.fmr[after] - self.fmr[after - 1]))

    def true_accept_rates(self, fars: Sequence[float]) -> list[float]:
        """The highest true accept rate whose false accept rate does not exceed each of `fars`."""
        return [float(self.tmr[self.fmr <= far].max()) for far in fars]


class Ranking:
    """Scores sorted once, for many curves that differ in how often comparisons count."""

    def __init__(self, scores: Scores, same: Labels) -> None:
        self._order = np.argsort(-scores, kind="stable")
        descending = scores[self._order]
        self._last = np.append(np.flatnonzero(np.diff(descending)), len(scores) - 1)
        self._same = same[self._order]

    def roc(self, weights: NDArray[np.floating] | None = None) -> Roc:
        """The curve when each comparison counts (P,) `weights` times; None counts each once."""
        ranked = np.ones(len(self._order)) if weights is None else weights[self._order]
        genuine = np.cumsum(np.where(self._same, ranked, 0.0))[self._last]
        impostor = np.cumsum(np.where(self._same, 0.0, ranked))[self._last]
        start = np.zeros(1)
        return Roc(
            np.concatenate([start, impostor / impostor[-1]]),
            np.concatenate([start, genuine / genuine[-1]]),
        )


def area_under_curve(scores: Scores, same: Labels) -> float:
    """Area under the ROC."""
    return Ranking(scores, same).roc().area()


def equal_error_rate(scores: Scores, same: Labels) -> float:
    """The rate at which false matches and false non-matches are equally frequent."""
    return Ranking(scores, same).roc().equal_error_rate()


def true_accept_rates(scores: Scores, same: Labels, fars: Sequence[float]) -> list[float]:
    """The highest true accept rate whose false accept rate does not exceed each of `fars`."""
    return Ranking(scores, same).roc().true_accept_rates(fars)


def false_non_match_rate(genuine: Scores, threshold: float) -> float:
    """Share of comparisons of one person with themselves that score below the threshold."""
    return float(np.mean(np.asarray(genuine) < threshold))
