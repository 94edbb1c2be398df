"""Batches of augmented chips, each a function of seed and step alone.

Nothing has to be stored for a run to be resumed, processes that load ahead may come and go,
and several processes training together split one and the same batch.
"""

import hashlib
from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.augment.augmenter import Augmenter
from training.data.chips import ChipSet
from training.encoders.mining.samplers import Sampler


@dataclass(frozen=True, slots=True)
class Batch:
    """The pictures of one step, or one process's part of them."""

    chips: Tensor
    """(n, H, W, 3) uint8 RGB, augmented."""
    rows: Tensor
    """(n,) places in the training set."""
    labels: Tensor
    """(n,) people, from 0 on."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """The rows of a chip set that are trained on, with people numbered from 0 on."""

    source: ChipSet
    rows: NDArray[np.intp]
    """(N,) into the chip set."""
    labels: NDArray[np.int64]
    """(N,)."""

    @classmethod
    def of(cls, source: ChipSet, rows: NDArray[np.intp]) -> "TrainingSet":
        """Take those rows of the chip set."""
        people = np.unique(source.labels[rows], return_inverse=True)[1]
        return cls(source, rows, people.astype(np.int64))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def people(self) -> int:
        """Number of people."""
        return int(self.labels.max()) + 1

    def digest(self) -> str:
        """Tell these pictures in this order from others, wherever their folders lie."""
        names, paths = self.source.names, self.source.paths
        lines = (f"{names[row]}/{Path(paths[row]).name}\n" for row in self.rows.tolist())
        return hashlib.sha256("".join(lines).encode()).hexdigest()


class Loader:
    """Makes the batch of any step."""

    def __init__(
        self,
        data: TrainingSet,
        which: Sampler,
        augmenter: Augmenter,
        seed: int,
        part: slice = slice(None),
    ) -> None:
        self._data, self._sampler, self._augmenter = data, which, augmenter
        self._seed, self._part = seed, part

    def load(self, step: int) -> Batch:
        """One process's `part` of the batch."""
        rows = self._sampler.rows(step)
        source = self._data.source
        chips = []
        for place in range(len(rows))[self._part]:
            row = self._data.rows[rows[place]]
            rng = np.random.default_rng([self._seed, step, place])
            chips.append(self._augmenter(source.chips[row], source.landmarks[row], rng))
        rows = rows[self._part]
        return Batch(
            torch.from_numpy(np.stack(chips)),
            torch.from_numpy(rows),
            torch.from_numpy(self._data.labels[rows]),
        )

    def batches(self, steps: range, workers: int) -> Generator[Batch]:
        """Batches of the given steps, in order, `workers` threads loading ahead.

        Threads and not processes: decoding, warping and blurring leave the interpreter to
        others, and a fork would take OpenCV's locks along in whatever state they are.
        """
        if not workers:
            yield from map(self.load, steps)
            return
        cv2.setNumThreads(1)  # or each worker's threads fight with the network's for the cores
        with ThreadPoolExecutor(workers, thread_name_prefix="loader") as pool:
            ahead = deque(pool.submit(self.load, step) for step in steps[: 2 * workers])
            try:
                for step in steps:
                    batch = ahead.popleft().result()
                    if step + 2 * workers < steps.stop:
                        ahead.append(pool.submit(self.load, step + 2 * workers))
                    yield batch
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
