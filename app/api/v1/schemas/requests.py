"""Requests with images; one model serves multipart and JSON."""

import json
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from app.api.kit.body.files import Image
from app.domain.deciding.selection import FaceChoice
from app.domain.faces import AnalysisOptions
from app.domain.metadata import MAX_CONDITIONS
from app.domain.people.sightings import MOST_SOURCE
from app.services.deciding.recognition import RecognitionOptions
from app.services.deciding.verification import VerificationOptions
from app.services.enrolling.enrolment import EnrolmentOptions

_EXPECTED_ENCODER = Field(
    None,
    max_length=100,
    description="Refuse with encoder-mismatch unless the collection is bound to this one.",
)
_EXAMPLE = "/9j/4AAQSkZJRgABAQ… (base64 of the file)"


class AnalysisFields(BaseModel):
    """Options of looking for faces."""

    model_config = ConfigDict(extra="forbid")

    min_face: int | None = Field(
        None, ge=10, le=10_000, description="Smallest face to search for, in pixels."
    )
    max_faces: int = Field(100, ge=1, le=1000, description="Largest ones first.")
    min_probability: float = Field(0.9, ge=0, le=1, description="The detector's threshold.")
    rotations: bool = Field(
        False,
        strict=True,
        description="Try the image turned by 90, 180, 270 degrees when nothing is found.",
    )

    def analysis(self, encoder: str | None = None) -> AnalysisOptions:
        return AnalysisOptions(
            encoder=encoder,
            min_face=self.min_face,
            max_faces=self.max_faces,
            min_probability=self.min_probability,
            rotations=self.rotations,
        )


class DetectRequest(AnalysisFields):
    """One image."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"image": _EXAMPLE}]})

    image: Image


class EmbedRequest(AnalysisFields):
    """One image, and by which encoder."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"image": _EXAMPLE}]})

    image: Image
    encoder: str | None = Field(None, max_length=100, description="Model key; or the default.")


class OneToOneFields(AnalysisFields):
    """Options of a 1:1 comparison."""

    fmr: float | None = Field(
        None, description="False-match rate to decide at, in (0, 1); default 0.001."
    )
    similarity_threshold: float | None = Field(
        None, description="Cosine in [-1, 1], instead of a rate."
    )
    face: FaceChoice = Field("dominant", description="Which face of an image is meant.")

    def options(self, encoder: str | None = None) -> VerificationOptions:
        return VerificationOptions(
            fmr=self.fmr,
            similarity_threshold=self.similarity_threshold,
            face=self.face,
            analysis=self.analysis(encoder),
        )


class VerifyRequest(OneToOneFields):
    """Two images: same person?"""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reference": _EXAMPLE, "probe": _EXAMPLE, "fmr": 0.001}]}
    )

    reference: Image
    probe: Image
    encoder: str | None = Field(None, max_length=100, description="Model key; or the default.")


class ClaimRequest(OneToOneFields):
    """An image of somebody who claims to be the subject."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"image": _EXAMPLE}]})

    image: Image
    encoder: str | None = _EXPECTED_ENCODER


def _from_form(value: object) -> object:
    """Forms hold nothing but text, so an object comes as JSON in a field."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError('it must be a JSON object, such as {"department": "sales"}') from None


Where = Annotated[
    dict[str, StrictBool | StrictInt | StrictFloat | StrictStr | None],
    BeforeValidator(_from_form, json_schema_input_type=dict[str, str | float | bool | None]),
]


class SearchFields(AnalysisFields):
    """Options of searching a collection."""

    fpir: float | None = Field(
        None, description="False-positive identification rate, in (0, 1); default 0.01."
    )
    similarity_threshold: float | None = Field(
        None, description="Cosine in [-1, 1], instead of a rate."
    )
    candidates: int = Field(5, ge=0, le=50, description="Ranked subjects to name per face.")
    unique: bool = Field(
        True, strict=True, description="Never give one subject to two faces of the image."
    )
    subjects: list[Annotated[str, Field(max_length=64)]] = Field(
        [],
        max_length=1000,
        description="Ids of the only subjects to look for; all of the collection if none is given.",
    )
    where: Where = Field(
        {},
        json_schema_extra={"maxProperties": MAX_CONDITIONS},
        description="Look only for subjects whose metadata have all of these keys with exactly "
        "these values; in a form as JSON.",
    )
    source: str = Field(
        "",
        max_length=MOST_SOURCE,
        description="Label of the place where the picture was taken, for collections that remember "
        "what they see; the header X-Facet-Source gives it, too.",
    )
    encoder: str | None = _EXPECTED_ENCODER

    def options(self) -> RecognitionOptions:
        return RecognitionOptions(
            fpir=self.fpir,
            similarity_threshold=self.similarity_threshold,
            candidates=self.candidates,
            unique=self.unique,
            subjects=tuple(self.subjects),
            where=self.where,
            source=self.source,
            analysis=self.analysis(self.encoder),
        )


class RecognizeRequest(SearchFields):
    """An image to recognise people on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "image": _EXAMPLE,
                    "fpir": 0.01,
                    "candidates": 3,
                    "where": {"department": "sales"},
                }
            ]
        }
    )

    image: Image


class EnrolFields(AnalysisFields):
    """Gates of enrolment."""

    face: FaceChoice = Field("dominant", description="Which face of an image is meant.")
    min_quality: float | None = Field(
        None, ge=0, le=1, description="Overrides the service's quality gate."
    )
    duplicates: Literal["warn", "reject", "ignore"] = Field(
        "warn", description="What to do when the face resembles another subject."
    )
    encoder: str | None = _EXPECTED_ENCODER

    def options(self) -> EnrolmentOptions:
        return EnrolmentOptions(
            face=self.face,
            min_quality=self.min_quality,
            duplicates=self.duplicates,
            analysis=self.analysis(self.encoder),
        )


class EnrolRequest(EnrolFields):
    """Images of the subject."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"images": [_EXAMPLE]}]})

    images: list[Image] = Field(min_length=1)
    allow_repeats: bool = Field(
        False, description="Store a picture once more that the subject has already."
    )

    def options(self) -> EnrolmentOptions:
        return replace(super().options(), allow_repeats=self.allow_repeats)
