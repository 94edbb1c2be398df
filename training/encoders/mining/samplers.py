"""Choice of the pictures of a batch."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.encoders.recipe import BatchConfig

Rows = NDArray[np.int64]


class Sampler(Protocol):
    """Draws the rows of any step, without having drawn those before."""

    def rows(self, step: int) -> Rows:
        """(size,) rows of the training set."""
        ...


class PictureSampler:
    """Every picture once per epoch, in an order that differs from epoch to epoch."""

    def __init__(self, count: int, size: int, seed: int) -> None:
        self._count, self._size, self._seed = count, size, seed

    def rows(self, step: int) -> Rows:
        """(size,); a batch may reach from one epoch into the next."""
        places = np.arange(step * self._size, (step + 1) * self._size)
        epochs = places // self._count
        rows = np.empty(self._size, dtype=np.int64)
        for epoch in np.unique(epochs):
            order = np.random.default_rng([self._seed, 1, epoch]).permutation(self._count)
            rows[epochs == epoch] = order[places[epochs == epoch] % self._count]
        return rows


class PeopleSampler:
    """P people with K pictures each, as in FaceNet (Schroff et al., 2015).

    Of people with fewer than K, pictures repeat, each time augmented anew. People with a single
    picture come only with `single_views`.
    """

    def __init__(
        self,
        labels: NDArray[np.int64],
        size: int,
        pictures: int,
        seed: int,
        *,
        single_views: bool = False,
    ) -> None:
        self._members = drawable(labels, single_views=single_views)
        self._pictures, self._seed = pictures, seed
        self._people = PictureSampler(len(self._members), size // pictures, seed)

    def rows(self, step: int) -> Rows:
        """(P * K,), person by person."""
        rng = np.random.default_rng([self._seed, 2, step])
        drawn = []
        for person in self._people.rows(step):
            mine = self._members[person]
            few = len(mine) < self._pictures
            drawn.append(rng.choice(mine, self._pictures, replace=few))
        return np.concatenate(drawn).astype(np.int64)


def drawable(labels: NDArray[np.int64], *, single_views: bool) -> list[NDArray[np.int64]]:
    """Rows of each person of whom two pictures, or two views of the only one, can be drawn."""
    order = np.argsort(labels, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    return [m for m in members if len(m) > 1 or single_views]


def sampler(
    labels: NDArray[np.int64], config: BatchConfig, seed: int, *, single_views: bool = False
) -> Sampler:
    """The one a configuration asks for."""
    if config.pictures == 1:
        return PictureSampler(len(labels), config.size, seed)
    return PeopleSampler(labels, config.size, config.pictures, seed, single_views=single_views)
