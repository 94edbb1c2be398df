"""Recall in production: a share of the searches is made again, exactly, and compared."""

import threading
from dataclasses import dataclass

from app.index.growing.clustered import Clustered
from app.index.growing.shard import GrowingShard
from app.index.kit.arrays import Vectors
from app.index.kit.partitions import LockedShard
from app.platform.telemetry import RECALL_SAMPLES, SAMPLED_RECALL

_SAME = 1e-6
"""Similarities this close are those of one vector, computed in another order."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    locked: LockedShard
    probe: Vectors
    best: float


class RecallSampler:
    """Holds at most one search that waits to be checked, so that checking never piles up."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._lock = threading.Lock()
        self._waiting: _Sample | None = None
        self._found = 0
        self._checked = 0

    def wants(self, chance: float) -> bool:
        """Whether a search that drew this number from [0, 1) is to be checked."""
        return chance < self._share and self._waiting is None

    def take(self, locked: LockedShard, probe: Vectors, best: float) -> None:
        """Keep a search for later: its (dimension,) probe and the similarity it has found."""
        with self._lock:
            self._waiting = _Sample(locked, probe, best)

    def check(self) -> None:
        """Search exactly for what waits, and count whether the index had found as much.

        A vector that came after the search could only count against the index, and one that
        went could only count for it; both are rare within the second that a sample waits.
        """
        with self._lock:
            sample = self._waiting
        if sample is None:
            return
        found = _exact_best(sample)
        if found is not None:
            hit = sample.best >= found - _SAME
            self._checked += 1
            self._found += hit
            RECALL_SAMPLES.labels("found" if hit else "missed").inc()
            SAMPLED_RECALL.set(self._found / self._checked)
        with self._lock:
            self._waiting = None


def _exact_best(sample: _Sample) -> float | None:
    """The highest similarity; None when the partition was rebuilt or removed meanwhile."""
    shard = sample.locked.shard
    assert isinstance(shard, GrowingShard)  # noqa: S101 - nothing else is sampled
    serving = shard.serving
    if not isinstance(serving, Clustered):
        return None
    best: float | None = None
    for start in range(0, serving.file.rows, 65_536):
        # Piece by piece, so that no change waits for the whole; a swap closes the file.
        with sample.locked.lock.reading():
            if shard.serving is not serving:
                return None
            piece = serving.exact(sample.probe[None], 1, start, start + 65_536)[0]
        if piece.size and (best is None or piece[0, 0] > best):
            best = float(piece[0, 0])
    return best
