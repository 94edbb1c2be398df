"""Events in SQL."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select

from app.domain.notifying.events import Event, EventFilter, NewEvent
from app.storage.event_tables import EventRow
from app.storage.repositories.membership import among
from app.storage.repositories.stored.sealed import SealedCollections

_COLUMNS = tuple(EventRow.__table__.c)


class SqlEvents:
    """Events by id. Writers come one by one, so that ids are in the order of commits."""

    def __init__(self, connection: Connection, sealed: SealedCollections) -> None:
        self._connection = connection
        self._sealed = sealed

    def add(self, events: Sequence[NewEvent]) -> None:
        """Keep them; their time is now."""
        now = datetime.now(UTC)
        rows = [
            {
                "at": now,
                "kind": one.kind,
                "collection_id": one.collection_id,
                "collection": one.collection,
                "data": self._sealed.written_event(one.collection_id, one.data),
            }
            for one in events
        ]
        if rows:
            self._connection.execute(insert(EventRow), rows)

    def after(self, last: int, wanted: EventFilter, *, limit: int) -> Sequence[Event]:
        """Events by id, those whose id is greater than `last`."""
        query = select(*_COLUMNS).where(EventRow.id > last).order_by(EventRow.id).limit(limit)
        if wanted.collection_id is not None:
            query = query.where(EventRow.collection_id == wanted.collection_id)
        if wanted.kinds:
            query = query.where(among(EventRow.kind, wanted.kinds))
        return [self._event(row) for row in self._connection.execute(query)]

    def bounds(self) -> tuple[int, int]:
        """Ids of the oldest and of the newest; (0, 0) when there is none."""
        row = self._connection.execute(select(func.min(EventRow.id), func.max(EventRow.id))).one()
        return row[0] or 0, row[1] or 0

    def trim(self, before: datetime, most: int) -> int:
        """Remove the old ones and all but the newest; the last one stays, for its id."""
        newest = self.bounds()[1]
        old = or_(EventRow.at < before, EventRow.id <= newest - most)
        gone = delete(EventRow).where(old, EventRow.id < newest)
        return self._connection.execute(gone).rowcount

    def _event(self, row: Row[Any]) -> Event:
        data = self._sealed.read_event(row.collection_id, row.data)
        return Event(row.id, row.at, row.kind, row.collection_id, row.collection, data)
