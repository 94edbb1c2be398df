"""Suggestions about who is who, answers to them, and negatives, as clients see them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.answers.gallery import Page, Subject
from app.answers.people import SeenSubject
from app.domain.people import review as domain
from app.domain.people.review import SuggestionKind
from app.services.people.review import answering, denying


class Suggestion(BaseModel):
    """Something that is probably so, and waits for somebody to say whether it is."""

    id: str = Field(description="The same whenever the same is suggested.")
    kind: SuggestionKind
    likelihood: float = Field(
        description="In [0, 1], sorts the list. For a group or subject that is somebody: the share "
        "of strangers of whom no subject would look so alike."
    )
    group_id: str | None
    size: int | None = Field(description="Faces of the group.")
    subject: SeenSubject | None = Field(
        description="Whom a group shows; one of two that are one; of a face that is not its "
        "subject's, that subject."
    )
    other: SeenSubject | None = Field(
        description="The other of two subjects; whose a misplaced face may be."
    )
    face_id: int | None = Field(description="The enrolled face that is not its subject's.")
    found_at: datetime

    @classmethod
    def of(cls, waiting: answering.Waiting) -> Self:
        one = waiting.stored.suggestion
        return cls(
            id=waiting.stored.id,
            kind=one.kind,
            likelihood=round(one.likelihood, 4),
            group_id=one.group_id,
            size=waiting.size,
            subject=_subject(waiting, one.subject_id),
            other=_subject(waiting, one.other_id),
            face_id=one.face_id,
            found_at=waiting.stored.found_at,
        )


class Suggestions(Page[Suggestion]):
    """One page of suggestions, the likeliest first; `next_cursor` is null on the last."""


class Answered(BaseModel):
    """The outcome of an answer to a suggestion."""

    suggestion_id: str
    kind: SuggestionKind
    accepted: bool
    subject: Subject | None = Field(description="Whose the faces are now; null if refused.")
    faces: int = Field(description="Faces that were enrolled, or have changed their subject.")
    negatives: int = Field(
        description="Faces that recognition knows from now on not to be the subject's."
    )
    operation_id: str | None = Field(description="Undoes it; null when nothing had to be changed.")

    @classmethod
    def of(cls, answered: answering.Answered) -> Self:
        return cls(
            suggestion_id=answered.suggestion.id,
            kind=answered.suggestion.suggestion.kind,
            accepted=answered.accepted,
            subject=None if answered.subject is None else Subject.of(answered.subject),
            faces=answered.faces,
            negatives=answered.negatives,
            operation_id=answered.operation_id,
        )


class Negative(BaseModel):
    """A kept face that is not of a subject, as somebody has said."""

    id: str
    face_id: int | None = Field(description="The enrolled face, of whatever subject it is.")
    sighting_id: int | None = Field(description="Or the sighting.")
    at: datetime
    key_id: str = Field(description="Of the key that asked; `local` where there was none.")

    @classmethod
    def of(cls, negative: domain.Negative) -> Self:
        return cls(
            id=negative.id,
            face_id=negative.face_id,
            sighting_id=negative.sighting_id,
            at=negative.at,
            key_id=negative.key_id,
        )


class Denied(BaseModel):
    """Numbers of faces that are not the subject's."""

    subject_id: str
    negatives: int = Field(description="Noted now, without those that were noted before.")
    unknown: int = Field(
        description="Sightings that were taken for the subject, and are nobody's now."
    )
    operation_id: str = Field(description="Undoes it.")

    @classmethod
    def of(cls, denied: denying.Denied) -> Self:
        return cls(
            subject_id=denied.subject_id,
            negatives=denied.negatives,
            unknown=denied.unknown,
            operation_id=denied.operation_id,
        )


class Forgotten(BaseModel):
    """The negative that was taken back."""

    negative_id: str


def _subject(waiting: answering.Waiting, subject_id: str | None) -> SeenSubject | None:
    found = waiting.subjects.get(subject_id or "")
    return None if found is None else SeenSubject(id=found.id, name=found.name)
