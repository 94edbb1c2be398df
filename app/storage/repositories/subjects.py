"""Subjects in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from app.domain.errors.gallery import DuplicateSubjectError, UnknownSubjectError
from app.domain.gallery import Scalar, Subject
from app.storage.dialects.table import dialect_of
from app.storage.metadata import readable, written
from app.storage.people_tables import SightingRow
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.tables import FaceRow, SubjectRow

_COLUMNS = (
    SubjectRow.id,
    SubjectRow.collection_id,
    SubjectRow.name,
    SubjectRow.external_id,
    SubjectRow.meta,
    SubjectRow.created_at,
    SubjectRow.updated_at,
)

# Built once: every recognition asks, and building takes longer than asking.
_BY_IDS = select(*_COLUMNS).where(among(SubjectRow.id, "ids"))
_COUNT = select(func.count()).where(SubjectRow.collection_id == bindparam("collection"))
_COUNT_WITH_FACES = _COUNT.where(
    select(FaceRow.id).where(FaceRow.subject_id == SubjectRow.id).exists()
)


class SqlSubjects:
    """Subjects of collections."""

    def __init__(self, connection: Connection, changes: SqlChangeLog) -> None:
        self._changes = changes
        self._connection = connection

    def add(self, subject: Subject) -> None:
        """Raises DuplicateSubjectError when the collection has the name or external id."""
        self._refuse_taken(subject)
        self._connection.execute(insert(SubjectRow).values(_values(subject)))
        self._changes.grown.add(subject.collection_id)

    def get(self, collection_id: str, subject_id: str, *, hold: bool = False) -> Subject:
        """The subject; with `hold`, others that hold it wait. Raises UnknownSubjectError."""
        query = select(*_COLUMNS).where(
            SubjectRow.id == subject_id, SubjectRow.collection_id == collection_id
        )
        row = self._connection.execute(query.with_for_update() if hold else query).one_or_none()
        if row is None:
            raise unknown_subject(subject_id)
        return _subject(row)

    def find(self, collection_id: str, name: str) -> Subject | None:
        """The subject of that name."""
        row = self._connection.execute(
            select(*_COLUMNS).where(
                SubjectRow.collection_id == collection_id, SubjectRow.name == name
            )
        ).one_or_none()
        return None if row is None else _subject(row)

    def called(self, collection_id: str, text: str) -> Subject | None:
        """The subject with that external id, or else the one of that name."""
        by_external_id = SubjectRow.external_id == text
        row = self._connection.execute(
            select(*_COLUMNS)
            .where(
                SubjectRow.collection_id == collection_id,
                or_(by_external_id, SubjectRow.name == text),
            )
            .order_by(case((by_external_id, 0), else_=1))
            .limit(1)
        ).one_or_none()
        return None if row is None else _subject(row)

    def list(
        self, collection_id: str, *, after: str | None, limit: int, name_prefix: str | None = None
    ) -> Sequence[Subject]:
        """Subjects by id, those behind `after`; a prefix is compared case-sensitively."""
        query = (
            select(*_COLUMNS)
            .where(SubjectRow.collection_id == collection_id)
            .order_by(SubjectRow.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(SubjectRow.id > after)
        if name_prefix:
            # LIKE has wildcards to escape and, on SQLite, folds the case of ASCII alone.
            query = query.where(func.substr(SubjectRow.name, 1, len(name_prefix)) == name_prefix)
        return [_subject(row) for row in self._connection.execute(query)]

    def having(self, collection_id: str, metadata: Mapping[str, Scalar]) -> Sequence[str]:
        """Ids of those with all of the metadata at the top; numbers are compared by value.

        Reads the metadata of every subject of the collection.
        """
        query = select(SubjectRow.id).where(SubjectRow.collection_id == collection_id)
        dialect = dialect_of(self._connection.dialect)
        query = query.where(*dialect.having(SubjectRow.meta, metadata))
        return list(self._connection.execute(query.order_by(SubjectRow.id)).scalars())

    def update(self, subject: Subject) -> None:
        """Raises UnknownSubjectError, or DuplicateSubjectError for a taken name or id."""
        self._refuse_taken(subject)
        done = self._connection.execute(
            update(SubjectRow).where(SubjectRow.id == subject.id).values(_values(subject))
        )
        if not done.rowcount:
            raise unknown_subject(subject.id)
        self._changes.note_erasure()

    def remove(self, subject_id: str) -> int:
        """Remove the row and, by cascade, its faces and idempotency records; how many rows."""
        # Sightings of unknown people stay when whoever was nearest goes.
        nobody: dict[str, None] = dict.fromkeys(("subject_id", "similarity", "fmr"))
        named = SightingRow.subject_id == subject_id
        self._connection.execute(update(SightingRow).where(named).values(nobody))
        return self._remove(SubjectRow.id == subject_id)

    def remove_of_collection(self, collection_id: str) -> int:
        """Remove all of a collection, as `remove` does; how many there were."""
        return self._remove(SubjectRow.collection_id == collection_id)

    def by_ids(self, ids: Sequence[str]) -> Mapping[str, Subject]:
        """Subjects with one of the ids, by id."""
        rows = self._connection.execute(_BY_IDS, {"ids": ids})
        return {row.id: _subject(row) for row in rows}

    def count(self, collection_id: str, *, with_faces: bool = False) -> int:
        """Subjects of the collection, or only those that have a face."""
        query = _COUNT_WITH_FACES if with_faces else _COUNT
        found: int = self._connection.execute(query, {"collection": collection_id}).scalar_one()
        return found

    def _remove(self, which: ColumnElement[bool]) -> int:
        self._changes.note_erasure()
        return self._connection.execute(delete(SubjectRow).where(which)).rowcount

    def _refuse_taken(self, subject: Subject) -> None:
        # Asked first for the same reason as in `SqlCollections`.
        for column, value in (
            (SubjectRow.name, subject.name),
            (SubjectRow.external_id, subject.external_id),
        ):
            taken = select(SubjectRow.id).where(
                SubjectRow.collection_id == subject.collection_id,
                SubjectRow.id != subject.id,
                column == value,
            )
            if value is not None and self._connection.execute(taken).first() is not None:
                field = str(column.key)
                raise DuplicateSubjectError(
                    f"The collection has a subject with the {field.replace('_', ' ')} {value!r}.",
                    hint="Choose another one, or enrol into that subject.",
                    field=field,
                    value=value,
                )


def unknown_subject(subject_id: str) -> UnknownSubjectError:
    """The error for a subject that the collection does not have."""
    return UnknownSubjectError(f"There is no subject {subject_id!r}.", subject=subject_id)


def _values(subject: Subject) -> dict[str, Any]:
    return {
        "id": subject.id,
        "collection_id": subject.collection_id,
        "name": subject.name,
        "external_id": subject.external_id,
        **written(subject.metadata, subject.unreadable),
        "created_at": subject.created_at,
        "updated_at": subject.updated_at,
    }


def _subject(row: Row[Any]) -> Subject:
    metadata, unreadable = readable(row.meta)
    return Subject(
        id=row.id,
        collection_id=row.collection_id,
        name=row.name,
        external_id=row.external_id,
        metadata=metadata,
        created_at=row.created_at,
        updated_at=row.updated_at,
        unreadable=unreadable,
    )
