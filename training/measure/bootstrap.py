"""Intervals: how far figures would move had other people been photographed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.measure import metrics
from training.measure.metrics import Labels, Scores

REPLICATES = 1000
_SEED = 0


def identity_weights(people: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.float64]:
    """(P,) how often each pair occurs when people are drawn with replacement.

    `people` is (P, 2). A pair of one person occurs as often as that person was drawn, a pair
    of two as often as the product. After Poh, Martin, Bengio, "Performance generalization in
    biometric authentication using joint user-specific and sample bootstraps" (2007).
    """
    count = int(people.max()) + 1
    drawn = np.bincount(rng.integers(count, size=count), minlength=count).astype(np.float64)
    first, second = drawn[people[:, 0]], drawn[people[:, 1]]
    return np.where(people[:, 0] == people[:, 1], first, first * second)


def confidence_intervals(
    people: NDArray[np.intp],
    scores: Scores,
    same: Labels,
    right: Labels,
    fars: Mapping[str, float],
    thresholds: Mapping[str, float],
    replicates: int = REPLICATES,
) -> dict[str, Any]:
    """[low, high] 95 % percentile intervals of the figures of pairs, over identities.

    `people` is (P, 2), the other arrays (P,); `right` tells which pairs the protocol decides
    right. `thresholds` are held: they come from so many comparisons that they hardly move.
    """
    people = np.unique(people, return_inverse=True)[1].reshape(people.shape)
    rng, ranking = np.random.default_rng(_SEED), metrics.Ranking(scores, same)
    misses = [scores[same] < threshold for threshold in thresholds.values()]
    rows: list[list[float]] = []
    while len(rows) < replicates:
        weights = identity_weights(people, rng)
        if not weights[same].sum() or not weights[~same].sum():
            continue
        roc = ranking.roc(weights)
        genuine = weights[same]
        rows.append(
            [
                float(weights[right].sum() / weights.sum()),
                roc.area(),
                roc.equal_error_rate(),
                *roc.true_accept_rates(list(fars.values())),
                *(float(genuine[miss].sum() / genuine.sum()) for miss in misses),
            ]
        )
    low, high = np.percentile(np.array(rows), [2.5, 97.5], axis=0)
    bounds = [[float(a), float(b)] for a, b in zip(low, high, strict=True)]
    end = 3 + len(fars)
    return {
        **dict(zip(("accuracy", "auc", "eer"), bounds[:3], strict=True)),
        "tar_at_far": dict(zip(fars, bounds[3:end], strict=True)),
        "fnmr": dict(zip(thresholds, bounds[end:], strict=True)),
    }
