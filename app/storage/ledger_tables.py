"""The tables of what was erased, what went into what, receipts, and rights of subjects."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.dialects.table import BIG_ID, IDS_ONCE


class InstallationRow(Base):
    """One row: the name of this database among its copies; a restored one gets another."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("single = 1", name="single"),)

    single: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    id: Mapped[str]
    restored_from: Mapped[str | None]


class ErasedItemRow(Base):
    """No foreign keys: what it names is gone."""

    __tablename__ = "erased_items"
    __table_args__ = (Index(None, "kind", "item_id"), Index(None, "kind", "made_at"), IDS_ONCE)

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    kind: Mapped[str]
    item_id: Mapped[str]
    collection_id: Mapped[str]
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime]


class OriginRow(Base):
    """An item that went into another one: it is erased with that, if a copy still has it."""

    __tablename__ = "origins"
    __table_args__ = (Index(None, "into_kind", "into_id"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
    )
    made_at: Mapped[datetime]
    into_kind: Mapped[str]
    into_id: Mapped[str]


class ReceiptRow(Base):
    """A signed receipt of an erasure. No foreign keys: what it is about is gone."""

    __tablename__ = "receipts"
    __table_args__ = (Index(None, "collection_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    collection_id: Mapped[str]
    content: Mapped[str]
    signature: Mapped[bytes]
    key_id: Mapped[str]


class ReceiptKeyRow(Base):
    """A key that signs receipts, or has signed some."""

    __tablename__ = "receipt_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[bytes]
    sealed: Mapped[bytes]
    made_at: Mapped[datetime]


class SubjectRightsRow(Base):
    """No row: nothing is recorded. `subject_id` is no foreign key: a merge can be undone."""

    __tablename__ = "subject_rights"

    subject_id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), index=True
    )
    restricted_at: Mapped[datetime | None]
    keep_until: Mapped[datetime | None]
    consent_ends_at: Mapped[datetime | None]
    consent: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
