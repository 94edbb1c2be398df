"""Protocol of kept events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.notifying.events import Event, EventFilter, NewEvent


class EventRepository(Protocol):
    """Events, in the transaction that they tell of: either both are there, or neither."""

    def add(self, events: Sequence[NewEvent]) -> None:
        """Keep them; whoever follows is told once the transaction is committed."""

    def after(self, last: int, wanted: EventFilter, *, limit: int) -> Sequence[Event]:
        """List by id, those whose id is greater than `last`."""

    def bounds(self) -> tuple[int, int]:
        """Ids of the oldest and of the newest; (0, 0) when there is none."""

    def trim(self, before: datetime, most: int) -> int:
        """Remove those from before that time, and all but the `most` newest; the last one stays.

        Returns how many there were.
        """
