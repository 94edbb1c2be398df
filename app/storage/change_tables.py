"""Tables about who follows the change log, and how far it was compacted."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class FollowerRow(Base):
    """An index that some process keeps, and the position in the log that it stood at."""

    __tablename__ = "change_followers"

    name: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger())
    seen_at: Mapped[datetime]


class ChangeFloorRow(Base):
    """One row, once the log was looked at: all lines up to `seq` are gone."""

    __tablename__ = "change_floor"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger())
    mark_seq: Mapped[int] = mapped_column(BigInteger())
    """The head of the log at `mark_at`: lines have no times of their own."""
    mark_at: Mapped[datetime]
