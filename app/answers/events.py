"""Events as clients see them."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from app.domain.notifying import events as domain
from app.domain.notifying.events import EventKind


class Event(BaseModel):
    """Something that has happened."""

    id: int = Field(description="Greater than that of every event before.")
    at: datetime
    kind: EventKind
    collection: str = Field(description="Its name at that time.")
    collection_id: str
    data: dict[str, Any] = Field(description="Ids and figures by the kind of event.")

    @classmethod
    def of(cls, event: domain.Event) -> Self:
        return cls(
            id=event.id,
            at=event.at,
            kind=event.kind,
            collection=event.collection,
            collection_id=event.collection_id,
            data=dict(event.data),
        )
