"""Subjects in SQL."""

from collections.abc import Iterable, Mapping, Sequence
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
from app.domain.errors.protection import SealedCollectionError
from app.domain.gallery import Scalar, Subject
from app.domain.people.listing import EVERYBODY, SubjectFilter
from app.storage.dialects.table import dialect_of
from app.storage.metadata import readable, written
from app.storage.people_tables import SightingRow
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.repositories.people.listing import chosen
from app.storage.repositories.stored.sealed import (
    SealedCollections,
    external_id_token,
    metadata_tokens,
    name_token,
)
from app.storage.tables import FaceRow, SubjectRow

_COLUMNS = (
    SubjectRow.id,
    SubjectRow.collection_id,
    SubjectRow.name,
    SubjectRow.external_id,
    SubjectRow.meta,
    SubjectRow.created_at,
    SubjectRow.updated_at,
    SubjectRow.sealed,
)

# Built once: every recognition asks, and building takes longer than asking.
_BY_IDS = select(*_COLUMNS).where(among(SubjectRow.id, "ids"))
_COUNT = select(func.count()).where(SubjectRow.collection_id == bindparam("collection"))
_COUNT_WITH_FACES = _COUNT.where(
    select(FaceRow.id).where(FaceRow.subject_id == SubjectRow.id).exists()
)


