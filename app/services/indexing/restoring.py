"""Restoring snapshots of the index, as far as they agree with SQL, which is the truth."""

from collections.abc import Mapping

import numpy as np

from app.domain.gallery import Partition
from app.services.ports import UnitOfWork
from app.services.ports.index import SnapshotIndex

_COMPARED = 256


class Snapshots:
    """Restores an index, and keeps only what agrees with the database.

    A snapshot of another database, or of one that was since put back to an older state, names
    faces that SQL does not know, or knows with other templates. The two part at some position of
    the log, so it is the last faces of a snapshot that tell.
    """

    def __init__(self, index: SnapshotIndex) -> None:
        self._index = index

    def restore(self, uow: UnitOfWork, head: int) -> dict[Partition, int]:
        """Restored partitions of this very database, and where in the log they stand."""
        stands_at = dict(self._index.restore(head))
        known = set(uow.faces.partitions())
        for partition in list(stands_at):
            if partition not in known or not self._same_templates(uow, partition):
                self._index.remove(partition, None, seq=0)
                del stands_at[partition]
        return stands_at

    def agreeing(self, uow: UnitOfWork, partitions: Mapping[Partition, int]) -> set[Partition]:
        """Select the partitions, brought up to date, that hold exactly the faces of SQL."""
        return {p for p in partitions if self._index.census(p) == uow.faces.census(p)}

    def _same_templates(self, uow: UnitOfWork, partition: Partition) -> bool:
        ids, vectors = self._index.newest(partition, _COMPARED)
        row_of = {face_id: row for row, face_id in enumerate(ids.tolist())}
        stored, templates = uow.faces.stored(ids.tolist())
        rows = [row_of[face_id] for face_id in stored.tolist()]
        return bool(np.array_equal(templates, vectors[rows])) if rows else True
