"""Templates of sightings in memory, for new ones to be compared with."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.gallery import Partition
from app.domain.people.sightings import Unnamed
from app.services.ports import UnitOfWork

MOST_COMPARED = 100_000
"""Templates of one partition, the newest: 51 MB where they have 128 numbers."""
OF_A_GROUP = 12
"""Templates of one group: whoever is seen all day fills no memory, and outvotes nobody."""
_PAGE = 5_000
_LAST = 2**63 - 1


class ComparedFaces:
    """Sightings of one partition that were compared, as far as new ones may be like them."""

    def __init__(self, partition: Partition) -> None:
        self._partition = partition
        self.ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._vectors: NDArray[np.float32] = np.empty((0, 0), np.float32)
        self._count = 0
        self._newest = 0
        self._of_group: Counter[str] = Counter()
        self._filled = False

    def __len__(self) -> int:
        return self._count

    @property
    def vectors(self) -> NDArray[np.float32]:
        """(N, dim), in the order of the ids; zeros for what is gone."""
        return self._vectors[: self._count]

    def follow(self, uow: UnitOfWork) -> None:
        """Take in what was compared since, by whichever process."""
        if not self._filled:
            self._fill(uow)
        while True:
            page = uow.sightings.compared_after(self._partition, self._newest, _PAGE)
            self.add(page.ids, page.templates, page.groups)
            if len(page.ids) < _PAGE:
                return

    def add(
        self,
        ids: NDArray[np.int64],
        templates: NDArray[np.float32],
        groups: Sequence[str | None],
    ) -> None:
        """Add those of groups that have not enough yet; ids ascend."""
        if not len(ids):
            return
        self._newest = max(self._newest, int(ids[-1]))
        rows = [row for row, group in enumerate(groups) if self._is_taken(group)]
        if self._count + len(rows) > MOST_COMPARED:
            self._drop_oldest()
        self._reserve(self._count + len(rows), templates.shape[1])
        end = self._count + len(rows)
        self.ids[self._count : end] = ids[rows]
        self._vectors[self._count : end] = templates[rows]
        self._count = end

    def forget(self, rows: Sequence[int]) -> None:
        """Have nothing be like those rows any more."""
        self._vectors[list(rows)] = 0.0

    def _fill(self, uow: UnitOfWork) -> None:
        """The newest first, so that it is the oldest that find no room."""
        pages: list[Unnamed] = []
        taken, before = 0, _LAST
        while taken < MOST_COMPARED:
            page = uow.sightings.before(self._partition, before, _PAGE)
            if not len(page.ids):
                break
            before = int(page.ids[0])
            rows = [row for row, group in enumerate(page.groups) if self._is_taken(group)]
            taken += len(rows)
            pages.append(
                Unnamed(page.ids[rows], page.templates[rows], [page.groups[r] for r in rows], [])
            )
        self._of_group.clear()
        for page in reversed(pages):
            self.add(page.ids, page.templates, page.groups)
        self._filled = True

    def _is_taken(self, group: str | None) -> bool:
        if group is None:
            return True
        self._of_group[group] += 1
        return self._of_group[group] <= OF_A_GROUP

    def _reserve(self, count: int, dimension: int) -> None:
        if count <= len(self.ids) and self._vectors.shape[1] == dimension:
            return
        size = min(MOST_COMPARED + _PAGE, max(1_024, 2 * count))
        ids, vectors = np.empty(size, np.int64), np.zeros((size, dimension), np.float32)
        if self._count:
            ids[: self._count] = self.ids[: self._count]
            vectors[: self._count] = self.vectors
        self.ids, self._vectors = ids, vectors

    def _drop_oldest(self) -> None:
        """Make room by a tenth, those that are gone first."""
        alive = np.flatnonzero(np.any(self.vectors[:, :8], axis=1))
        kept = alive[-(MOST_COMPARED * 9 // 10) :]
        self.ids[: len(kept)] = self.ids[kept]
        self._vectors[: len(kept)] = self._vectors[kept]
        self._count = len(kept)
        self._of_group.clear()
