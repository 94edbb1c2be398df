"""The index follows the change log: at start, after every write, and behind other processes."""

import itertools
import threading
from collections.abc import Sequence

import numpy as np
import structlog

from app.domain.errors.trouble import IndexUnavailableError
from app.domain.gallery import Change, Partition
from app.services.indexing.restoring import Snapshots
from app.services.ports import Storage, UnitOfWork, VectorIndex
from app.services.ports.index import SnapshotIndex

_BATCH = 10_000
_NOWHERE = Partition("", "")
_log = structlog.get_logger("app.index")


class IndexFollower:
    """Brings the index up to the head of the change log, in order and by one thread at a time."""

    def __init__(
        self, storage: Storage, index: VectorIndex, snapshots: SnapshotIndex | None = None
    ) -> None:
        """`snapshots` is the index again, if it can load what it has saved."""
        self._storage = storage
        self._index = index
        self._snapshots = Snapshots(snapshots) if snapshots is not None else None
        self._lock = threading.Lock()

    def catch_up(self, uow: UnitOfWork | None = None) -> None:
        """Apply what the log holds beyond the index's watermark; cheap when there is nothing.

        Given an open unit of work, everything that is visible to it is in the index afterwards.
        """
        if uow is None:
            with self._storage.read() as own:
                return self._follow(own)
        return self._follow(uow)

    def catch_up_after_write(self) -> bool:
        """Catch up after a commit, which stands even if the index's engine is away just now.

        False when it is: the next search catches up, or fails too.
        """
        try:
            self.catch_up()
        except IndexUnavailableError:
            _log.warning("the index is away; it will catch up with what was written")
            return False
        return True

    def entries(self, partition: Partition, face_ids: Sequence[int] | None) -> int | None:
        """Count the index's entries of those faces, or of the whole partition for None.

        None when the index's engine is away.
        """
        among = None if face_ids is None else np.asarray(face_ids, np.int64)
        try:
            return self._index.count(partition, among=among)
        except IndexUnavailableError:
            return None

    def _follow(self, uow: UnitOfWork) -> None:
        head = uow.changes.head()
        if self._index.watermark() >= head:
            return
        with self._lock:
            self._give_up_lost_place(uow)
            if self._index.watermark() == 0:
                self._rebuild(uow, head)
            while self._index.watermark() < head:
                changes = uow.changes.after(self._index.watermark(), limit=_BATCH)
                self._apply(uow, changes)
                if len(changes) < _BATCH:
                    self._advance(head)

    def _give_up_lost_place(self, uow: UnitOfWork) -> None:
        """Begin anew where lines that the index needs were compacted away."""
        stands, floor = self._index.watermark(), uow.compaction.floor()
        if floor is not None and 0 < stands < floor.seq:
            _log.warning(
                "index-behind-the-log",
                stands_at=stands,
                compacted_to=floor.seq,
                why="it was not heard of for FACET_CHANGES_DAYS, and is built again from the rows",
            )
            self._index.clear()

    def _rebuild(self, uow: UnitOfWork, head: int) -> None:
        """Load snapshots and bring them up to date; read the templates of everything else.

        The watermark stays at zero until all are in, so that nobody takes a part for the whole.
        """
        believed = self._restored(uow, head)
        for partition in uow.faces.partitions():
            if partition not in believed:
                self._index.remove(partition, None, seq=0)
                for ids, templates in uow.faces.scan(partition, batch=_BATCH):
                    self._index.add(partition, ids, templates, seq=0)
        self._advance(head)

    def _restored(self, uow: UnitOfWork, head: int) -> set[Partition]:
        """Partitions that hold, from a snapshot and the log behind it, what SQL holds.

        Lines behind a snapshot may be compacted away. It is taken all the same if count and sum of
        its ids are those of SQL: ids only grow, so that no other faces can have both.
        """
        if self._snapshots is None:
            return set()
        stands_at = self._snapshots.restore(uow, head)
        seq = min(stands_at.values(), default=head)
        while changes := uow.changes.after(seq, limit=_BATCH):
            news = [c for c in changes if c.seq > stands_at.get(c.partition, head)]
            self._apply(uow, news, cold=True)
            seq = changes[-1].seq
        return self._snapshots.agreeing(uow, stands_at)

    def _apply(self, uow: UnitOfWork, changes: Sequence[Change], *, cold: bool = False) -> None:
        for (partition, kind), run in itertools.groupby(
            changes, key=lambda change: (change.partition, change.kind)
        ):
            lines = list(run)
            seq = 0 if cold else lines[-1].seq
            face_ids = [line.face_id for line in lines if line.face_id is not None]
            if kind == "drop":
                self._index.remove(partition, None, seq=seq)
            elif kind == "remove":
                self._index.remove(partition, np.asarray(face_ids, np.int64), seq=seq)
            else:
                ids, templates = uow.faces.stored(face_ids)
                self._index.add(partition, ids, templates, seq=seq)

    def _advance(self, head: int) -> None:
        """Lines of erased faces leave gaps in the log; the head is reached all the same."""
        self._index.remove(_NOWHERE, np.empty(0, np.int64), seq=head)
