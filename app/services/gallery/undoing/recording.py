"""Recording what is done, and what each operation has to keep to so that it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.errors.corrections import (
    OperationSupersededError,
    OperationUndoneError,
    UnknownOperationError,
)
from app.domain.gallery import Subject
from app.domain.people.corrections import UNDO_FOR, Operation, OperationKind
from app.services.gallery.identifiers import new_id
from app.services.keys import current_asker
from app.services.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Undone:
    """Changes that undoing an operation has made."""

    operation: Operation
    moved: int = 0
    """Faces that went back."""
    restored_subject_id: str | None = None
    removed_subject_id: str | None = None
    """The subject that the operation had made, when nothing was left of it."""
    group_id: str | None = None
    """The group that is as it was before."""


def record_operation(
    uow: UnitOfWork,
    kind: OperationKind,
    collection_id: str,
    subject_id: str,
    at: datetime,
    *,
    faces: Mapping[int, str] | None = None,
    sightings: Mapping[int, Mapping[str, Any]] | None = None,
    made_subject: bool = False,
    absorbed: Subject | None = None,
    details: Mapping[str, Any] | None = None,
) -> Operation:
    """Record it in the transaction that does it; what is too old to be undone goes.

    `faces` say whose each was, `sightings` what each was before it was enrolled; `details` are ids.
    """
    operation = Operation(
        id=new_id(),
        collection_id=collection_id,
        kind=kind,
        at=at,
        key_id=current_asker().key_id,
        subject_id=subject_id,
        made_subject=made_subject,
        absorbed=absorbed,
        details=details or {},
    )
    uow.operations.remove_before(at - UNDO_FOR)
    uow.operations.add(operation, faces or {}, sightings or {})
    return operation


def require_undoable(operation: Operation, now: datetime) -> None:
    """Raise UnknownOperationError of an old one, OperationUndoneError of one undone before."""
    if operation.ends_at <= now:
        raise UnknownOperationError(
            "The operation is too old to be undone.",
            hint="Operations are recorded for 30 days.",
            operation=operation.id,
        )
    if operation.undone_at is not None:
        raise OperationUndoneError("The operation was undone already.")


def superseded(what: str) -> OperationSupersededError:
    """The error for an operation after which something else was done."""
    return OperationSupersededError(what, hint="Undo what was done later first, or move the faces.")


def remove_if_made_for(uow: UnitOfWork, operation: Operation) -> str | None:
    """Remove the subject that the operation had made, unless it has become more since; its id.

    Whoever was recognized as it meanwhile was nobody whom the gallery knows.
    """
    if not operation.made_subject:
        return None
    subject = uow.subjects.get(operation.collection_id, operation.subject_id)
    faces = uow.faces.count(operation.collection_id, subject_id=subject.id)
    if faces or subject.external_id is not None or subject.metadata:
        return None
    uow.namings.make_unknown(uow.namings.known(subject.id), subject.id)
    uow.subjects.remove(subject.id)
    return subject.id
