"""Health of a gallery as clients see it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, Field

from app.answers.decisions import SubjectName
from app.domain.gallery import Subject
from app.domain.people import findings as domain
from app.domain.people.health import ENOUGH_FACES, GOOD_QUALITY
from app.domain.people.shares import LEVEL
from app.domain.people.shares import Share as DomainShare
from app.services.people.health import CheckedHealth

Found = TypeVar("Found", bound=BaseModel)
Item = TypeVar("Item")
_Names = Mapping[str, Subject]

RATE = "How often two strangers are as alike, at most: a power of ten."


class Findings(BaseModel, Generic[Found]):
    """Findings of one kind, the worst first."""

    total: int
    listed: list[Found] = Field(description="The worst `limit` of them.")

    @classmethod
    def of(cls, found: domain.Findings[Item], convert: Callable[[Item], Found]) -> Self:
        return cls(total=found.total, listed=[convert(one) for one in found.listed])


class WeakSubject(BaseModel):
    """A subject with too few faces, or with none that is good enough."""

    subject: SubjectName
    faces: int
    best_quality: float | None = Field(description="Of its best face; null without one.")


class UnlikeFace(BaseModel):
    """A face that none of its subject's other faces is like."""

    face_id: int
    subject: SubjectName
    fmr: float = Field(description=RATE)


class Lookalike(BaseModel):
    """A face that could be another subject's."""

    face_id: int
    subject: SubjectName
    other_face_id: int
    other_subject: SubjectName
    fmr: float = Field(description=RATE)
    nearer: bool = Field(
        description="Whether it is more like the other subject than any other face of its own."
    )


class NearDuplicate(BaseModel):
    """Two faces of a subject that are nearly the same picture, so that one adds nothing."""

    face_id: int
    other_face_id: int
    subject: SubjectName


class Share(BaseModel):
    """A share of faces, with its interval of confidence."""

    hits: int
    trials: int
    share: float | None = Field(description="null without a trial.")
    low: float
    high: float

    @classmethod
    def of(cls, share: DomainShare) -> Self:
        value = share.value
        return cls(
            hits=share.hits,
            trials=share.trials,
            share=None if value is None else round(value, 6),
            low=round(share.low, 6),
            high=round(share.high, 6),
        )


class SubjectTest(BaseModel):
    """The self-test of one subject."""

    subject: SubjectName
    faces: int = Field(description="That were left out, one after the other.")
    found: int
    wrong: int = Field(description="Faces that were given another subject's name.")
    weakest_friend: float | None = Field(
        description="Rate of the face least like its own subject, a power of ten; null with one "
        "face."
    )
    best_stranger: float | None = Field(
        description="Rate of the face most like another subject; null where there is none."
    )


class SelfTest(BaseModel):
    """Faces left out one after the other and looked for, at the collection's rate."""

    found: Share = Field(
        description="Of faces whose subject has others: those that are given its name."
    )
    wrong: Share = Field(description="Of the same: those that are given another name.")
    strangers_named: Share = Field(
        description="Of faces with their whole subject left out: those that are given a name. "
        "Promised is `fpir`."
    )
    confidence: float = Field(LEVEL, description="Of the intervals from `low` to `high`.")
    weakest_friend: float | None
    best_stranger: float | None
    friends: list[int] = Field(
        description="Faces by the power of ten of the rate of their subject's most similar other "
        "face: over 0.1, over 0.01, … and all at or below the smallest one that the curve's "
        "comparisons support."
    )
    strangers: list[int] = Field(
        description="Faces by that of the most similar face of another subject."
    )
    subjects: Findings[SubjectTest] = Field(
        description="Those with least between weakest friend and best stranger first."
    )


