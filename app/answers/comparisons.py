"""Verdicts of verification as clients see them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.answers.analysis import Box, Quality
from app.answers.decisions import FACE, IS_BOUND, UNLIKE, WITHHELD, SubjectName
from app.domain.deciding.verdicts import stated_rate
from app.services.deciding import verification

_COMPARED: dict[str, JsonValue] = {**FACE, "min_face": 22, "truncated": False}


class ComparedFace(BaseModel):
    """The face of an image that took part in a comparison."""

    box: Box
    quality: Quality
    min_face: int = Field(
        description="Smallest face that was looked for in its image: the shorter side of the "
        "box, in pixels."
    )
    truncated: bool = Field(
        description="Whether faces of its image were left out, among which it was chosen."
    )

    @classmethod
    def of(cls, compared: verification.ComparedFace) -> Self:
        return cls(
            box=Box.of(compared.face.box),
            quality=Quality.of(compared.face.quality),
            min_face=compared.min_face,
            truncated=compared.truncated,
        )


class Verification(BaseModel):
    """The verdict of a 1:1 comparison."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "match": True,
                    "similarity": 0.957,
                    "threshold": 0.931,
                    "fmr": 6e-06,
                    "fmr_is_bound": False,
                    "threshold_fmr": 0.001,
                    "encoder": "facenet-resnet29@1",
                    "probe": _COMPARED,
                    "reference": _COMPARED,
                    "subject": None,
                    "face_id": None,
                    "denied": False,
                }
            ]
        }
    )

    match: bool
    similarity: float | None = Field(
        description=f"Cosine, in [-1, 1], to a thousandth; not a percentage. Null where {UNLIKE}"
    )
    threshold: float = Field(description="The similarity needed.")
    fmr: float | None = Field(
        description="Estimated share of pairs of strangers that score this similarity or more, to "
        "one digit; null without a similarity, or for an encoder that was never calibrated."
    )
    fmr_is_bound: bool = IS_BOUND
    threshold_fmr: float | None = Field(
        description="The false-match rate the threshold stands for; null without calibration."
    )
    encoder: str
    probe: ComparedFace
    reference: ComparedFace | None = None
    subject: SubjectName | None = Field(
        None, description="Of a claim; null when it is denied to a key without `browse`."
    )
    face_id: int | None = Field(None, description="The subject's most similar face; null likewise.")
    denied: bool = Field(
        False,
        description="Of a claim: whether it is similar enough, and no match because it is nearer "
        "to a face that somebody said is not the subject's.",
    )
    numbers_withheld_until: datetime | None = WITHHELD

    @classmethod
    def of(cls, result: verification.Verification) -> Self:
        verdict = result.verdict
        fmr, is_bound = stated_rate(verdict)
        return cls(
            match=verdict.match,
            similarity=verdict.similarity,
            threshold=verdict.threshold.similarity,
            fmr=fmr,
            fmr_is_bound=is_bound,
            threshold_fmr=verdict.threshold.fmr,
            encoder=result.encoder,
            probe=ComparedFace.of(result.probe),
            reference=result.reference and ComparedFace.of(result.reference),
            subject=result.subject and SubjectName.of(result.subject),
            face_id=result.face_id,
            denied=verdict.denied,
            numbers_withheld_until=result.withheld.until,
        )
