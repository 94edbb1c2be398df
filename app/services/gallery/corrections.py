"""Corrections of who is who: move faces, merge subjects, undo either."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.errors.gallery import UnknownFaceError, UnknownSubjectError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Subject
from app.domain.people.corrections import GROUP_CHANGES, MOST_FACES, UNDO_FOR, Operation
from app.domain.texts import clean_text
from app.services.gallery.absorbing import (
    give_back_said,
    remove_absorbed,
    require_free,
    take_back,
    taken_over,
)
from app.services.gallery.identifiers import new_id
from app.services.gallery.subjects import CountedSubject, counted, require_version
from app.services.gallery.undoing.grouping import take_back_group_change
from app.services.gallery.undoing.naming import NamingUndo
from app.services.gallery.undoing.recording import (
    Undone,
    record_operation,
    remove_if_made_for,
    require_undoable,
    superseded,
)
from app.services.ports import Storage, UnitOfWork


@dataclass(frozen=True, slots=True)
class Corrected:
    """The subject that was given faces, and the record of it."""

    subject: CountedSubject
    operation: Operation | None
    """None when nothing had to be changed."""
    moved: int
    """Faces that changed their subject."""


@dataclass(frozen=True, slots=True)
class RecordedOperation:
    """An operation, with the subjects that its faces had."""

    operation: Operation
    faces: Mapping[int, str]
    """By face, of those that there still are; empty once it is undone."""


class Corrections:
    """Each is one transaction. Vectors stay where they are: an index knows faces only."""

    def __init__(
        self,
        storage: Storage,
        namings: NamingUndo,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage = storage
        self._namings = namings
        self._now = clock

    def move_faces(
        self,
        collection: str,
        face_ids: Sequence[int],
        to_subject: str,
        *,
        if_match: str | None = None,
    ) -> Corrected:
        """Give faces, of whatever subjects, to a subject of the collection.

        Raises UnknownSubjectError, UnknownFaceError, InvalidRequestError for no face or more than
        `MOST_FACES`, or ChangedMeanwhileError where `to_subject` is not of the version `if_match`.
        """
        wanted = _distinct(face_ids)
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            subject = uow.subjects.get(gallery.id, to_subject)
            require_version(subject, if_match)
            return uow.note_result(self._move(uow, wanted, subject, made=False))

    def split(self, collection: str, face_ids: Sequence[int], name: str) -> Corrected:
        """Give faces to a new subject of that name; raises DuplicateSubjectError and what
        `move_faces` raises."""
        wanted = _distinct(face_ids)
        name = clean_text(name, "name")
        now = self._now()
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            subject = Subject(new_id(), gallery.id, name, None, {}, now, now)
            uow.subjects.add(subject)
            return uow.note_result(self._move(uow, wanted, subject, made=True))

    def merge(
        self, collection: str, subject_id: str, absorbed_id: str, *, if_match: str | None = None
    ) -> Corrected:
        """Give the faces of `absorbed_id` to `subject_id` and remove the emptied subject.

        Raises ChangedMeanwhileError where `subject_id` is not of the version `if_match`.
        """
        if subject_id == absorbed_id:
            raise InvalidRequestError("A subject cannot be merged with itself.")
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            subject = uow.subjects.get(gallery.id, subject_id)
            require_version(subject, if_match)
            absorbed = uow.subjects.get(gallery.id, absorbed_id)
            require_free(uow, [absorbed.id])
            faces = dict.fromkeys(uow.faces.ids_of_subjects([absorbed.id]), absorbed.id)
            uow.faces.reassign(list(faces), subject.id)
            uow.idempotency.remove_of_subject(absorbed.id)
            uow.allowances.move(absorbed.id, subject.id)
            uow.sightings.follow_subject(absorbed.id, subject.id)
            details = taken_over(uow, absorbed, subject, self._now())
            operation = record_operation(
                uow,
                "merge",
                gallery.id,
                subject.id,
                self._now(),
                faces=faces,
                absorbed=absorbed,
                details=details,
            )
            remove_absorbed(uow, absorbed, subject)
            corrected = Corrected(self._touched(uow, subject), operation, len(faces))
            return uow.note_result(corrected)

    def undo(self, collection: str, operation_id: str) -> Undone:
        """Take an operation back, as a whole.

        Faces that were erased since stay erased. Raises UnknownOperationError,
        OperationUndoneError, OperationSupersededError when a face has been moved again or a
        subject is gone, or DuplicateSubjectError when an absorbed subject's name is taken.
        """
        now = self._now()
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            kind = uow.operations.get(gallery.id, operation_id).kind
        if kind == "name-group":
            return self._namings.undo(collection, operation_id, now)
        with self._storage.write() as uow:
            operation = uow.operations.get(gallery.id, operation_id)
            require_undoable(operation, now)
            if kind not in ("move", "merge"):
                group = take_back_group_change(uow, operation) if kind in GROUP_CHANGES else None
                take_back(uow, operation)
                uow.operations.settle(operation, now)
                undone = Undone(replace(operation, undone_at=now), group_id=group)
                return uow.note_result(undone)
            owners = uow.operations.faces([operation.id])[operation.id]
            require_free(uow, [operation.subject_id])
            self._require_unchanged(uow, operation, owners)
            if operation.absorbed is not None:
                uow.subjects.add(operation.absorbed)
                uow.ledger.came_back("subject", gallery.id, operation.absorbed.id)
                uow.allowances.raise_to(operation.subject_id, operation.absorbed.id)
            self._give_back(uow, operation, owners)
            give_back_said(uow, operation, now)
            removed = remove_if_made_for(uow, operation)
            uow.operations.settle(operation, now)
            restored = None if operation.absorbed is None else operation.absorbed.id
            settled = replace(operation, absorbed=None, undone_at=now)
            return uow.note_result(Undone(settled, len(owners), restored, removed))

    def list(
        self, collection: str, *, before: str | None = None, limit: int = 50
    ) -> Sequence[RecordedOperation]:
        """List what can be undone, and what was, of the last 30 days; newest first."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            found = uow.operations.list(
                gallery.id, before=before, since=self._now() - UNDO_FOR, limit=limit
            )
            faces = uow.operations.faces([operation.id for operation in found])
        return [RecordedOperation(operation, faces[operation.id]) for operation in found]

    def forget_old(self) -> int:
        """Remove the records that are too old to be undone; how many there were."""
        with self._storage.write() as uow:
            return uow.operations.remove_before(self._now() - UNDO_FOR)

    def _move(
        self, uow: UnitOfWork, wanted: Sequence[int], subject: Subject, *, made: bool
    ) -> Corrected:
        found = uow.faces.by_ids([face_id for face_id in wanted if 0 < face_id < 2**63])
        for face_id in wanted:
            if face_id not in found or found[face_id].collection_id != subject.collection_id:
                raise UnknownFaceError(
                    f"There is no face {face_id}; nothing was moved.", face=face_id
                )
        faces = {
            face_id: face.subject_id
            for face_id, face in found.items()
            if face.subject_id != subject.id
        }
        if not faces:
            return Corrected(counted(uow, [subject])[0], None, 0)
        require_free(uow, faces.values())
        uow.faces.reassign(list(faces), subject.id)
        for owner in sorted(set(faces.values())):
            # Stored answers describe the faces as the former subject's, and would outlive them.
            uow.idempotency.remove_of_subject(owner)
            uow.allowances.raise_to(owner, subject.id)
        operation = record_operation(
            uow,
            "move",
            subject.collection_id,
            subject.id,
            self._now(),
            faces=faces,
            made_subject=made,
        )
        return Corrected(self._touched(uow, subject), operation, len(faces))

    def _touched(self, uow: UnitOfWork, subject: Subject) -> CountedSubject:
        changed = replace(subject, updated_at=self._now())
        uow.subjects.update(changed)
        return counted(uow, [changed])[0]

    def _require_unchanged(
        self, uow: UnitOfWork, operation: Operation, owners: Mapping[int, str]
    ) -> None:
        holders = uow.faces.subjects_of(list(owners))
        moved = [face for face, holder in holders.items() if holder != operation.subject_id]
        if moved:
            raise superseded(f"Face {min(moved)} was moved again since.")
        needed = {operation.subject_id, *owners.values()}
        if operation.absorbed is not None:
            needed.discard(operation.absorbed.id)
        for subject_id in sorted(needed):
            try:
                uow.subjects.get(operation.collection_id, subject_id)
            except UnknownSubjectError as error:
                raise superseded(f"Subject {subject_id!r} is gone.") from error

    def _give_back(self, uow: UnitOfWork, operation: Operation, owners: Mapping[int, str]) -> None:
        by_owner: dict[str, list[int]] = defaultdict(list)
        for face_id, owner in owners.items():
            by_owner[owner].append(face_id)
        for owner, faces in sorted(by_owner.items()):
            uow.faces.reassign(faces, owner)
            uow.allowances.raise_to(operation.subject_id, owner)
            self._touched(uow, uow.subjects.get(operation.collection_id, owner))
        uow.idempotency.remove_of_subject(operation.subject_id)
        self._touched(uow, uow.subjects.get(operation.collection_id, operation.subject_id))


def _distinct(face_ids: Sequence[int]) -> list[int]:
    distinct = list(dict.fromkeys(face_ids))
    if not distinct:
        raise InvalidRequestError.of_field("face_ids", "names no face", "Name at least one.")
    if len(distinct) > MOST_FACES:
        raise InvalidRequestError.of_field(
            "face_ids",
            f"names {len(distinct)} faces, {MOST_FACES} at most are moved at once",
            "Move them in several requests.",
        )
    return distinct
