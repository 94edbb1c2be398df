"""Threshold curve of a manifest, from impostor scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.measure.impostors import ScoreHistogram

FMRS: tuple[float, ...] = (
    0.99,
    0.9,
    0.7,
    0.5,
    0.3,
    0.2,
    0.1,
    0.05,
    0.02,
    0.01,
    5e-3,
    2e-3,
    1e-3,
    5e-4,
    2e-4,
)
FMRS += (1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 1e-8)
COUNTED = 100
"""Impostors that must reach a threshold for its rate to be counted rather than fitted."""
_TAIL = 1000
"""Highest impostor scores that the tail is fitted to."""
FEWEST = 10 * _TAIL
"""Comparisons of different people that a curve takes."""


@dataclass(frozen=True, slots=True)
class Tail:
    """A generalised Pareto distribution of the scores above `start`."""

    start: float
    rate: float
    """FMR at `start`."""
    shape: float
    """Negative: scores have an upper end. Never positive, see `fit_tail`."""
    scale: float

    def similarity(self, fmr: float) -> float:
        """The threshold at which the fitted FMR is `fmr` <= `rate`."""
        from scipy.stats import genpareto  # half a second, which most commands do not need

        return float(self.start + genpareto.isf(fmr / self.rate, self.shape, scale=self.scale))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Points of a curve, and from which similarity on they are fitted."""

    points: tuple[tuple[float, float], ...]
    tail_from: float
    comparisons: int
    tail: Tail


def fit_tail(scores: NDArray[np.floating], start: float, total: int) -> Tail:
    """Maximum-likelihood fit over the excesses of `scores` above `start`.

    A cosine is bounded, so the shape is held between -0.5 (where the likelihood stops being
    regular) and 0, the exponential: rates fall log-linearly or faster.
    """
    from scipy.stats import genpareto

    excess = np.asarray(scores, dtype=np.float64) - start
    shape, _, scale = genpareto.fit(excess, floc=0)
    if not -0.5 <= shape <= 0:
        shape = float(np.clip(shape, -0.5, 0))
        _, _, scale = genpareto.fit(excess, f0=shape, floc=0)
    return Tail(start, len(excess) / total, float(shape), float(scale))


def calibrate(histogram: ScoreHistogram) -> Calibration:
    """The curve of an encoder from all comparisons of different people.

    Rates that at least `COUNTED` comparisons attain are counted; below that the tail fitted
    to the 1,000 highest scores takes over. Raises ValueError with fewer than 10,000
    comparisons.
    """
    total = histogram.total
    if total < FEWEST:
        raise ValueError(f"{total} comparisons of different people are too few to calibrate on")
    start = histogram.threshold(_TAIL / total)
    tail = fit_tail(histogram.scores_from(start), start, total)
    points: list[tuple[float, float]] = []
    for fmr in FMRS:
        counted = fmr * total >= COUNTED
        similarity = histogram.threshold(fmr) if counted else tail.similarity(fmr)
        # A curve ascends strictly; a point that rounding put on its neighbour says nothing.
        if similarity <= 1 and (not points or round(similarity, 5) > points[-1][0]):
            points.append((round(similarity, 5), fmr))
    return Calibration(tuple(points), histogram.threshold(COUNTED / total), total, tail)
