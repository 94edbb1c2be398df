"""The report of `evaluate verification`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.measure import metrics
from training.measure.bootstrap import confidence_intervals
from training.measure.errors import EvaluationError
from training.measure.gallery import Gallery
from training.measure.impostors import cross_identity_histogram
from training.measure.pairs import Pair

FARS = {"1e-2": 1e-2, "1e-3": 1e-3}
FMRS = {"1e-2": 1e-2, "1e-3": 1e-3, "1e-4": 1e-4, "1e-5": 1e-5}


def require_protocol(pairs: Sequence[Pair]) -> None:
    """Raises EvaluationError for pairs that no accuracy can be told of, before any work."""
    same = np.array([pair.same for pair in pairs])
    _decided(same.astype(np.float64), same, pairs)


def verification_report(gallery: Gallery, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Every figure of the pairs, ready for JSON. Raises EvaluationError.

    Thresholds of `fnmr` come from all comparisons of different people among the detected
    faces. A pair with an undetected face counts with the lowest similarity. For
    `confidence_95` people are drawn anew, not pairs, since pairs that share a person are alike.
    """
    scores = gallery.similarities(pairs)
    same = np.array([pair.same for pair in pairs])
    folds = np.array([pair.fold for pair in pairs])
    right = _decided(scores, same, pairs)
    accuracies = np.array([right[folds == fold].mean() for fold in np.unique(folds)])
    rates = metrics.true_accept_rates(scores, same, list(FARS.values()))
    faces = gallery.detected
    histogram = cross_identity_histogram(
        gallery.embeddings[faces], np.asarray(gallery.identities)[faces].tolist()
    )
    thresholds = {name: histogram.threshold(fmr) for name, fmr in FMRS.items()}
    figures = {
        "accuracy": float(accuracies.mean()),
        "accuracy_sd": float(accuracies.std(ddof=1)),
        "auc": metrics.area_under_curve(scores, same),
        "eer": metrics.equal_error_rate(scores, same),
        "tar_at_far": dict(zip(FARS, rates, strict=True)),
        "fnmr": {
            name: metrics.false_non_match_rate(scores[same], threshold)
            for name, threshold in thresholds.items()
        },
        "thresholds": thresholds,
        "impostor_comparisons": histogram.total,
        "confidence_95": confidence_intervals(
            gallery.people_of(pairs), scores, same, right, FARS, thresholds
        ),
    }
    return figures | _counts(gallery, pairs)


def _decided(
    scores: NDArray[np.float64], same: NDArray[np.bool_], pairs: Sequence[Pair]
) -> NDArray[np.bool_]:
    try:
        return metrics.decided_right(scores, same, np.array([pair.fold for pair in pairs]))
    except ValueError as error:
        raise EvaluationError(
            f"The pairs do not fit the protocol: {error}.",
            hint="Each fold is judged by the threshold of the others: name two folds or more.",
        ) from error


def _counts(gallery: Gallery, pairs: Sequence[Pair]) -> dict[str, int]:
    return {
        "pairs": len(pairs),
        "genuine_pairs": sum(pair.same for pair in pairs),
        "folds": len({pair.fold for pair in pairs}),
        "images": len(gallery.names),
        "identities": len(set(gallery.identities)),
        "undetected": int((~gallery.detected).sum()),
        "undetected_pairs": int((gallery.similarities(pairs) == -1).sum()),
    }
