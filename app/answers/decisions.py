"""Verdicts of recognition as clients see them, and what those of verification share."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.answers.analysis import Box, Quality, Searched
from app.domain import decisions as domain
from app.domain.disclosure import told_of_stored
from app.domain.gallery import Subject
from app.services.deciding import recognition
from app.services.deciding.allowances import Withheld

FACE: dict[str, JsonValue] = {
    "box": {"x": 312.0, "y": 140.5, "width": 118.2, "height": 149.0},
    "quality": {"score": 0.97, "reasons": [], "sharpness": 310.0, "brightness": 121.0},
}
SUBJECT: dict[str, JsonValue] = {"id": "019a0c0f5b7c0123456789abcdef0123", "name": "Grace Hopper"}

UNLIKE = "more than one pair of strangers in a hundred is as alike as the enrolled face, or "
UNLIKE += "where `numbers_withheld_until` tells of."
WITHHELD = Field(
    None,
    description="When set, the key was given as many numbers of a subject named here as it may "
    "be: those are null until then, and a threshold of the caller's own is moved to the next "
    "stricter power of ten. Decisions are made as ever.",
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

    @classmethod
    def of(
        cls, candidate: domain.Candidate, fmr: float, subject: SubjectName, withheld: Withheld
    ) -> Self:
        told, told_fmr = _told_of_candidate(candidate, fmr, withheld)
        return cls(subject=subject, face_id=candidate.face_id, similarity=told, fmr=told_fmr)


def _told_of_candidate(
    candidate: domain.Candidate, fmr: float, withheld: Withheld
) -> tuple[float | None, float | None]:
    if candidate.subject_id in withheld.subjects:
        return None, None
    return told_of_stored(candidate.similarity, fmr)


class Verdict(BaseModel):
    """Who somebody is, or that nobody knows."""

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
    margin: float | None = Field(
        description="Similarity ahead of the next subject; null unless both are told."
    )
    candidates: list[Candidate]


def verdict_fields(
    verdict: domain.Identification,
    candidate_fmrs: Sequence[float],
    match_fmr: float | None,
    subjects: Mapping[str, SubjectName],
    withheld: Withheld,
) -> dict[str, Any]:
    """The fields of a `Verdict`."""
    candidates = [
        Candidate.of(candidate, fmr, subjects[candidate.subject_id], withheld)
        for candidate, fmr in zip(verdict.candidates, candidate_fmrs, strict=True)
    ]
    best = candidates[0] if candidates else None
    match = verdict.match
    similarity, fmr = (best.similarity, best.fmr) if best else (None, None)
    if match is not None and match_fmr is not None:
        similarity, fmr = _told_of_candidate(match, match_fmr, withheld)
    return {
        "decision": verdict.decision,
        "subject": subjects[match.subject_id] if match else None,
        "face_id": match.face_id if match else None,
        "similarity": similarity,
        "fmr": fmr,
        "margin": verdict.margin,
        "candidates": candidates,
    }


class RecognisedFace(Verdict):
    """The verdict on one face."""

    box: Box
    probability: float
    quality: Quality

    @classmethod
    def of(
        cls,
        face: recognition.RecognisedFace,
        subjects: Mapping[str, SubjectName],
        withheld: Withheld,
    ) -> Self:
        return cls(
            **verdict_fields(
                face.identification, face.candidate_fmrs, face.match_fmr, subjects, withheld
            ),
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
                            "margin": 0.04,
                            "probability": 0.999,
                            **FACE,
                            "candidates": [
                                {
                                    "subject": SUBJECT,
                                    "face_id": 42,
                                    "similarity": 0.957,
                                    "fmr": 6e-06,
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

    @classmethod
    def of(cls, result: recognition.Recognition) -> Self:
        names = {key: SubjectName.of(subject) for key, subject in result.subjects.items()}
        return cls(
            collection=result.collection.name,
            encoder=result.collection.encoder,
            threshold=result.threshold.similarity,
            threshold_fmr=result.threshold.fmr,
            subjects=result.enrolled_subjects,
            width=result.analysis.width,
            height=result.analysis.height,
            rotation=result.analysis.rotation,
            min_face=result.analysis.min_face,
            truncated=result.analysis.truncated,
            faces=[RecognisedFace.of(face, names, result.withheld) for face in result.faces],
            numbers_withheld_until=result.withheld.until,
        )
