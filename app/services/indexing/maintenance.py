"""Maintenance of the index by an operator: look at it, compare it with SQL, make it anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.errors.gallery import IndexInUseError
from app.domain.gallery import Partition
from app.domain.snapshots import SavedPartition
from app.services.indexing.following import IndexFollower
from app.services.ports import Storage
from app.services.ports.index import Builder, SavedSnapshots


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of verifying one snapshot."""

    snapshot: SavedPartition
    checked: int
    """Vectors that are the same in SQL."""
    problem: str | None


class IndexMaintenance:
    """Works beside a running server, except for `rebuild`."""

    def __init__(
        self,
        storage: Storage,
        saved: SavedSnapshots,
        follower: IndexFollower,
        builder: Builder | None,
    ) -> None:
        self._storage = storage
        self._saved = saved
        self._follower = follower
        self._builder = builder

    def snapshots(self) -> Sequence[SavedPartition]:
        return self._saved.partitions()

    def sizes(self) -> tuple[int, Mapping[Partition, int]]:
        """The head of the change log, and faces per partition, as SQL has them."""
        with self._storage.read() as uow:
            partitions = uow.faces.partitions()
            return uow.changes.head(), {p: uow.faces.census(p)[0] for p in partitions}

    def verify(self) -> Iterator[Verdict]:
        """Read every byte of every snapshot and compare it with SQL."""
        for snapshot in self._saved.partitions():
            checked, problem = 0, snapshot.problem
            try:
                if problem is None:
                    checked, problem = self._compare(snapshot)
            except ValueError as error:
                problem = str(error)
            yield Verdict(snapshot, checked, problem)

    def rebuild(self) -> None:
        """Remove every snapshot and make them anew from SQL. Raises IndexInUseError."""
        if self._builder is None:
            return
        if self._saved.in_use():
            raise IndexInUseError(
                "A running server holds the index.",
                hint="Stop it first. It also rebuilds by itself whatever it finds damaged.",
            )
        self._builder.discard_saved()
        self._follower.catch_up()
        self._builder.build_now()
        self._builder.close()

    def _compare(self, snapshot: SavedPartition) -> tuple[int, str | None]:
        """(vectors found equal, what is wrong). Faces erased since the snapshot do not count."""
        checked = 0
        with self._storage.read() as uow:
            if snapshot.watermark > uow.changes.head():
                return 0, "it is ahead of the database's change log"
            for ids, vectors in self._saved.vectors(snapshot):
                row_of = {face_id: row for row, face_id in enumerate(ids.tolist())}
                stored, templates = uow.faces.stored(ids.tolist())
                rows = [row_of[face_id] for face_id in stored.tolist()]
                if len(rows) and not np.array_equal(templates, vectors[rows]):
                    return checked, "vectors differ from the templates in SQL"
                checked += len(rows)
        return checked, None