class SqlSubjects:
    """Subjects of collections. Of sealed ones the columns hold tokens in place of what is kept."""

    def __init__(
        self, connection: Connection, changes: SqlChangeLog, sealed: SealedCollections
    ) -> None:
        self._changes = changes
        self._connection = connection
        self._sealed = sealed

    def add(self, subject: Subject) -> None:
        """Raises DuplicateSubjectError when the collection has the name or external id."""
        self._refuse_taken(subject)
        self._connection.execute(insert(SubjectRow).values(self._values(subject)))
        self._changes.grown.add(subject.collection_id)

    def get(self, collection_id: str, subject_id: str, *, hold: bool = False) -> Subject:
        """The subject; with `hold`, others that hold it wait. Raises UnknownSubjectError."""
        query = select(*_COLUMNS).where(
            SubjectRow.id == subject_id, SubjectRow.collection_id == collection_id
        )
        row = self._connection.execute(query.with_for_update() if hold else query).one_or_none()
        if row is None:
            raise unknown_subject(subject_id)
        return self._subject(row)

    def find(self, collection_id: str, name: str) -> Subject | None:
        """The subject of that name."""
        row = self._connection.execute(
            select(*_COLUMNS).where(
                SubjectRow.collection_id == collection_id,
                SubjectRow.name == self._name(collection_id, name),
            )
        ).one_or_none()
        return None if row is None else self._subject(row)

    def called(self, collection_id: str, text: str) -> Subject | None:
        """The subject with that external id, or else the one of that name."""
        by_external_id = SubjectRow.external_id == self._external_id(collection_id, text)
        row = self._connection.execute(
            select(*_COLUMNS)
            .where(
                SubjectRow.collection_id == collection_id,
                or_(by_external_id, SubjectRow.name == self._name(collection_id, text)),
            )
            .order_by(case((by_external_id, 0), else_=1))
            .limit(1)
        ).one_or_none()
        return None if row is None else self._subject(row)

    def list(
        self,
        collection_id: str,
        wanted: SubjectFilter = EVERYBODY,
        *,
        after: str | None,
        limit: int,
        newest_first: bool = False,
    ) -> Sequence[Subject]:
        """Subjects by id, those behind `after` in their order.

        Raises SealedCollectionError for a prefix in a sealed collection.
        """
        query = (
            select(*_COLUMNS)
            .where(SubjectRow.collection_id == collection_id, *chosen(wanted))
            .where(*self._metadata(collection_id, wanted.where))
            .order_by(SubjectRow.id.desc() if newest_first else SubjectRow.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(SubjectRow.id < after if newest_first else SubjectRow.id > after)
        if wanted.name is not None:
            query = query.where(SubjectRow.name == self._name(collection_id, wanted.name))
        if wanted.external_id is not None:
            external_id = self._external_id(collection_id, wanted.external_id)
            query = query.where(SubjectRow.external_id == external_id)
        if wanted.name_prefix:
            self._refuse_prefix(collection_id)
            # LIKE has wildcards to escape and, on SQLite, folds the case of ASCII alone.
            begin = func.substr(SubjectRow.name, 1, len(wanted.name_prefix))
            query = query.where(begin == wanted.name_prefix)
        return [self._subject(row) for row in self._connection.execute(query)]

    def having(self, collection_id: str, metadata: Mapping[str, Scalar]) -> Sequence[str]:
        """Ids of those with all of the metadata at the top; numbers are compared by value.

        Reads the metadata of every subject of the collection.
        """
        query = select(SubjectRow.id).where(
            SubjectRow.collection_id == collection_id, *self._metadata(collection_id, metadata)
        )
        return list(self._connection.execute(query.order_by(SubjectRow.id)).scalars())

    def update(self, subject: Subject) -> None:
        """Raises UnknownSubjectError, or DuplicateSubjectError for a taken name or id."""
        self._refuse_taken(subject)
        done = self._connection.execute(
            update(SubjectRow).where(SubjectRow.id == subject.id).values(self._values(subject))
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
        return {row.id: self._subject(row) for row in rows}

    def there(self, ids: Sequence[str]) -> Sequence[str]:
        """Ids of those that there are, of whatever collection; nothing that is sealed is opened."""
        query = select(SubjectRow.id).where(among(SubjectRow.id, ids))
        return self._connection.execute(query).scalars().all()

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
        here = subject.collection_id
        for column, value, stored in (
            (SubjectRow.name, subject.name, self._name(here, subject.name)),
            (
                SubjectRow.external_id,
                subject.external_id,
                self._external_id(here, subject.external_id),
            ),
        ):
            taken = select(SubjectRow.id).where(
                SubjectRow.collection_id == here, SubjectRow.id != subject.id, column == stored
            )
            if value is not None and self._connection.execute(taken).first() is not None:
                field = str(column.key)
                raise DuplicateSubjectError(
                    f"The collection has a subject with the {field.replace('_', ' ')} {value!r}.",
                    hint="Choose another one, or enrol into that subject.",
                    field=field,
                    value=value,
                )

    def _metadata(
        self, collection_id: str, metadata: Mapping[str, Scalar]
    ) -> Iterable[ColumnElement[bool]]:
        """Conditions that the column of metadata meets for them."""
        if not metadata:
            return ()  # whatever is stored there, an object or not
        seal = self._sealed.of(collection_id)
        stored = metadata if seal is None else metadata_tokens(seal, metadata)
        return dialect_of(self._connection.dialect).having(SubjectRow.meta, stored)

    def _name(self, collection_id: str, name: str) -> str:
        """The text that the column of names holds for the name."""
        seal = self._sealed.of(collection_id)
        return name if seal is None else name_token(seal, name)

    def _external_id(self, collection_id: str, external_id: str | None) -> str | None:
        """The text that the column of external ids holds for one."""
        seal = self._sealed.of(collection_id)
        return external_id if seal is None else external_id_token(seal, external_id)

    def _refuse_prefix(self, collection_id: str) -> None:
        if self._sealed.of(collection_id) is not None:
            raise SealedCollectionError(
                "The collection is sealed: its names are looked up by keyed hashes, which know "
                "whole names and nothing of how they begin.",
                hint="Ask for a whole name with `name`, or a whole id with `external_id`.",
            )

    def _values(self, subject: Subject) -> dict[str, Any]:
        values = {
            "id": subject.id,
            "collection_id": subject.collection_id,
            "created_at": subject.created_at,
            "updated_at": subject.updated_at,
        }
        seal = self._sealed.of(subject.collection_id)
        if seal is None:
            kept = written(subject.metadata, subject.unreadable)
            return {**values, "name": subject.name, "external_id": subject.external_id, **kept}
        inside = [subject.name, subject.external_id, dict(subject.metadata)]
        return {
            **values,
            "name": name_token(seal, subject.name),
            "external_id": external_id_token(seal, subject.external_id),
            "meta": metadata_tokens(seal, subject.metadata),
            "sealed": seal.seal(inside, _context(subject.id)),
        }

    def _subject(self, row: Row[Any]) -> Subject:
        unreadable: tuple[str, ...] = ()
        if row.sealed is None:
            name, external_id = row.name, row.external_id
            metadata, unreadable = readable(row.meta)
        else:
            seal = self._sealed.require(row.collection_id)
            name, external_id, metadata = seal.open(bytes(row.sealed), _context(row.id))
        return Subject(
            id=row.id,
            collection_id=row.collection_id,
            name=name,
            external_id=external_id,
            metadata=metadata,
            created_at=row.created_at,
            updated_at=row.updated_at,
            unreadable=unreadable,
        )


def unknown_subject(subject_id: str) -> UnknownSubjectError:
    """The error for a subject that the collection does not have."""
    return UnknownSubjectError(f"There is no subject {subject_id!r}.", subject=subject_id)


def _context(subject_id: str) -> str:
    return f"subject/{subject_id}"
