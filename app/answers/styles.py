"""Stored styles as clients see them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.styles import StoredStyle


class Style(BaseModel):
    """A stored style."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "night",
                    "width": 1024,
                    "height": 811,
                    "bytes": 401234,
                    "created_at": "2026-01-01T12:00:00Z",
                }
            ]
        }
    )

    name: str
    width: int = Field(description="Pixels, as it is kept.")
    height: int
    bytes: int
    created_at: datetime

    @classmethod
    def of(cls, style: StoredStyle) -> Self:
        return cls(
            name=style.name,
            width=style.width,
            height=style.height,
            bytes=style.bytes,
            created_at=style.created_at,
        )
