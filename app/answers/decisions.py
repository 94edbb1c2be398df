"""Verdicts of recognition as clients see them, and what those of verification share."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.answers.analysis import Box, Quality, Searched
from app.domain.deciding.verdicts import NamedCandidate, SearchVerdict, stated_rate
from app.domain.gallery import Subject
from app.services.deciding import recognition

FACE: dict[str, JsonValue] = {
    "box": {"x": 312.0, "y": 140.5, "width": 118.2, "height": 149.0},
    "quality": {"score": 0.97, "reasons": [], "sharpness": 310.0, "brightness": 121.0},
}
SUBJECT: dict[str, JsonValue] = {"id": "019a0c0f5b7c0123456789abcdef0123", "name": "Grace Hopper"}

UNLIKE = "more than one pair of strangers in a hundred is as alike as the enrolled face, or "
UNLIKE += "where `numbers_withheld_until` tells of."
IS_BOUND = Field(
    False,
    description="Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers "
    "behind the threshold curve support no smaller one.",
)
WITHHELD = Field(
    None,
    description="When set, the key was given as many numbers of a subject named here as it may "
    "be: those are null until then, and a threshold of the caller's own is moved to the next "
    "stricter power of ten. Decisions are made as ever.",
)
ONLY_MATCHES = Field(
    False,
    description="Whether nobody but those who were found is named, and nothing is told of the "
    "unknown, because the key lacks the scope `browse`.",
)


class SubjectName(BaseModel):
    """A subject as a verdict names it."""

    id: str
    name: str

    @classmethod
    def of(cls, subject: Subject) -> Self:
        return cls(id=subject.id, name=subject.name)


class Candidate(BaseModel):
    """A subject the face may be, by its most similar enrolled face."""

    subject: SubjectName
    face_id: int
    similarity: float | None = Field(description=f"To a thousandth; null where {UNLIKE}")
    fmr: float | None = Field(
        description="Estimated false-match rate at this similarity, to one digit; null likewise."
    )
    fmr_is_bound: bool = IS_BOUND

    @classmethod
    def of(cls, candidate: NamedCandidate) -> Self:
        fmr, is_bound = stated_rate(candidate)
        return cls(
            subject=SubjectName.of(candidate.subject),
            face_id=candidate.face_id,
            similarity=candidate.similarity,
            fmr=fmr,
            fmr_is_bound=is_bound,
        )


class Verdict(BaseModel):
    """The decision who somebody is, or that nobody knows."""

    decision: Literal["known", "unknown"]
    subject: SubjectName | None
    face_id: int | None = Field(description="The enrolled face that matched.")
    similarity: float | None = Field(
        description="To the match, or to the best candidate when unknown, to a thousandth; null "
        f"with none, or where {UNLIKE}"
    )
    fmr: float | None = Field(
        description="Estimated false-match rate at this similarity, to one digit; null likewise."
    )
    fmr_is_bound: bool = IS_BOUND
    margin: float | None = Field(
        description="Similarity ahead of the next subject; null unless both are given."
    )
    candidates: list[Candidate]


def verdict_fields(verdict: SearchVerdict) -> dict[str, Any]:
    """The fields of a `Verdict`."""
    match, nearest = verdict.match, verdict.nearest
    fmr, is_bound = stated_rate(nearest)
    return {
        "decision": verdict.decision,
        "subject": SubjectName.of(match.subject) if match else None,
        "face_id": match.face_id if match else None,
        "similarity": nearest.similarity if nearest else None,
        "fmr": fmr,
        "fmr_is_bound": is_bound,
        "margin": verdict.margin,
        "candidates": [Candidate.of(one) for one in verdict.candidates],
    }


class RecognisedFace(Verdict):
    """The verdict on one face."""

    box: Box
    probability: float
    quality: Quality

    @classmethod
    def of(cls, face: recognition.RecognisedFace) -> Self:
        return cls(
            **verdict_fields(face.verdict),
            box=Box.of(face.face.box),
            probability=face.face.probability,
            quality=Quality.of(face.face.quality),
        )


class Recognition(Searched):
    """Every face of an image against a collection, largest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "collection": "staff",
                    "encoder": "facenet-resnet29@1",
                    "threshold": 0.924,
                    "threshold_fmr": 0.0025,
                    "subjects": 4,
                    "width": 1024,
                    "height": 768,
                    "rotation": 0,
                    "min_face": 22,
                    "truncated": False,
                    "faces": [
                        {
                            "decision": "known",
                            "subject": SUBJECT,
                            "face_id": 42,
                            "similarity": 0.957,
                            "fmr": 6e-06,
                            "fmr_is_bound": False,
                            "margin": 0.04,
                            "probability": 0.999,
                            **FACE,
                            "candidates": [
                                {
                                    "subject": SUBJECT,
                                    "face_id": 42,
                                    "similarity": 0.957,
                                    "fmr": 6e-06,
                                    "fmr_is_bound": False,
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )

    collection: str
    encoder: str
    threshold: float = Field(description="The similarity needed to be known.")
    threshold_fmr: float = Field(
        description="Its false-match rate for one comparison: 1 - (1 - fpir)^(1/subjects)."
    )
    subjects: int = Field(description="N, the enrolled subjects searched.")
    faces: list[RecognisedFace]
    numbers_withheld_until: datetime | None = WITHHELD
    only_matches_named: bool = ONLY_MATCHES

    @classmethod
    def of(cls, result: recognition.Recognition) -> Self:
        decided = result.decided
        return cls(
            collection=result.collection.name,
            encoder=result.collection.encoder,
            threshold=decided.threshold.similarity,
            threshold_fmr=decided.threshold.fmr,
            subjects=decided.enrolled_subjects,
            width=result.analysis.width,
            height=result.analysis.height,
            rotation=result.analysis.rotation,
            min_face=result.analysis.min_face,
            truncated=result.analysis.truncated,
            faces=[RecognisedFace.of(face) for face in result.faces],
            numbers_withheld_until=decided.withheld.until,
            only_matches_named=decided.only_matches_named,
        )
