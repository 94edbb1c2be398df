"""The tables of corrections, of faces that nobody has named, their groups, and their review."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer
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
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Ids that undoing needs besides."""


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
    """Empty of a face that was nobody's."""
    sighting: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The sighting that has become the face."""


class SightingRow(Base):
    """A face that was seen, or imported without a name.

    `subject_id` is no foreign key: whoever removes a subject says what becomes of its sightings.
    """

    __tablename__ = "sightings"
    __table_args__ = (
        Index(None, "collection_id", "id"),
        Index(None, "group_id", "at"),
        Index(None, "collection_id", "source_digest"),
        Index(None, "collection_id", "at", "quality"),  # poor faces are passed over unread
        Index(None, "collection_id", "source", "at"),
        Index(None, "collection_id", "source", "decision", "at"),
        Index(None, "collection_id", "decision", "at"),
        Index(None, "grouped", "collection_id", "id"),
        Index(None, "subject_id", "at"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    encoder: Mapped[str]
    group_id: Mapped[str | None]
    grouped: Mapped[bool] = mapped_column(Boolean())
    """Whether it was compared with the others since it came; always for who was known."""
    at: Mapped[datetime]
    source: Mapped[str]
    source_digest: Mapped[str | None]
    image_digest: Mapped[str | None] = mapped_column(ForeignKey("images.digest"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON())
    """Box, landmarks, probability, pose and quality."""
    template: Mapped[bytes]
    """Little-endian float32, L2-normalised."""
    decision: Mapped[str | None]
    subject_id: Mapped[str | None]
    similarity: Mapped[float | None]
    fmr: Mapped[float | None]
    quality: Mapped[float | None]
    """The score of `details`; None of rows that an older version wrote."""
    matched_at: Mapped[datetime | None]
    """When it turned out to be the subject's; None of whom recognition has found."""


class GroupRow(Base):
    """Sightings that are taken for one person: what is known of them together."""

    __tablename__ = "sighting_groups"
    __table_args__ = (Index(None, "collection_id", "ignored", "size", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    ignored: Mapped[bool] = mapped_column(Boolean())
    """Not listed unless asked for."""
    fixed: Mapped[bool] = mapped_column(Boolean())
    """Made by hand: grouping anew leaves its faces where they are."""
    size: Mapped[int] = mapped_column(Integer())
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class SightingDayRow(Base):
    """Numbers of a collection's sightings of a day, kept and not."""

    __tablename__ = "sighting_days"

    collection_id: Mapped[str] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[str] = mapped_column(primary_key=True)
    """As ISO 8601 writes it, UTC."""
    kept: Mapped[int] = mapped_column(Integer())
    over_limit: Mapped[int] = mapped_column(Integer())
    lost: Mapped[int] = mapped_column(Integer())


class NegativeRow(Base):
    """A kept face that is not of a subject: it goes with either, and holds no template itself."""

    __tablename__ = "negatives"
    __table_args__ = (
        CheckConstraint("(face_id IS NULL) <> (sighting_id IS NULL)", name="one_face"),
        Index(None, "subject_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), index=True
    )
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"))
    face_id: Mapped[int | None] = mapped_column(
        BIG_ID, ForeignKey("faces.id", ondelete="CASCADE"), index=True
    )
    sighting_id: Mapped[int | None] = mapped_column(
        BIG_ID, ForeignKey("sightings.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    key_id: Mapped[str]


class SuggestionRow(Base):
    """A suggestion about who is who, or a refused one; it goes with what it names."""

    __tablename__ = "suggestions"
    __table_args__ = (Index(None, "collection_id", "likelihood", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    kind: Mapped[str]
    likelihood: Mapped[float]
    group_id: Mapped[str | None] = mapped_column(
        ForeignKey("sighting_groups.id", ondelete="CASCADE"), index=True
    )
    subject_id: Mapped[str | None] = mapped_column(
        ForeignKey("subjects.id", ondelete="CASCADE"), index=True
    )
    other_id: Mapped[str | None] = mapped_column(
        ForeignKey("subjects.id", ondelete="CASCADE"), index=True
    )
    face_id: Mapped[int | None] = mapped_column(
        BIG_ID, ForeignKey("faces.id", ondelete="CASCADE"), index=True
    )
    found_at: Mapped[datetime]
    refused_at: Mapped[datetime | None]


class NamingRow(Base):
    """A subject that was given faces, with whom sightings of before have yet to be compared."""

    __tablename__ = "namings"

    collection_id: Mapped[str] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[str] = mapped_column(
        ForeignKey("subjects.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
