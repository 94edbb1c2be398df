"""An index that stands outside of the processes, and is brought up to date by one at a time."""

from app.services.indexing.following import IndexFollower
from app.services.ports import Storage, UnitOfWork, VectorIndex

_LARGEST_GAP = 10_000
"""Lines of the log that a writer may bring along while others wait for it."""


class SharedIndexFollower(IndexFollower):
    """Follows the log on behalf of every process that shares the index."""

    def __init__(self, storage: Storage, index: VectorIndex, name: str) -> None:
        """The name is the same in every process, and another one for another index."""
        super().__init__(storage, index)
        self._name = name

    def catch_up(self, uow: UnitOfWork | None = None) -> None:
        """Catch up as every follower does; given no unit of work, also start anew with an index
        that followed another state of the database than this one.
        """
        stands = self._index.watermark()
        if uow is not None:
            if stands < uow.changes.head():
                self._catch_up_alone()
            return
        with self._storage.read() as own:
            head = own.changes.head()
        if stands != head:
            self._catch_up_alone()

    def _catch_up_alone(self) -> None:
        """Look anew, and only when nobody else can move.

        Another process may have come further than an older unit of work can see, and what it
        has removed must not come back.
        """
        with self._storage.index_lock(self._name), self._storage.read() as fresh:
            if self._index.watermark() > fresh.changes.head():
                self._index.clear()  # the database has been set back since
            _follow(self._storage, self._index, fresh)


def bring_along(storage: Storage, index: VectorIndex, uow: UnitOfWork) -> None:
    """Bring an index that takes part in the unit of work up to what it has written.

    A gap that would keep other writers waiting is left to `SharedIndexFollower.catch_up`.
    """
    if uow.changes.head() - index.watermark() <= _LARGEST_GAP:
        _follow(storage, index, uow)


def _follow(storage: Storage, index: VectorIndex, uow: UnitOfWork) -> None:
    if index.watermark() == 0:
        index.clear()  # of what an interrupted rebuild has left
    IndexFollower(storage, index).catch_up(uow)
