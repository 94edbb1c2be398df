"""The tables of the audit record."""

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class AuditRow(Base):
    """No foreign keys: what is recorded outlives what it is about. Columns repeat the content."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    content: Mapped[str]
    """Canonical JSON, of which the hash is made."""
    hash: Mapped[str]
    time: Mapped[str]
    key_id: Mapped[str]
    action: Mapped[str]
    outcome: Mapped[str]
    collection: Mapped[str | None]
    collection_id: Mapped[str | None]
    subject_id: Mapped[str | None] = mapped_column(index=True)
    request_id: Mapped[str]


class AuditHeadRow(Base):
    """One row: the last entry of the audit record. Whoever appends holds it until commit."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger())
    hash: Mapped[str]
    mark: Mapped[str | None]
