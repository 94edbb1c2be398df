"""Visitors of a place, day by day: some come all the time, some for a day, most once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.galleries.drawn.synthetic import Floats, Population

_OFTEN, _SOME = 0.5, 0.25
"""Shares of a day's faces: of regulars, and of visitors who are seen some times on one day. The
others are seen once and never again."""
_SOME_TIMES = 4
ENROLLED = 0.1
"""Share of the regulars who have a name."""


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Faces in the order in which they are seen."""

    templates: Floats
    """(N, 128), rows L2-normalised."""
    people: NDArray[np.int64]
    """(N,) numbers of whom they show; whoever comes on another day again has the same one."""
    known: NDArray[np.bool_]
    """(N,) whether that one is enrolled."""

    def __len__(self) -> int:
        return len(self.people)

    def part(self, first: int, end: int) -> "Faces":
        """Those from one place to another."""
        rows = slice(first, end)
        return Faces(self.templates[rows], self.people[rows], self.known[rows])


class Visitors:
    """Visitors of a place that sees so many faces a day. The same seed makes the same ones.

    There is a regular for a hundred faces a day, and the n-th of them comes 1/n as often as the
    first: that one is seen several thousand times on a day of 100,000.
    """

    def __init__(self, per_day: int, seed: int = 0) -> None:
        self._per_day = per_day
        self._chance = np.random.default_rng(seed)
        self._population = Population.load()
        count = max(10, per_day // 100)
        self._regulars = self._population.identities(count, self._chance)
        weights = 1 / np.arange(1, count + 1)
        self._weights = weights / weights.sum()
        self.enrolled = range(0, count, round(1 / ENROLLED))
        """Numbers of the regulars who have a name."""
        self._next = count

    def day(self) -> Faces:
        """The next day's faces."""
        often, some = round(_OFTEN * self._per_day), round(_SOME * self._per_day)
        once, first = self._per_day - often - some, self._next
        who = self._chance.choice(len(self._regulars), size=often, p=self._weights)
        groups = np.repeat(self._new(-(-some // _SOME_TIMES)), _SOME_TIMES)[:some]
        people = np.concatenate([who, groups, self._new(once)])
        people = people[self._chance.permutation(self._per_day)]
        new = self._population.identities(self._next - first, self._chance)
        identities = np.concatenate([self._regulars, new])
        regulars = len(self._regulars)
        rows = np.where(people < regulars, people, people - first + regulars)
        templates = self._population.images(identities[rows], self._chance)
        return Faces(templates, people, np.isin(people, np.asarray(self.enrolled)))

    def _new(self, count: int) -> NDArray[np.int64]:
        """Numbers of so many who were never seen before."""
        self._next += count
        return np.arange(self._next - count, self._next)
