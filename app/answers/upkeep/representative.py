"""The face that stands for a subject, as clients see it."""

from typing import Self

from pydantic import BaseModel, Field

from app.answers.gallery import Face
from app.services.people import representing


class Representative(BaseModel):
    """The face that stands for a subject."""

    face: Face
    chosen: bool = Field(
        description="Whether somebody has chosen it; else it is the one of the best quality."
    )
    operation_id: str | None = Field(description="Undoes the choice that was just made.")

    @classmethod
    def of(cls, found: representing.Representative) -> Self:
        return cls(face=Face.of(found.face), chosen=found.chosen, operation_id=found.operation_id)
