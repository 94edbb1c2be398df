"""Forecasts of re-encodings as clients see them."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.answers.models import ModelProblem
from app.services.moving import forecasting as services


class LostSubject(BaseModel):
    """A subject that would be left without a face."""

    id: str
    name: str


class PicturesLookedFor(BaseModel):
    """Kept pictures that the work needs, by whether their files were found."""

    looked_for: int
    missing: int
    not_looked_for: int = Field(description="They were too many, or their place is away.")


class ReencodingForecast(BaseModel):
    """Forecast of a re-encoding, from counts of the database; nothing is changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "dry_run": True,
                    "collection": "staff",
                    "from_encoder": "facenet-resnet29@1",
                    "to_encoder": "facet-encoder@4",
                    "ready": True,
                    "problem": None,
                    "faces": 120,
                    "subjects": 40,
                    "waiting": 0,
                    "encodable_faces": 117,
                    "encodable_subjects": 39,
                    "lost_faces": 3,
                    "lost_subjects": 1,
                    "lost": [{"id": "019a0c0f5b7c0123456789abcdef0123", "name": "Ada"}],
                    "pictures": {"looked_for": 118, "missing": 1, "not_looked_for": 0},
                    "seconds": 35.1,
                    "seconds_from": "typical",
                }
            ]
        }
    )

    dry_run: bool = True
    collection: str
    from_encoder: str
    to_encoder: str
    ready: bool = Field(description="Whether the new encoder could serve: weights, curve.")
    problem: ModelProblem | None = Field(None, description="Why it could not.")
    faces: int
    subjects: int = Field(description="With faces.")
    waiting: int = Field(description="Faces that an interrupted re-encoding has made ready.")
    encodable_faces: int = Field(
        description="Those with a kept picture, or ready. At most: whether a picture can be read, "
        "and its face found again, is known when it is done."
    )
    encodable_subjects: int = Field(description="Subjects that keep a face.")
    lost_faces: int = Field(
        description="Faces without a picture: the re-encoding fails, or with `erase_left_out` "
        "erases them."
    )
    lost_subjects: int = Field(description="Subjects that would be left without a face.")
    lost: list[LostSubject] = Field(description="The first 50 of them, by id.")
    pictures: PicturesLookedFor
    seconds: float = Field(description="How long it may take.")
    seconds_from: services.Basis = Field(
        description="`last-job`: by the last re-encoding here. `typical`: there was none."
    )

    @classmethod
    def of(cls, forecast: services.ReencodingForecast) -> Self:
        plan, obstacle, looked = forecast.plan, forecast.obstacle, forecast.looked_for
        problem = None if obstacle is None else ModelProblem.of_error(obstacle)
        return cls(
            collection=plan.collection.name,
            from_encoder=plan.collection.encoder,
            to_encoder=plan.encoder,
            ready=problem is None,
            problem=problem,
            faces=plan.faces,
            subjects=forecast.subjects,
            waiting=plan.ready,
            encodable_faces=plan.faces - forecast.lost_faces,
            encodable_subjects=forecast.subjects - forecast.lost_subjects,
            lost_faces=forecast.lost_faces,
            lost_subjects=forecast.lost_subjects,
            lost=[LostSubject(id=one.id, name=one.name) for one in forecast.named],
            pictures=PicturesLookedFor(
                looked_for=looked.pictures,
                missing=len(looked.missing),
                not_looked_for=looked.left,
            ),
            seconds=round(forecast.seconds, 1),
            seconds_from=forecast.seconds_from,
        )
