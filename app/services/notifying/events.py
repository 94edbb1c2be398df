"""Events as those see them who follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.errors.gallery import UnknownCollectionError
from app.domain.notifying.events import KEPT_FOR, MOST_EVENTS, Event, EventFilter, EventKind
from app.services.keys import Principal
from app.services.ports import Storage

_PAGE = 200


@dataclass(frozen=True, slots=True)
class News:
    """Events that came since a follower looked last."""

    events: Sequence[Event]
    position: int
    """To look after the next time."""
    lost: bool = False
    """Whether some were removed before the follower had seen them, or the database is another one
    than the one that the follower's position is of."""


class Events:
    """Kept events, for followers of any process."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def wanted(
        self, caller: Principal, collection: str | None, kinds: Sequence[EventKind]
    ) -> EventFilter:
        """A filter of what the caller may be told of.

        Raises UnknownCollectionError, or InsufficientScopeError for a key that is bound to another
        collection than the one named, whether or not that one exists.
        """
        if collection is None:
            return EventFilter(caller.collection_id, tuple(kinds))
        try:
            with self._storage.read() as uow:
                found = uow.collections.get(collection).id
        except UnknownCollectionError:
            if caller.collection_id is None:
                raise
            found = ""
        caller.require_collection(found)
        return EventFilter(found, tuple(kinds))

    def begin(self, last: int | None) -> News:
        """The position of a follower who saw the event `last` last; None: who comes anew."""
        with self._storage.read() as uow:
            oldest, newest = uow.events.bounds()
        if last is None:
            return News((), newest)
        if last > newest:
            return News((), newest, lost=True)
        return News((), last, lost=last < oldest - 1 and oldest > 1)

    def since(self, position: int, wanted: EventFilter) -> News:
        """Events after the position, `_PAGE` at most."""
        with self._storage.read() as uow:
            oldest, newest = uow.events.bounds()
            found = uow.events.after(position, wanted, limit=_PAGE)
        reached = found[-1].id if len(found) == _PAGE else max(position, newest)
        return News(found, reached, lost=position < oldest - 1 and position > 0)

    def forget_old(self) -> int:
        """Remove what was kept long enough; how many there were."""
        before = datetime.now(UTC) - KEPT_FOR
        with self._storage.read() as uow:
            kept = uow.events.bounds()
            first = uow.events.after(0, EventFilter(), limit=1)
        if not first or (first[0].at >= before and kept[1] - kept[0] < MOST_EVENTS):
            return 0
        with self._storage.write() as uow:
            return uow.events.trim(before, MOST_EVENTS)
