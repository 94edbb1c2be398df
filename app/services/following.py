"""The index follows the change log: at start, after every write, and behind other processes."""

import itertools
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import numpy as np
import structlog

from app.domain.errors import IndexUnavailableError
from app.domain.gallery import Change, Partition
from app.services.ports import Storage, UnitOfWork, VectorIndex

_BATCH = 10_000
_NOWHERE = Partition("", "")
_log = structlog.get_logger("app.index")

Turns = Callable[[], AbstractContextManager[None]]
"""Makes the block that only one process at a time is in."""


class IndexFollower:
    """Brings the index up to the head of the change log, in order and by one thread at a time."""

    def __init__(self, storage: Storage, index: VectorIndex, *, turns: Turns | None = None) -> None:
        """An index that several processes share needs `turns`."""
        self._storage = storage
        self._index = index
        self._turns = turns
        self._lock = threading.Lock()

    def catch_up(self, uow: UnitOfWork | None = None) -> None:
        """Apply what the log holds beyond the index's watermark; cheap when there is nothing.

        Given an open unit of work, everything that is visible to it is in the index afterwards.
        """
        if uow is not None:
            return self._follow(uow)
        stands = self._index.watermark()
        with self._storage.read() as own:
            if self._turns is not None and stands > own.changes.head():
                return self._follow_shared(self._turns)
            self._follow(own)

    def catch_up_after_write(self) -> None:
        """The same after a commit, which stands even if the index's engine is away just now.

        The next search catches up, or fails in its turn.
        """
        try:
            self.catch_up()
        except IndexUnavailableError:
            _log.warning("the index is away; it will catch up with what was written")

    def _follow(self, uow: UnitOfWork) -> None:
        if self._index.watermark() >= uow.changes.head():
            return
        if self._turns is not None:
            return self._follow_shared(self._turns)
        with self._lock:
            bring_up(self._index, uow)

    def _follow_shared(self, turns: Turns) -> None:
        """Look anew, and only when nobody else can move.

        Another process may have come further than an older unit of work can see, and what it
        has removed must not come back.
        """
        with self._lock, turns(), self._storage.read() as fresh:
            if self._index.watermark() > fresh.changes.head():
                self._index.clear()  # it followed a database that has been set back since
            bring_up(self._index, fresh)


def bring_along(index: VectorIndex, uow: UnitOfWork) -> None:
    """Bring an index that takes part in the unit of work up to what it has written.

    A gap that would keep other writers waiting is left to `IndexFollower.catch_up`.
    """
    if uow.changes.head() - index.watermark() <= _BATCH:
        bring_up(index, uow)


def bring_up(index: VectorIndex, uow: UnitOfWork) -> None:
    """Bring the index up to what the unit of work sees. The caller sees to it that it is alone."""
    head = uow.changes.head()
    if head and index.watermark() == 0:
        _rebuild(index, uow, head)
    while index.watermark() < head:
        _apply(index, uow, uow.changes.after(index.watermark(), limit=_BATCH), head)


def _rebuild(index: VectorIndex, uow: UnitOfWork, head: int) -> None:
    """Read the templates themselves instead of replaying the log.

    The watermark stays at zero until all are in, so that nobody takes a part for the whole.
    """
    index.clear()  # of what an interrupted rebuild has left
    for partition, ids, templates in uow.faces.scan(batch=_BATCH):
        index.add(partition, ids, templates, seq=0)
    _advance(index, head)


def _apply(index: VectorIndex, uow: UnitOfWork, changes: Sequence[Change], head: int) -> None:
    for (partition, kind), run in itertools.groupby(
        changes, key=lambda change: (change.partition, change.kind)
    ):
        lines = list(run)
        seq = lines[-1].seq
        face_ids = [line.face_id for line in lines if line.face_id is not None]
        if kind == "drop":
            index.remove(partition, None, seq=seq)
        elif kind == "remove":
            index.remove(partition, np.asarray(face_ids, np.int64), seq=seq)
        else:
            ids, templates = uow.faces.templates(face_ids)
            index.add(partition, ids, templates, seq=seq)
    if len(changes) < _BATCH:
        _advance(index, head)


def _advance(index: VectorIndex, head: int) -> None:
    """Lines of erased faces leave gaps in the log; the head is reached all the same."""
    index.remove(_NOWHERE, np.empty(0, np.int64), seq=head)
