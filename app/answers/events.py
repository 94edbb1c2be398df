"""Events as clients see them."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.notifying import events as domain
from app.domain.notifying.events import EventKind
from app.domain.notifying.webhooks import Delivery
from app.services.notifying.webhooks import ListedWebhook


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


class Webhook(BaseModel):
    """An address that is told of events."""

    id: str
    url: str
    kinds: list[EventKind] = Field(description="Every kind where it is empty.")
    collection_id: str | None
    created_at: datetime
    waiting: int = Field(description="Deliveries that are tried again, or for the first time.")
    dead: int = Field(description="Deliveries that were given up.")
    missed: int = Field(description="Times that events were gone before they could be delivered.")

    @classmethod
    def of(cls, listed: ListedWebhook) -> Self:
        return cls(**_fields(listed))


class Webhooks(BaseModel):
    """Every address that is told of events, the oldest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "019a0c0f5b7c0123456789abcdef0123",
                            "url": "https://example.org/facet",
                            "kinds": ["recognized"],
                            "collection_id": "019a0c0e11220123456789abcdef0123",
                            "created_at": "2026-01-31T12:00:00Z",
                            "waiting": 0,
                            "dead": 0,
                            "missed": 0,
                        }
                    ]
                }
            ]
        }
    )

    items: list[Webhook]


class NewWebhook(Webhook):
    """A webhook that was just made."""

    secret: str = Field(description="To check signatures with; it is not told again.")

    @classmethod
    def made(cls, listed: ListedWebhook, secret: str) -> Self:
        return cls(**_fields(listed), secret=secret)


def _fields(listed: ListedWebhook) -> dict[str, Any]:
    webhook = listed.webhook
    return {
        "id": webhook.id,
        "url": webhook.url,
        "kinds": list(webhook.wanted.kinds),
        "collection_id": webhook.wanted.collection_id,
        "created_at": webhook.created_at,
        "waiting": listed.waiting,
        "dead": listed.dead,
        "missed": webhook.missed,
    }


class WebhookTest(BaseModel):
    """The outcome of a call."""

    delivered: bool
    error: str | None


class Resent(BaseModel):
    """The number of deliveries that are tried again."""

    webhook_id: str
    deliveries: int


class DeadDelivery(BaseModel):
    """A delivery that was given up."""

    id: int
    event_id: int
    attempts: int
    error: str | None = Field(description="What was wrong at the last attempt.")
    event: dict[str, Any]

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        return cls(
            id=delivery.id,
            event_id=delivery.event_id,
            attempts=delivery.attempts,
            error=delivery.error,
            event=dict(delivery.content),
        )
