"""Recorded corrections in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from app.domain.errors.corrections import UnknownOperationError
from app.domain.gallery import Subject
from app.domain.people.corrections import Operation
from app.storage.people_tables import OperationFaceRow, OperationRow
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.repositories.stored.sealed import SealedCollections

_COLUMNS = tuple(c for c in OperationRow.__table__.c if c.name != "absorbed_id")


class SqlOperations:
    """Operations by id, which sorts by time."""

    def __init__(
        self, connection: Connection, changes: SqlChangeLog, sealed: SealedCollections
    ) -> None:
        self._connection = connection
        self._changes = changes
        self._sealed = sealed

    def add(
        self,
        operation: Operation,
        faces: Mapping[int, str],
        sightings: Mapping[int, Mapping[str, Any]],
    ) -> None:
        """Record it with the subject that each face had, and the sighting that it was."""
        values = _values(operation)
        values["absorbed"] = self._sealed.written(
            operation.collection_id, values["absorbed"], _context(operation.id)
        )
        self._connection.execute(insert(OperationRow).values(values))
        rows = [
            {
                "operation_id": operation.id,
                "face_id": face_id,
                "subject_id": subject_id,
                "sighting": self._sealed.written(
                    operation.collection_id, sightings.get(face_id), _of_face(operation, face_id)
                ),
            }
            for face_id, subject_id in faces.items()
        ]
        if rows:
            self._connection.execute(insert(OperationFaceRow), rows)

    def get(self, collection_id: str, operation_id: str) -> Operation:
        """Raises UnknownOperationError."""
        query = select(*_COLUMNS).where(
            OperationRow.id == operation_id, OperationRow.collection_id == collection_id
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise unknown_operation(operation_id)
        return self._operation(row)

    def list(
        self, collection_id: str, *, before: str | None, since: datetime, limit: int
    ) -> Sequence[Operation]:
        """The newest first, those whose id comes before `before`, done after `since`."""
        query = (
            select(*_COLUMNS)
            .where(OperationRow.collection_id == collection_id, OperationRow.at > since)
            .order_by(OperationRow.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(OperationRow.id < before)
        return [self._operation(row) for row in self._connection.execute(query)]

    def faces(self, operation_ids: Sequence[str]) -> Mapping[str, Mapping[int, str]]:
        """The subject that each face had, by operation and face; no face that is gone."""
        found: dict[str, dict[int, str]] = {operation: {} for operation in operation_ids}
        query = select(
            OperationFaceRow.operation_id, OperationFaceRow.face_id, OperationFaceRow.subject_id
        ).where(among(OperationFaceRow.operation_id, operation_ids))
        for row in self._connection.execute(query):
            found[row.operation_id][row.face_id] = row.subject_id
        return found

    def sightings(self, operation: Operation) -> Mapping[int, Mapping[str, Any]]:
        """Facts of the sighting that each face was, by face; of no face that is gone."""
        query = select(OperationFaceRow.face_id, OperationFaceRow.sighting).where(
            OperationFaceRow.operation_id == operation.id, OperationFaceRow.sighting.is_not(None)
        )
        return {
            row.face_id: self._sealed.read(
                operation.collection_id, row.sighting, _of_face(operation, row.face_id)
            )
            for row in self._connection.execute(query)
        }

    def settle(self, operation: Operation, at: datetime) -> None:
        """Mark it as undone, and forget what undoing needed."""
        self._connection.execute(
            update(OperationRow)
            .where(OperationRow.id == operation.id)
            .values(undone_at=at, absorbed=None)
        )
        self._changes.note_erasure()

    def remove_of_subject(self, subject_id: str) -> int:
        """Remove every record about the subject, or about one that it absorbed; how many."""
        doomed: set[str] = set()
        asked: set[str] = set()
        subjects = {subject_id}
        while subjects:
            asked |= subjects
            rows = self._connection.execute(_about(sorted(subjects))).all()
            doomed |= {row.id for row in rows}
            subjects = {row.absorbed_id for row in rows if row.absorbed_id} - asked
        return self._remove(among(OperationRow.id, sorted(doomed))) if doomed else 0

    def remove_of_faces(self, face_ids: Sequence[int]) -> None:
        """Remove the faces from the records."""
        query = delete(OperationFaceRow).where(among(OperationFaceRow.face_id, face_ids))
        if self._connection.execute(query).rowcount:
            self._changes.note_erasure()

    def remove_of_collection(self, collection_id: str) -> int:
        """Returns the number of rows that there were."""
        return self._remove(OperationRow.collection_id == collection_id)

    def remove_before(self, at: datetime) -> int:
        """Remove what was done before; how many there were."""
        return self._remove(OperationRow.at < at)

    def _operation(self, row: Row[Any]) -> Operation:
        absorbed = self._sealed.read(row.collection_id, row.absorbed, _context(row.id))
        return _operation(row, absorbed)

    def _remove(self, which: ColumnElement[bool]) -> int:
        removed = self._connection.execute(delete(OperationRow).where(which)).rowcount
        if removed:
            self._changes.note_erasure()
        return removed


def unknown_operation(operation_id: str) -> UnknownOperationError:
    """The error for an operation that the collection has no record of."""
    return UnknownOperationError(
        f"There is no operation {operation_id!r}.",
        hint="Operations are recorded for 30 days; an erasure of whom they name removes them.",
        operation=operation_id,
    )


def _of_face(operation: Operation, face_id: int) -> str:
    return f"{_context(operation.id)}/{face_id}"


def _about(subjects: Sequence[str]) -> Any:
    """Operations that gave to, took from or removed one of the subjects."""
    taken_from = select(OperationFaceRow.operation_id).where(
        among(OperationFaceRow.subject_id, subjects)
    )
    return select(OperationRow.id, OperationRow.absorbed_id).where(
        or_(
            among(OperationRow.subject_id, subjects),
            among(OperationRow.absorbed_id, subjects),
            OperationRow.id.in_(taken_from),
        )
    )


def _values(operation: Operation) -> dict[str, Any]:
    absorbed = operation.absorbed
    return {
        "id": operation.id,
        "collection_id": operation.collection_id,
        "kind": operation.kind,
        "at": operation.at,
        "key_id": operation.key_id,
        "subject_id": operation.subject_id,
        "made_subject": operation.made_subject,
        "absorbed_id": None if absorbed is None else absorbed.id,
        "absorbed": None if absorbed is None else _written(absorbed),
        "undone_at": operation.undone_at,
        "details": dict(operation.details) or None,
    }


def _context(operation_id: str) -> str:
    return f"operation/{operation_id}"


def _operation(row: Row[Any], absorbed: Mapping[str, Any] | None) -> Operation:
    return Operation(
        id=row.id,
        collection_id=row.collection_id,
        kind=row.kind,
        at=row.at,
        key_id=row.key_id,
        subject_id=row.subject_id,
        made_subject=row.made_subject,
        absorbed=None if absorbed is None else _read(row.collection_id, absorbed),
        undone_at=row.undone_at,
        details=row.details or {},
    )


def _written(subject: Subject) -> dict[str, Any]:
    return {
        "id": subject.id,
        "name": subject.name,
        "external_id": subject.external_id,
        "metadata": dict(subject.metadata),
        "created_at": subject.created_at.isoformat(),
        "updated_at": subject.updated_at.isoformat(),
    }


def _read(collection_id: str, stored: Mapping[str, Any]) -> Subject:
    return Subject(
        id=stored["id"],
        collection_id=collection_id,
        name=stored["name"],
        external_id=stored["external_id"],
        metadata=stored["metadata"],
        created_at=datetime.fromisoformat(stored["created_at"]),
        updated_at=datetime.fromisoformat(stored["updated_at"]),
    )
