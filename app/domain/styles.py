"""Pictures whose manner is lent to others, kept under a name."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ResultFormat = Literal["png", "jpeg"]


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture as style transfer keeps it: upright, small, without metadata."""

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class StoredStyle:
    """A style under its name; its picture is kept beside it."""

    name: str
    width: int
    height: int
    bytes: int
    created_at: datetime
