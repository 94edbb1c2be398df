"""Figures of 1:1 verification from scores of pairs (ISO/IEC 19795 terms)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score, roc_curve

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


def fold_accuracies(
    scores: Scores, same: Labels, folds: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Accuracy on each fold at the threshold that is best on all other folds (LFW protocol).

    Raises ValueError when there are fewer than two folds.
    """
    names = np.unique(folds)
    if len(names) < 2:
        raise ValueError("the protocol needs two folds or more")
    accuracies = []
    for name in names:
        held_out = folds == name
        threshold = best_threshold(scores[~held_out], same[~held_out])
        accuracies.append(np.mean((scores[held_out] >= threshold) == same[held_out]))
    return np.asarray(accuracies, dtype=np.float64)


def area_under_curve(scores: Scores, same: Labels) -> float:
    """Area under the ROC."""
    return float(roc_auc_score(same, scores))


def equal_error_rate(scores: Scores, same: Labels) -> float:
    """The rate at which false matches and false non-matches are equally frequent."""
    fmr, tmr, _ = roc_curve(same, scores, drop_intermediate=False)
    difference = fmr - (1 - tmr)
    after = int(np.argmax(difference >= 0))
    if difference[after] == 0 or after == 0:
        return float(fmr[after])
    step = difference[after] - difference[after - 1]
    weight = -difference[after - 1] / step
    return float(fmr[after - 1] + weight * (fmr[after] - fmr[after - 1]))


def true_accept_rates(scores: Scores, same: Labels, fars: Sequence[float]) -> list[float]:
    """The highest true accept rate whose false accept rate does not exceed each of `fars`."""
    fmr, tmr, _ = roc_curve(same, scores, drop_intermediate=False)
    return [float(tmr[fmr <= far].max()) for far in fars]


def false_non_match_rate(genuine: Scores, threshold: float) -> float:
    """Share of comparisons of one person with themselves that score below the threshold."""
    return float(np.mean(np.asarray(genuine) < threshold))
