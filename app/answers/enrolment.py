"""Answers to enrolments as clients see them."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.answers.decisions import IS_BOUND
from app.answers.gallery import Face
from app.domain.deciding.verdicts import NamedCandidate, stated_rate
from app.domain.errors import FacetError
from app.services.enrolling.judging import EnrolmentResult


class Duplicate(BaseModel):
    """Another subject that the face could be taken for."""

    subject_id: str
    name: str
    face_id: int
    similarity: float | None = Field(
        description="To a thousandth; null when the key was given as many numbers of the subject "
        "as it may be."
    )
    fmr: float | None = Field(description="To one digit; null likewise.")
    fmr_is_bound: bool = IS_BOUND

    @classmethod
    def of(cls, candidate: NamedCandidate) -> Self:
        fmr, is_bound = stated_rate(candidate)
        return cls(
            subject_id=candidate.subject.id,
            name=candidate.subject.name,
            face_id=candidate.face_id,
            similarity=candidate.similarity,
            fmr=fmr,
            fmr_is_bound=is_bound,
        )


class Refusal(BaseModel):
    """The reason why an image was not enrolled."""

    model_config = ConfigDict(extra="allow")

    code: str
    detail: str
    hint: str


class EnrolledImage(BaseModel):
    """The outcome of one image, in the order they were sent."""

    index: int
    status: Literal["enrolled", "already-enrolled", "rejected"]
    """`already-enrolled`: the subject had this very picture; nothing was stored."""
    face: Face | None = None
    error: Refusal | None = None
    duplicates: list[Duplicate] = Field(default_factory=list)
    duplicates_unnamed: int = Field(
        0, description="Number of those who are not named, because the key lacks `browse`."
    )
    doubt: Refusal | None = Field(
        None,
        description="With `review_mode` `warn`: the face was enrolled, and resembles another "
        "subject more than its own.",
    )


class Enrolment(BaseModel):
    """One answer per image."""

    enrolled: int
    already_enrolled: int = 0
    rejected: int
    results: list[EnrolledImage]

    @classmethod
    def of(cls, results: Sequence[EnrolmentResult]) -> Self:
        images = [_enrolled_image(index, result) for index, result in enumerate(results)]
        counts = Counter(image.status for image in images)
        return cls(
            enrolled=counts["enrolled"],
            already_enrolled=counts["already-enrolled"],
            rejected=counts["rejected"],
            results=images,
        )


def _enrolled_image(index: int, result: EnrolmentResult) -> EnrolledImage:
    return EnrolledImage(
        index=index,
        status="rejected"
        if result.error
        else "already-enrolled"
        if result.repeated
        else "enrolled",
        face=Face.of(result.face) if result.face else None,
        error=_refusal(result.error),
        duplicates=[Duplicate.of(one) for one in result.duplicates],
        duplicates_unnamed=result.duplicates_unnamed,
        doubt=_refusal(result.doubt) if result.face else None,
    )


def _refusal(error: FacetError | None) -> Refusal | None:
    if error is None:
        return None
    return Refusal(code=error.slug, detail=error.message, hint=error.hint, **error.data)
