"""The threshold curve of an encoder: similarity to false-match rate and back."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_UNSEEN = 3.0
"""Of a rate that none of n comparisons has shown, this many in n is the upper end with a
confidence of 95 %: (1 - 3/n)^n is .05."""


def rounded_up(rate: float) -> float:
    """The rate with one digit, no lower than it is."""
    unit = 10.0 ** math.floor(math.log10(rate))
    return float(f"{math.ceil(rate / unit - 1e-9) * unit:.0e}")


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """A monotone curve through measured points, linear in log10(FMR) between them.

    `similarities` ascend, `fmrs` descend strictly in (0, 1]. Beyond the last point the last
    segment's slope goes on; below the first point the FMR is that of the first point.
    """

    similarities: tuple[float, ...]
    fmrs: tuple[float, ...]
    least: float | None = None
    """Smallest FMR that the comparisons behind the curve support; None: that of the last point."""

    def __post_init__(self) -> None:
        s, f = np.asarray(self.similarities), np.asarray(self.fmrs)
        if len(s) != len(f) or len(s) < 2:
            raise ValueError("a threshold curve needs two points or more, as many FMRs as scores")
        if np.any(np.diff(s) <= 0) or np.any(np.diff(f) >= 0):
            raise ValueError("similarities must ascend and FMRs descend strictly")
        if f[0] > 1 or f[-1] <= 0:
            raise ValueError("false-match rates must lie in (0, 1]")

    @classmethod
    def of(
        cls, points: Sequence[tuple[float, float]], comparisons: float | None = None
    ) -> "ThresholdCurve":
        """Build the curve from (similarity, FMR) pairs in ascending order of similarity.

        `comparisons` of different people stand behind it, as many as are independent.
        """
        least = min(1.0, _UNSEEN / comparisons) if comparisons else None
        return cls(tuple(s for s, _ in points), tuple(f for _, f in points), least)

    @property
    def supported(self) -> float:
        """Smallest FMR that the comparisons support, with one digit: a lower one is a guess."""
        return rounded_up(self.fmrs[-1] if self.least is None else self.least)

    def fmr(self, similarity: float) -> float:
        """Estimated share of impostor comparisons that score at least `similarity`."""
        s, log_f = self._points()
        if similarity > s[-1]:
            slope = (log_f[-1] - log_f[-2]) / (s[-1] - s[-2])
            return float(10.0 ** (log_f[-1] + slope * (similarity - s[-1])))
        return float(10.0 ** np.interp(similarity, s, log_f))

    def similarity(self, fmr: float) -> float:
        """The threshold at which the false-match rate is `fmr`, in (0, 1]; never above 1."""
        if not 0 < fmr <= 1:
            raise ValueError("a false-match rate lies in (0, 1]")
        s, log_f = self._points()
        wanted = np.log10(fmr)
        if wanted < log_f[-1]:
            slope = (s[-1] - s[-2]) / (log_f[-1] - log_f[-2])
            return float(min(1.0, s[-1] + slope * (wanted - log_f[-1])))
        return float(np.interp(wanted, log_f[::-1], s[::-1]))

    def _points(self) -> tuple[np.ndarray, np.ndarray]:
        return np.asarray(self.similarities), np.log10(np.asarray(self.fmrs))
