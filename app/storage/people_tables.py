"""The tables of corrections and of faces that nobody has named."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.dialects.table import BIG_ID, IDS_ONCE


class OperationRow(Base):
    """`subject_id` and `key_id` are no foreign keys: both may be gone before the record is."""

    __tablename__ = "operations"
    __table_args__ = (Index(None, "collection_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    key_id: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    made_subject: Mapped[bool] = mapped_column(Boolean())
    absorbed_id: Mapped[str | None] = mapped_column(index=True)
    absorbed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The removed subject's name, external id, metadata and times."""
    undone_at: Mapped[datetime | None]


class OperationFaceRow(Base):
    """A face that an operation moved, and whose it was; `subject_id` may be gone."""

    __tablename__ = "operation_faces"

    operation_id: Mapped[str] = mapped_column(
        ForeignKey("operations.id", ondelete="CASCADE"), primary_key=True
    )
    face_id: Mapped[int] = mapped_column(
        BIG_ID,
        ForeignKey("faces.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    subject_id: Mapped[str] = mapped_column(index=True)


class SightingRow(Base):
    """A face that was seen and not named."""

    __tablename__ = "sightings"
    __table_args__ = (
        Index(None, "collection_id", "id"),
        Index(None, "collection_id", "group_id"),
        Index(None, "collection_id", "source_digest"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    encoder: Mapped[str]
    group_id: Mapped[str | None]
    grouped: Mapped[bool] = mapped_column(Boolean())
    """Whether it was compared with the others since it came."""
    at: Mapped[datetime]
    source: Mapped[str]
    source_digest: Mapped[str | None]
    image_digest: Mapped[str | None] = mapped_column(ForeignKey("images.digest"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON())
    """Box, landmarks, probability, pose and quality."""
    template: Mapped[bytes]
    """Little-endian float32, L2-normalised."""
