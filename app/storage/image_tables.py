"""Tables of the place where files of pictures are kept, and of files that have yet to go."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class ReleasedImageRow(Base):
    """A file that no row needs any more and that may still be there; it goes with the file."""

    __tablename__ = "released_images"

    digest: Mapped[str] = mapped_column(primary_key=True)
    released_at: Mapped[datetime] = mapped_column(index=True)


class ImagePlaceRow(Base):
    """One row, of this database alone: no backup brings it to another one."""

    __tablename__ = "image_place"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    installation: Mapped[str]
    """The name by which object storage knows whose the pictures are."""
    swept_at: Mapped[datetime]
    """When files without a row were looked for last."""
