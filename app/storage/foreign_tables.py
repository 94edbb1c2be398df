"""The tables of what clients of other systems say and Facet itself does not know."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.dialects.table import BIG_ID


class FaceLabelRow(Base):
    """A label that a client gave a face when it enrolled it; it stays wherever the face goes."""

    __tablename__ = "face_labels"

    face_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    external_id: Mapped[str | None]
    width: Mapped[int] = mapped_column(Integer())
    height: Mapped[int] = mapped_column(Integer())
    """Of the picture that the face was found in, in pixels."""
    associated: Mapped[bool] = mapped_column(Boolean())
    """Whether it was given to its subject after it was enrolled."""


class UnnamedSubjectRow(Base):
    """A subject that enrolment made by itself, and that nobody has called a user."""

    __tablename__ = "unnamed_subjects"

    subject_id: Mapped[str] = mapped_column(
        ForeignKey("subjects.id", ondelete="CASCADE"), primary_key=True
    )


class CollectionTagRow(Base):
    __tablename__ = "collection_tags"

    collection_id: Mapped[str] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class SeenSignatureRow(Base):
    """A signed request that came, so that it is not done twice. Kept for as long as it is good."""

    __tablename__ = "seen_signatures"

    signature: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of what the client calls this attempt."""
    seen_at: Mapped[datetime] = mapped_column(index=True)


class KeySecretRow(Base):
    """The secret of a key that signs requests, sealed under the master key."""

    __tablename__ = "key_secrets"

    key_id: Mapped[str] = mapped_column(
        ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes]
    previous: Mapped[bytes | None]
    """The one before it, which holds for a while after a rotation."""
