"""Filling another engine while the present one serves."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.gallery import Collection, Partition
from app.platform.progress import Report
from app.services.indexing.sharing import SharedIndexFollower
from app.services.ports import Storage, UnitOfWork, VectorIndex
from app.services.ports.repositories import Ids, Templates

_PAGE = 500
_SAMPLE = 20
_ROUNDS = 5
_SELF = 0.999
"""Similarity of a stored template to itself, at half precision as well."""


@dataclass(frozen=True, slots=True)
class MovedCollection:
    """A collection in the new engine, compared with SQL."""

    name: str
    faces: int
    vectors: int
    found: int
    """Of `sampled` faces, those that their own template finds first."""
    sampled: int

    @property
    def complete(self) -> bool:
        return self.faces == self.vectors and self.found == self.sampled


class IndexMigration:
    """Fills an engine from SQL and has it keep up until it is compared and found complete."""

    def __init__(self, storage: Storage, name: str) -> None:
        """`name` is what the processes that are to share the engine will call it."""
        self._storage = storage
        self._name = name

    def run(self, target: VectorIndex, report: Report) -> Sequence[MovedCollection]:
        """Every collection as it stands in the engine now; what was moved before stays."""
        with self._storage.read() as uow:
            total = sum(uow.faces.counts().values())
        counted = _Counted(target, lambda done: report(min(done, total), total))
        follower = SharedIndexFollower(self._storage, counted, self._name)
        moved: Sequence[MovedCollection] = ()
        for _ in range(_ROUNDS):
            follower.catch_up()
            with self._storage.read() as uow:
                moved = [_compare(uow, target, one) for one in _collections(uow)]
            # Whoever writes meanwhile makes the counts differ; they are caught up with then.
            if all(one.complete for one in moved):
                break
        report(total, total)
        return moved


class _Counted:
    """The index, telling how many vectors it was given."""

    def __init__(self, index: VectorIndex, report: Callable[[int], None]) -> None:
        self._index = index
        self._report = report
        self._given = 0

    def add(self, partition: Partition, ids: Ids, vectors: Templates, *, seq: int) -> None:
        self._index.add(partition, ids, vectors, seq=seq)
        self._given += len(ids)
        self._report(self._given)

    def remove(self, partition: Partition, ids: Ids | None, *, seq: int) -> None:
        self._index.remove(partition, ids, seq=seq)

    def search(
        self, partition: Partition, probes: Templates, k: int, *, among: Ids | None = None
    ) -> tuple[Templates, Ids]:
        return self._index.search(partition, probes, k, among=among)

    def count(self, partition: Partition, *, among: Ids | None = None) -> int:
        return self._index.count(partition, among=among)

    def watermark(self) -> int:
        return self._index.watermark()

    def clear(self) -> None:
        self._index.clear()


def _collections(uow: UnitOfWork) -> Iterator[Collection]:
    after: str | None = None
    while page := uow.collections.list(after=after, limit=_PAGE):
        yield from page
        after = page[-1].name


def _compare(uow: UnitOfWork, target: VectorIndex, collection: Collection) -> MovedCollection:
    partition = collection.partition
    first = uow.faces.list(collection.id, limit=_SAMPLE)
    last = random.randrange(first[-1].id) if first else 0  # noqa: S311 - a sample, no secret
    sample = uow.faces.list(collection.id, after=last, limit=_SAMPLE)
    ids, templates = uow.faces.stored([face.id for face in sample])
    found = 0
    if len(ids):
        similarities, _ = target.search(partition, templates, 1)
        found = int((similarities >= _SELF).sum())
    return MovedCollection(
        collection.name,
        uow.faces.count(collection.id),
        target.count(partition),
        found,
        len(ids),
    )
