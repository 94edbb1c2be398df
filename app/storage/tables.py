"""The tables. The rows' domain values are made by the repositories beside this file."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.dialects.table import BIG_ID, IDS_ONCE


class CollectionRow(Base):
    __tablename__ = "collections"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    encoder: Mapped[str]
    keep_images: Mapped[bool]
    meta: Mapped[dict[str, Any]] = mapped_column(JSON())
    created_at: Mapped[datetime]
    policy: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    calibration: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    proposed_calibration: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    has_negatives: Mapped[bool | None]
    """Whether there is a row of `negatives`; it may have gone since."""
    checkup: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sealed_key: Mapped[bytes | None]
    """Under the master key; what names its subjects is sealed by it. None of one that is open."""


class SubjectRow(Base):
    __tablename__ = "subjects"
    __table_args__ = (
        UniqueConstraint("collection_id", "name"),
        UniqueConstraint("collection_id", "external_id"),
        Index(None, "collection_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    name: Mapped[str]
    external_id: Mapped[str | None]
    meta: Mapped[dict[str, Any]] = mapped_column(JSON())
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    chosen_face: Mapped[int | None] = mapped_column(BIG_ID)
    """That stands for it. No foreign key: it may be erased, or be another's, before it is back."""
    sealed: Mapped[bytes | None]
    """Name, external id and metadata in a sealed collection; the columns hold tokens of them."""


class ImageRow(Base):
    __tablename__ = "images"

    digest: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    key_id: Mapped[str | None] = mapped_column(index=True)
    """Data key that the file is under; none for files of before there were any."""


class DataKeyRow(Base):
    """A subject's key, sealed under the master key; it goes with the last image under it.

    No foreign keys: it outlives its subject when a face with an image moves to another one.
    """

    __tablename__ = "data_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(index=True)
    sealed: Mapped[bytes]


class FaceRow(Base):
    __tablename__ = "faces"
    __table_args__ = (
        Index(None, "collection_id", "id"),
        Index(None, "collection_id", "encoder", "id"),
        Index(None, "subject_id", "id"),
        # An id that came back would let a stale index entry name another person.
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    subject_id: Mapped[str] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"))
    encoder: Mapped[str]
    template: Mapped[bytes]
    """Little-endian float32, L2-normalised."""
    box_x: Mapped[float]
    box_y: Mapped[float]
    box_width: Mapped[float]
    box_height: Mapped[float]
    landmarks: Mapped[list[list[float]]] = mapped_column(JSON())
    probability: Mapped[float]
    yaw: Mapped[float]
    pitch: Mapped[float]
    roll: Mapped[float]
    quality_score: Mapped[float]
    quality_reasons: Mapped[list[str]] = mapped_column(JSON())
    sharpness: Mapped[float]
    brightness: Mapped[float]
    image_digest: Mapped[str | None] = mapped_column(ForeignKey("images.digest"), index=True)
    created_at: Mapped[datetime]
    source_digest: Mapped[str | None]
    """SHA-256 of the picture that was sent, which is not the one that is kept."""


class StagedTemplateRow(Base):
    """A face's template of the encoder its collection is about to change to."""

    __tablename__ = "staged_templates"

    face_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    encoder: Mapped[str] = mapped_column(primary_key=True)
    template: Mapped[bytes]
    """Little-endian float32, L2-normalised."""


class ChangeRow(Base):
    """No foreign keys: a `drop` line outlives its collection, a `remove` line its face."""

    __tablename__ = "changes"
    __table_args__ = (Index(None, "collection_id", "encoder"),)

    seq: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    collection_id: Mapped[str]
    encoder: Mapped[str]
    kind: Mapped[str]
    face_id: Mapped[int | None] = mapped_column(BigInteger(), index=True)


class ChangeClockRow(Base):
    """One row. Its lock, held until commit, puts the log in the order of commits.

    A sequence would not do: a reader could pass a number whose writer has yet to commit.
    """

    __tablename__ = "change_clock"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger())


class ErasureClockRow(Base):
    """One row: the number of transactions that removed or overwrote data of people."""

    __tablename__ = "erasure_clock"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    erasures: Mapped[int] = mapped_column(BigInteger())


class MasterKeyRow(Base):
    """Name of a master key that something here may be sealed with; the key is elsewhere."""

    __tablename__ = "master_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    first_used_at: Mapped[datetime]


class ApiKeyRow(Base):
    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    scope: Mapped[str]
    """One or several, separated by spaces."""
    collection_id: Mapped[str | None] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    previous_digest: Mapped[str | None] = mapped_column(index=True)
    previous_until: Mapped[datetime | None]
    last_used_from: Mapped[str | None]
    limits: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    form: Mapped[str] = mapped_column(server_default="native")
    """For clients of which kind it was made."""


class IdempotencyRow(Base):
    """`key_id` is no foreign key: a server without authentication has no keys."""

    __tablename__ = "idempotency_records"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    subject_id: Mapped[str] = mapped_column(
        ForeignKey("subjects.id", ondelete="CASCADE"), index=True
    )
    response: Mapped[dict[str, Any]] = mapped_column(JSON())
    created_at: Mapped[datetime] = mapped_column(index=True)


class AllowanceRow(Base):
    """Number of numbers of a subject that a key was given in a period; no more is kept of it."""

    __tablename__ = "allowances"

    key_id: Mapped[str] = mapped_column(
        ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[str] = mapped_column(
        ForeignKey("subjects.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    period: Mapped[int] = mapped_column(Integer(), index=True)
    numbers: Mapped[int] = mapped_column(Integer())


class JobRow(Base):
    """`key_id` is no foreign key: a server without authentication has no keys."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "key_id", "id"),
        Index(None, "collection_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key_id: Mapped[str]
    collection_id: Mapped[str | None] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE")
    )
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON())
    timeout: Mapped[float]
    """Seconds that one attempt may take."""
    max_attempts: Mapped[int] = mapped_column(Integer())
    created_at: Mapped[datetime]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer())
    """Grows with everything that can be seen of the job."""
    fraction: Mapped[float]
    message: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON())
    attempts: Mapped[int] = mapped_column(Integer())
    worker: Mapped[str | None]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    expires_at: Mapped[datetime | None]
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    result_media_type: Mapped[str | None]
    result_bytes: Mapped[int | None] = mapped_column(BigInteger())


class StyleRow(Base):
    __tablename__ = "styles"

    name: Mapped[str] = mapped_column(primary_key=True)
    width: Mapped[int] = mapped_column(Integer())
    height: Mapped[int] = mapped_column(Integer())
    media_type: Mapped[str]
    content: Mapped[bytes]
    created_at: Mapped[datetime]


class JobFileRow(Base):
    """Inputs until the job is settled, its last preview, its result until that expires."""

    __tablename__ = "job_files"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes]
    version: Mapped[int] = mapped_column(Integer())
    """The job's version when the file was written."""
