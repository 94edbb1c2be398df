"""How far figures would move with other people: people are drawn anew again and again."""

import numpy as np

from benchmarks.grouping.faces import Labels, Shares, shares

TIMES = 1_000


class Resampled:
    """The same faces with their people drawn anew, as often as there are people, `TIMES` times."""

    def __init__(self, truth: Labels) -> None:
        rng, people = np.random.default_rng(0), int(truth.max()) + 1
        drawn = [
            np.bincount(rng.integers(0, people, people), minlength=people)[truth]
            for _ in range(TIMES)
        ]
        weights = np.stack(drawn).astype(np.float32)
        self._weights = weights / weights.sum(axis=1, keepdims=True)

    def intervals(self, labels: Labels, truth: Labels) -> dict[str, list[float]]:
        """Intervals of 95 % of BCubed precision and recall."""
        precision, recall = shares(labels, truth)
        return {
            "precision_interval": self._interval(precision),
            "recall_interval": self._interval(recall),
        }

    def more_found(self, labels: Labels, than: Labels, truth: Labels) -> list[float]:
        """Interval of 95 % of the difference of recalls, of the same people drawn for both."""
        return self._interval(shares(labels, truth)[1] - shares(than, truth)[1])

    def _interval(self, values: Shares) -> list[float]:
        drawn = self._weights @ values.astype(np.float32)
        return [float(one) for one in np.quantile(drawn, (0.025, 0.975))]
