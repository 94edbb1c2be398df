"""The stream of triplets that keeps what is not learnt yet."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from training.encoders.mining.samplers import drawable

Rows = NDArray[np.int64]


class TripletStream:
    """Random triplets; those that keep the margin are dropped, the others come again.

    A sampler with a memory: steps have to be drawn in order, each settled before the next.
    Half of a draw at most comes from those put back, so that hopeless ones (a wrong label,
    say) cannot fill every batch.
    """

    def __init__(self, labels: Rows, size: int, seed: int, *, single_views: bool = False) -> None:
        self._size = size
        self._anchors = drawable(labels, single_views=single_views)
        self._labels = labels
        self._rng = np.random.default_rng([seed, 5])
        self._waiting: deque[tuple[int, int, int]] = deque()

    def rows(self, step: int) -> Rows:
        """(size,): anchor, positive and negative of one triplet after the other."""
        count = self._size // 3
        again = min(len(self._waiting), count // 2)
        drawn = [self._waiting.popleft() for _ in range(again)]
        drawn += [self._random() for _ in range(count - again)]
        return np.array(drawn, dtype=np.int64).ravel()

    def settle(self, rows: Rows, satisfied: NDArray[np.bool_]) -> None:
        """Put the triplets of (size,) rows back unless they are among the (size / 3,) satisfied."""
        self._waiting.extend(tuple(row) for row in rows.reshape(-1, 3)[~satisfied].tolist())

    @property
    def waiting(self) -> int:
        """Number of triplets that are to come again."""
        return len(self._waiting)

    def state_dict(self) -> dict[str, object]:
        """State that `load_state_dict` goes on from."""
        return {"waiting": list(self._waiting), "rng": self._rng.bit_generator.state}

    def load_state_dict(self, state: dict[str, object]) -> None:
        """Go on where another stream over the same people was."""
        waiting, rng = state["waiting"], state["rng"]
        assert isinstance(waiting, list) and isinstance(rng, dict)  # noqa: S101 - for the types
        self._waiting = deque(tuple(row) for row in waiting)
        self._rng.bit_generator.state = rng

    def _random(self) -> tuple[int, int, int]:
        mine = self._anchors[self._rng.integers(len(self._anchors))]
        # Of the only picture, two views.
        anchor, positive = self._rng.choice(mine, 2, replace=len(mine) == 1).tolist()
        while True:
            negative = int(self._rng.integers(len(self._labels)))
            if self._labels[negative] != self._labels[anchor]:
                return anchor, positive, negative