class Health(BaseModel):
    """Findings about a gallery. Rates are powers of ten."""

    collection: str
    encoder: str
    at: datetime
    subjects: int
    faces: int
    compared: int = Field(description="Faces that were compared with all others.")
    sampled: bool = Field(
        description="Whether those are a sample; findings about faces are of the sample alone."
    )
    other_encoder: int = Field(description="Faces of another encoder, which were not compared.")
    barred: int = Field(
        description="Faces of restricted subjects and of those whose consent has ended, which were "
        "not compared."
    )
    fpir: float = Field(description="The rate of a search whose caller names none.")
    threshold: float = Field(description="The similarity that it needs in this gallery.")
    few_faces: Findings[WeakSubject] = Field(
        description=f"Subjects with fewer than {ENOUGH_FACES} faces."
    )
    poor_faces: Findings[WeakSubject] = Field(
        description=f"Subjects without a face of quality {GOOD_QUALITY} or more."
    )
    unlike: Findings[UnlikeFace]
    could_be_another: Findings[Lookalike]
    near_duplicates: Findings[NearDuplicate]
    self_test: SelfTest

    @classmethod
    def of(cls, checked: CheckedHealth) -> Self:
        report, names = checked.report, checked.subjects
        weak = _weak(names)
        return cls(
            collection=report.collection,
            encoder=report.encoder,
            at=report.at,
            subjects=report.subjects,
            faces=report.faces,
            compared=report.compared,
            sampled=report.sampled,
            other_encoder=report.other_encoder,
            barred=report.barred,
            fpir=report.fpir,
            threshold=round(report.threshold.similarity, 3),
            few_faces=Findings[WeakSubject].of(report.few_faces, weak),
            poor_faces=Findings[WeakSubject].of(report.poor_faces, weak),
            unlike=Findings[UnlikeFace].of(report.unlike, _unlike(names)),
            could_be_another=Findings[Lookalike].of(report.could_be_another, _lookalike(names)),
            near_duplicates=Findings[NearDuplicate].of(report.near_duplicates, _duplicate(names)),
            self_test=_self_test(report.self_test, names),
        )


def _name(names: _Names, subject_id: str) -> SubjectName:
    """The subject; one that was erased meanwhile has its id for a name."""
    found = names.get(subject_id)
    return SubjectName(id=subject_id, name=subject_id) if found is None else SubjectName.of(found)


def _weak(names: _Names) -> Callable[[domain.WeakSubject], WeakSubject]:
    return lambda one: WeakSubject(
        subject=_name(names, one.subject), faces=one.faces, best_quality=one.best_quality
    )


def _unlike(names: _Names) -> Callable[[domain.UnlikeFace], UnlikeFace]:
    return lambda one: UnlikeFace(
        face_id=one.face_id, subject=_name(names, one.subject), fmr=one.fmr
    )


def _lookalike(names: _Names) -> Callable[[domain.Lookalike], Lookalike]:
    return lambda one: Lookalike(
        face_id=one.face_id,
        subject=_name(names, one.subject),
        other_face_id=one.other_face_id,
        other_subject=_name(names, one.other_subject),
        fmr=one.fmr,
        nearer=one.nearer,
    )


def _duplicate(names: _Names) -> Callable[[domain.NearDuplicate], NearDuplicate]:
    return lambda one: NearDuplicate(
        face_id=one.face_id,
        other_face_id=one.other_face_id,
        subject=_name(names, one.subject),
    )


def _self_test(test: domain.SelfTest, names: _Names) -> SelfTest:
    return SelfTest(
        found=Share.of(test.found),
        wrong=Share.of(test.wrong),
        strangers_named=Share.of(test.strangers_named),
        confidence=LEVEL,
        weakest_friend=test.weakest_friend,
        best_stranger=test.best_stranger,
        friends=list(test.friends),
        strangers=list(test.strangers),
        subjects=Findings[SubjectTest].of(
            test.subjects,
            lambda one: SubjectTest(
                subject=_name(names, one.subject),
                faces=one.faces,
                found=one.found,
                wrong=one.wrong,
                weakest_friend=one.weakest_friend,
                best_stranger=one.best_stranger,
            ),
        ),
    )
