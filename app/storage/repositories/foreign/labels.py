"""Labels of faces, and subjects that nobody has named, in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from app.domain.foreign.labels import FaceLabel, KnownFace
from app.domain.gallery import Subject
from app.storage.foreign_tables import FaceLabelRow, UnnamedSubjectRow
from app.storage.repositories.face_rows import FACE_COLUMNS, face_of, plain
from app.storage.repositories.membership import among
from app.storage.repositories.stored.sealed import SealedCollections, as_text, from_text
from app.storage.repositories.subjects import SqlSubjects
from app.storage.tables import FaceRow, SubjectRow

_UNNAMED = select(UnnamedSubjectRow.subject_id).where(UnnamedSubjectRow.subject_id == SubjectRow.id)

# Built once, and one question instead of three: every search of other systems' clients asks.
_KNOWN: Select[Any] = (
    select(
        *FACE_COLUMNS,
        FaceLabelRow.face_id.label("labelled"),
        FaceLabelRow.width,
        FaceLabelRow.height,
        FaceLabelRow.external_id,
        FaceLabelRow.associated,
        UnnamedSubjectRow.subject_id.label("unnamed"),
    )
    .outerjoin(FaceLabelRow, FaceLabelRow.face_id == FaceRow.id)
    .outerjoin(UnnamedSubjectRow, UnnamedSubjectRow.subject_id == FaceRow.subject_id)
    .where(among(FaceRow.id, "ids"))
)


class SqlLabels:
    """Labels of faces, given when they were enrolled, and which subjects are users."""

    def __init__(
        self, connection: Connection, subjects: SqlSubjects, sealed: SealedCollections
    ) -> None:
        self._connection, self._subjects, self._sealed = connection, subjects, sealed

    def add(self, face_id: int, label: FaceLabel) -> None:
        external_id = label.external_id
        if external_id is not None:
            place = select(FaceRow.collection_id).where(FaceRow.id == face_id)
            seal = self._sealed.of(self._connection.execute(place).scalar_one())
            if seal is not None:
                external_id = as_text(seal.seal(external_id, _context(face_id)))
        self._connection.execute(
            insert(FaceLabelRow).values(
                face_id=face_id,
                external_id=external_id,
                width=label.width,
                height=label.height,
                associated=label.associated,
            )
        )

    def known(self, face_ids: Sequence[int]) -> Mapping[int, KnownFace]:
        """Give those of the faces that exist, by id, each with its label if it has one."""
        rows = self._connection.execute(_KNOWN, {"ids": plain(face_ids)})
        return {
            row.id: KnownFace(face_of(row), row.unnamed is None, self._label(row)) for row in rows
        }

    def associate(self, face_ids: Sequence[int], *, associated: bool) -> None:
        """Note whether the faces were given to their subject after they were enrolled."""
        self._connection.execute(
            update(FaceLabelRow)
            .where(among(FaceLabelRow.face_id, list(face_ids)))
            .values(associated=associated)
        )

    def mark_unnamed(self, subject_id: str) -> None:
        self._connection.execute(insert(UnnamedSubjectRow).values(subject_id=subject_id))

    def mark_named(self, subject_id: str) -> None:
        self._connection.execute(
            delete(UnnamedSubjectRow).where(UnnamedSubjectRow.subject_id == subject_id)
        )

    def unnamed_among(self, subject_ids: Sequence[str]) -> frozenset[str]:
        """The subjects that nobody has named."""
        query = select(UnnamedSubjectRow.subject_id).where(
            among(UnnamedSubjectRow.subject_id, list(subject_ids))
        )
        return frozenset(self._connection.execute(query).scalars())

    def named(self, collection_id: str, *, after: str | None, limit: int) -> Sequence[Subject]:
        """Subjects that somebody has named, by id, those behind `after`."""
        query = (
            select(SubjectRow.id)
            .where(SubjectRow.collection_id == collection_id, ~_UNNAMED.exists())
            .order_by(SubjectRow.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(SubjectRow.id > after)
        ids = list(self._connection.execute(query).scalars())
        found = self._subjects.by_ids(ids)
        return [found[one] for one in ids]

    def count_named(self, collection_id: str) -> int:
        query = select(func.count()).where(
            SubjectRow.collection_id == collection_id, ~_UNNAMED.exists()
        )
        return int(self._connection.execute(query).scalar_one())

    def _label(self, row: Row[Any]) -> FaceLabel | None:
        if row.labelled is None:
            return None
        external_id = row.external_id
        if external_id is not None:
            seal = self._sealed.of(row.collection_id)
            if seal is not None:
                external_id = seal.open(from_text(external_id), _context(row.id))
        return FaceLabel(row.width, row.height, external_id, row.associated)


def _context(face_id: int) -> str:
    return f"label/{face_id}"
