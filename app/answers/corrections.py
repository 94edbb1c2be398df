"""Corrections as clients see them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.answers.gallery import Subject
from app.domain.people.corrections import OperationKind
from app.services.gallery import corrections as services
from app.services.gallery.undoing import recording


class Operation(BaseModel):
    """A recorded correction. It can be undone until `ends_at`, and is forgotten then."""

    id: str
    kind: OperationKind
    at: datetime
    key_id: str = Field(description="Of the key that asked; `local` where there was none.")
    subject_id: str = Field(
        description="The subject that was given the faces, or of which something was refused; "
        "empty for none, as of what was done to groups."
    )
    made_subject: bool = Field(description="Whether that subject was made for it.")
    absorbed_subject: str | None = Field(
        description="The name of the subject that a merge removed; null once it is back."
    )
    faces: dict[int, str] = Field(
        description="The subject that each face had, by face id, of those that there still are, or "
        "an empty word where it was nobody's; empty once it is undone."
    )
    undone_at: datetime | None
    ends_at: datetime

    @classmethod
    def of(cls, recorded: services.RecordedOperation) -> Self:
        operation = recorded.operation
        return cls(
            id=operation.id,
            kind=operation.kind,
            at=operation.at,
            key_id=operation.key_id,
            subject_id=operation.subject_id,
            made_subject=operation.made_subject,
            absorbed_subject=operation.absorbed.name if operation.absorbed else None,
            faces=dict(recorded.faces),
            undone_at=operation.undone_at,
            ends_at=operation.ends_at,
        )


class Moved(BaseModel):
    """The subject that faces were given to."""

    subject: Subject
    moved: int = Field(description="Faces that changed their subject.")
    operation_id: str | None = Field(
        description="Undoes it; null when all faces were the subject's already."
    )

    @classmethod
    def of(cls, corrected: services.Corrected) -> Self:
        return cls(
            subject=Subject.of(corrected.subject),
            moved=corrected.moved,
            operation_id=corrected.operation.id if corrected.operation else None,
        )


class Merged(Subject):
    """The subject that has taken over the faces of another one."""

    operation_id: str = Field(description="Undoes it.")

    @classmethod
    def of_merge(cls, corrected: services.Corrected) -> Self:
        subject = Subject.of(corrected.subject)
        if corrected.operation is None:
            raise ValueError("a merge is always recorded")
        return cls(**dict(subject), operation_id=corrected.operation.id)


class Undone(BaseModel):
    """Changes that undoing an operation has made."""

    operation_id: str
    moved: int = Field(description="Faces that went back; those erased since stay erased.")
    restored_subject_id: str | None = Field(description="The subject that a merge had removed.")
    removed_subject_id: str | None = Field(
        description="The subject that had been made for it, when nothing was left of it."
    )
    group_id: str | None = Field(
        description="The group that is as it was before, of what was done to one; null when all of "
        "its faces were erased."
    )

    @classmethod
    def of(cls, undone: recording.Undone) -> Self:
        return cls(
            operation_id=undone.operation.id,
            moved=undone.moved,
            restored_subject_id=undone.restored_subject_id,
            removed_subject_id=undone.removed_subject_id,
            group_id=undone.group_id,
        )
