"""Shares with confidence intervals, where trials of one subject are alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
"""Confidence of the intervals."""


@dataclass(frozen=True, slots=True)
class Share:
    """Hits among trials, with an interval of confidence `LEVEL`."""

    hits: int
    trials: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share, in [0, 1]; None without a trial."""
        return self.hits / self.trials if self.trials else None


def share(hits: NDArray[np.bool_], subjects: NDArray[np.int64]) -> Share:
    """The share of hits among trials, of which those of one subject depend on each other.

    Clopper's and Pearson's interval for as many independent trials as say the same (Korn and
    Graubard, 1998): as many as there are subjects where there is no variance to tell.
    """
    trials, count = len(hits), int(hits.sum())
    if not trials:
        return Share(0, 0, 0.0, 1.0)
    _, group = np.unique(subjects, return_inverse=True)
    sizes = np.bincount(group).astype(np.float64)
    found = np.bincount(group, weights=hits)
    effective = float(len(sizes))
    if 0 < count < trials:
        rate = count / trials
        clustered = float(((found - rate * sizes) ** 2).sum()) / trials**2
        effective = float(np.clip(rate * (1 - rate) / max(clustered, 1e-12), 1.0, trials))
    low, high = _clopper_pearson(count / trials * effective, effective)
    return Share(count, trials, low, high)


def _clopper_pearson(hits: float, trials: float) -> tuple[float, float]:
    from scipy.special import betaincinv  # a tenth of a second that starting should not take

    outside = (1 - LEVEL) / 2
    low = float(betaincinv(hits, trials - hits + 1, outside)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, trials - hits, 1 - outside)) if hits < trials else 1.0
    return low, high
