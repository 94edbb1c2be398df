"""Templates of sightings in memory, to be compared."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.gallery import Partition
from app.domain.people.sightings import Unnamed
from app.services.ports import UnitOfWork

MOST_COMPARED = 100_000
"""Templates of one partition, the newest: 51 MB where they have 128 numbers."""
OF_A_GROUP = 12
"""Templates of one group, the newest: whoever is seen all day fills no memory, and outvotes nobody,
and whoever is seen for months is compared with faces that are kept still."""
_COUNTED = 100
"""Faces are counted when one in so many has come since: it takes time with their number."""
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
        self._of_group: dict[str, list[int]] = {}
        """Rows by group, the one that was taken first comes first."""
        self._filled = False
        self._faces = 0
        self._added = 0
        """Since the faces were counted."""

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
        """Take them in, of each group in the place of its oldest one where there are enough."""
        if not len(ids):
            return
        self._newest = max(self._newest, int(ids[-1]))
        self._added += len(ids)
        if self._count + len(ids) > MOST_COMPARED:
            self._drop_oldest()
        self._reserve(self._count + len(ids), templates.shape[1])
        rows = [self._row(group) for group in groups]
        self.ids[rows] = ids  # of a row that is named twice the last one counts
        self._vectors[rows] = templates

    def faces(self, uow: UnitOfWork) -> int:
        """Number of the faces without a name among which new ones are; counted now and then."""
        if self._added * _COUNTED >= self._faces:
            self._faces, self._added = uow.sightings.nameless(self._partition), 0
        return min(self._faces, MOST_COMPARED)

    def of_groups(self, groups: Collection[str]) -> list[int]:
        """Rows that were of one of the groups when they were taken in."""
        return [row for name in groups for row in self._of_group.get(name, ())]

    def forget(self, rows: Sequence[int]) -> None:
        """Have nothing be like those rows any more."""
        self._vectors[list(rows)] = 0.0

    def _fill(self, uow: UnitOfWork) -> None:
        """The newest first, so that it is the oldest that find no room."""
        pages: list[Unnamed] = []
        taken, before = 0, _LAST
        counted: Counter[str] = Counter()
        while taken < MOST_COMPARED:
            page = uow.sightings.before(self._partition, before, _PAGE)
            if not len(page.ids):
                break
            before = int(page.ids[0])
            rows = []
            for row in reversed(range(len(page.ids))):
                group = page.groups[row]
                if group is None or counted[group] < OF_A_GROUP:
                    rows.append(row)
                    counted.update([group] if group else [])
            rows.reverse()
            taken += len(rows)
            pages.append(
                Unnamed(page.ids[rows], page.templates[rows], [page.groups[r] for r in rows], [])
            )
        for page in reversed(pages):
            self.add(page.ids, page.templates, page.groups)
        self._filled = True

    def _row(self, group: str | None) -> int:
        """Row for a new one of the group, or of none."""
        rows = self._of_group.setdefault(group, []) if group is not None else []
        if len(rows) < OF_A_GROUP:
            row = self._count
            self._count += 1
        else:
            row = rows.pop(0)
        rows.append(row)
        return row

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
        kept = alive[np.argsort(self.ids[alive])][-(MOST_COMPARED * 9 // 10) :]
        places = np.full(self._count, -1, np.int64)
        places[kept] = np.arange(len(kept))
        self.ids[: len(kept)] = self.ids[kept]
        self._vectors[: len(kept)] = self._vectors[kept]
        self._count = len(kept)
        moved = {
            group: [place for row in rows if (place := int(places[row])) >= 0]
            for group, rows in self._of_group.items()
        }
        self._of_group = {group: rows for group, rows in moved.items() if rows}


def newest(uow: UnitOfWork, partition: Partition, most: int, *, compared: bool = False) -> Unnamed:
    """Read so many at most, ids ascending; with `compared` only those that were compared before."""
    pages: list[Unnamed] = []
    before, left = _LAST, most
    while left > 0:
        page = uow.sightings.before(partition, before, min(left, _PAGE), compared=compared)
        if not len(page.ids):
            break
        before = int(page.ids[0])
        left -= len(page.ids)
        pages.append(page)
    pages.reverse()
    return together(pages)


def together(parts: Sequence[Unnamed]) -> Unnamed:
    """All of the parts, in their order."""
    parts = [one for one in parts if len(one.ids)]
    if not parts:
        return Unnamed(np.empty(0, np.int64), np.empty((0, 0), np.float32), [], [])
    begins = np.cumsum([0, *(len(one.ids) for one in parts)]).tolist()
    return Unnamed(
        np.concatenate([one.ids for one in parts]),
        np.concatenate([one.templates for one in parts]),
        [name for one in parts for name in one.groups],
        [begin + row for begin, one in zip(begins, parts, strict=False) for row in one.new],
    )
