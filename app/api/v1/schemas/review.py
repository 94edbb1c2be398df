"""Answers to suggestions and negatives, as clients send them."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.v1.schemas.gallery import SubjectText
from app.services.people.review.denying import MOST_DENIED


class NewSuggestions(BaseModel):
    """A search for suggestions, as a job."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{}]})


class Accepted(BaseModel):
    """An acceptance; it may name another subject for the faces. `{}` takes it as it is."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"new_subject": "Ada"}]}
    )

    subject_id: str | None = Field(None, max_length=64, description="A subject that there is.")
    new_subject: SubjectText | None = Field(None, description="Name of a new one.")


class Refused(BaseModel):
    """A refusal."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{}]})


class NewNegatives(BaseModel):
    """Kept faces that are not the subject's."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"sighting_ids": [42]}]}
    )

    face_ids: list[int] = Field(
        default_factory=list, max_length=MOST_DENIED, description="Enrolled faces of others."
    )
    sighting_ids: list[int] = Field(
        default_factory=list, max_length=MOST_DENIED, description="Faces that were seen."
    )

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.face_ids and not self.sighting_ids:
            raise ValueError("name at least one face or sighting")
        return self


class ChosenFace(BaseModel):
    """The face that is to stand for a subject."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"face_id": 42}]}
    )

    face_id: int | None = Field(
        ge=1, le=2**63 - 1, description="One of the subject's; null for the best."
    )
