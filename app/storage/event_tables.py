"""The tables of events, and of those who are told of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.dialects.table import BIG_ID, IDS_ONCE


class EventRow(Base):
    """No foreign keys: that a collection was erased is an event as well."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "collection_id", "id"), IDS_ONCE)

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str]
    collection_id: Mapped[str]
    collection: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON())


class WebhookRow(Base):
    """An address that is told of events."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(JSON())
    collection_id: Mapped[str | None] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), index=True
    )
    secret: Mapped[bytes]
    """Sealed under the master key."""
    created_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(BigInteger())
    """The last event that was made a delivery, or passed over."""
    missed: Mapped[int] = mapped_column(Integer())
    """Events that were gone before they could be made deliveries."""


class DeliveryRow(Base):
    """An event on its way to an address; it goes when it has arrived."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "webhook_id", "id"), Index(None, "dead", "due_at"), IDS_ONCE)

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(BigInteger())
    content: Mapped[dict[str, Any]] = mapped_column(JSON())
    attempts: Mapped[int] = mapped_column(Integer())
    due_at: Mapped[datetime]
    dead: Mapped[bool]
    """Given up; it stays until it is sent again or removed."""
    error: Mapped[str | None]
    """What was wrong at the last attempt."""
