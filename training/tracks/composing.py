"""Tracks put together from filmed photographs, with frames that do not belong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.tracks.clips import Clips
from training.tracks.recipe import CompositionConfig

Frames = NDArray[np.intp]
"""Rows of `Clips`, in order of time."""


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """A batch, padded at the end."""

    embeddings: Tensor
    """(B, T, dimension)."""
    qualities: Tensor
    """(B, T, Q)."""
    lengths: Tensor
    """(B,)."""
    people: NDArray[np.int64]
    """(B,) whom they show."""
    photographs: NDArray[np.int64]
    """(B, 2) rows of the chip set that they were filmed from; the second may repeat the first."""
    intruders: NDArray[np.int64]
    """(B,) who else is in them; -1 for nobody."""


class Composer:
    """Puts tracks of some people together."""

    def __init__(
        self,
        clips: Clips,
        people: NDArray[np.int64],
        allowed: NDArray[np.int64],
        config: CompositionConfig,
    ) -> None:
        """`people` is the person of every row of the chip set, `allowed` those to film."""
        self._clips, self._people, self._config = clips, people, config
        filmed = np.flatnonzero(clips.rows >= 0)
        filmed = filmed[np.isin(people[clips.rows[filmed]], allowed)]
        self._strays = np.flatnonzero(clips.rows < 0)
        rows, starts = np.unique(clips.rows[filmed], return_index=True)
        ends = np.append(starts[1:], len(filmed))
        self._frames = {int(row): filmed[a:b] for row, a, b in zip(rows, starts, ends, strict=True)}
        self.photographs = rows
        """(C,) those that were filmed with success."""
        by_person: dict[int, list[int]] = {}
        for row in rows.tolist():
            by_person.setdefault(int(people[row]), []).append(row)
        self._photographs_of = by_person

    def compose(self, row: int, rng: np.random.Generator) -> tuple[Frames, tuple[int, int]]:
        """One track filmed from a photograph, and the photographs that are in it."""
        config, second = self._config, row
        frames = self._window(row, rng)
        if rng.random() < config.returning:
            second = int(rng.choice(self._photographs_of[int(self._people[row])]))
            frames = np.concatenate([frames, self._window(second, rng)])
        if len(frames) > 2 and rng.random() < config.intruded:
            other = int(rng.choice(self.photographs))
            if self._people[other] != self._people[row]:
                most = max(1, (len(frames) - 1) // 2)
                frames = _mixed(frames, self._window(other, rng, most), rng)
        if len(frames) > 1 and rng.random() < config.stray:
            frames = _mixed(frames, rng.choice(self._strays, 1), rng)
        return frames, (row, second)

    def batch(self, rows: Sequence[int], rng: np.random.Generator) -> Tracks:
        """A track of each of these photographs."""
        made = [self.compose(row, rng) for row in rows]
        longest = max(len(frames) for frames, _ in made)
        index = np.zeros((len(made), longest), dtype=np.intp)
        for i, (frames, _) in enumerate(made):
            index[i, : len(frames)] = frames
        return Tracks(
            torch.from_numpy(self._clips.embeddings[index]),
            torch.from_numpy(self._clips.qualities[index]),
            torch.tensor([len(frames) for frames, _ in made]),
            self._people[np.asarray(rows)],
            np.array([photographs for _, photographs in made]),
            np.array([self._intruder(frames, row) for (frames, (row, _)) in made]),
        )

    def _intruder(self, frames: Frames, row: int) -> int:
        """The person other than that of the photograph whose frames are there, or -1."""
        rows = self._clips.rows[frames]
        people = self._people[rows[rows >= 0]]
        others = people[people != self._people[row]]
        return int(others[0]) if len(others) else -1

    def _window(self, row: int, rng: np.random.Generator, most: int | None = None) -> Frames:
        """Frames of one clip in a row, as often as not in the other direction of time."""
        frames, (least, limit) = self._frames[row], self._config.frames
        limit = min(limit if most is None else most, len(frames))
        length = int(rng.integers(min(least, limit), limit + 1))
        start = int(rng.integers(len(frames) - length + 1))
        window = frames[start : start + length]
        return window if rng.random() < 0.5 else window[::-1]


def _mixed(frames: Frames, others: Frames, rng: np.random.Generator) -> Frames:
    place = int(rng.integers(len(frames) + 1))
    return np.concatenate([frames[:place], others, frames[place:]])
