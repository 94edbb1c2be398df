"""Faces that are not of a subject, in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, union_all, update
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.errors.people import UnknownNegativeError
from app.domain.people.review import Negative
from app.domain.protection import read_encoder
from app.storage.people_tables import NegativeRow, SightingRow
from app.storage.repositories.membership import among
from app.storage.repositories.people.sighting_rows import TEMPLATES
from app.storage.repositories.stored.templates import StoredTemplates
from app.storage.tables import CollectionRow, FaceRow

# Built once: every recognition in a collection that has some asks. A face that has become the
# subject's own since speaks for it, whatever was said before.
_TEMPLATES = union_all(
    select(
        FaceRow.id,
        FaceRow.collection_id,
        FaceRow.encoder,
        FaceRow.template,
        NegativeRow.subject_id,
    )
    .join(FaceRow, FaceRow.id == NegativeRow.face_id)
    .where(
        among(NegativeRow.subject_id, "subjects"),
        FaceRow.subject_id != NegativeRow.subject_id,
    ),
    select(*TEMPLATES, NegativeRow.subject_id)
    .join(SightingRow, SightingRow.id == NegativeRow.sighting_id)
    .where(among(NegativeRow.subject_id, "subjects")),
)


class SqlNegatives:
    """Negatives by subject. They have no templates but those of the faces that they name."""

    def __init__(self, connection: Connection, templates: StoredTemplates) -> None:
        self._connection = connection
        self._templates = templates

    def add(self, negatives: Sequence[Negative]) -> Sequence[str]:
        """Note those that are not noted yet; their ids. What they name is there."""
        known = self._named([one.subject_id for one in negatives])
        new = [
            one for one in negatives if (one.subject_id, one.face_id, one.sighting_id) not in known
        ]
        if new:
            rows = [{name: getattr(one, name) for name in _FIELDS} for one in new]
            self._connection.execute(insert(NegativeRow), rows)
            self._connection.execute(
                update(CollectionRow)
                .where(CollectionRow.id == new[0].collection_id)
                .values(has_negatives=True)
            )
        return [one.id for one in new]

    def list(self, subject_id: str, *, after: str | None, limit: int) -> Sequence[Negative]:
        """Negatives of the subject by id, those behind `after`."""
        query = (
            select(NegativeRow.__table__)
            .where(NegativeRow.subject_id == subject_id)
            .order_by(NegativeRow.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(NegativeRow.id > after)
        return [_negative(row) for row in self._connection.execute(query)]

    def get(self, collection_id: str, subject_id: str, negative_id: str) -> Negative:
        """Raises UnknownNegativeError."""
        query = select(NegativeRow.__table__).where(
            NegativeRow.id == negative_id,
            NegativeRow.subject_id == subject_id,
            NegativeRow.collection_id == collection_id,
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownNegativeError(f"There is no negative {negative_id!r} of the subject.")
        return _negative(row)

    def remove(self, ids: Sequence[str]) -> int:
        """Remove them; how many there were."""
        gone = delete(NegativeRow).where(among(NegativeRow.id, ids))
        return self._connection.execute(gone).rowcount

    def templates(self, encoder: str, subjects: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """(N, dim) templates of each subject's negatives; no subject without any."""
        rows = [
            row
            for row in self._connection.execute(_TEMPLATES, {"subjects": subjects})
            if read_encoder(row.encoder)[0] == encoder
        ]
        _, templates = self._templates.of_encoder(rows)
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(row.subject_id, []).append(place)
        return {subject: templates[found] for subject, found in places.items()}

    def faces(self, collection_id: str) -> frozenset[tuple[str, int]]:
        """Pairs of a subject and an enrolled face that is not its."""
        query = select(NegativeRow.subject_id, NegativeRow.face_id).where(
            NegativeRow.collection_id == collection_id, NegativeRow.face_id.is_not(None)
        )
        return frozenset((str(row[0]), int(row[1] or 0)) for row in self._connection.execute(query))

    def of_faces(self, face_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Subjects that each face is not of, in the order of their ids; no face without any."""
        return self._of(NegativeRow.face_id, face_ids)

    def of_sightings(self, sighting_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Subjects that each face that was seen is not of, likewise."""
        return self._of(NegativeRow.sighting_id, sighting_ids)

    def _of(
        self, column: InstrumentedAttribute[int | None], ids: Sequence[int]
    ) -> Mapping[int, tuple[str, ...]]:
        query = (
            select(column, NegativeRow.subject_id)
            .where(among(column, list(ids)))
            .order_by(NegativeRow.subject_id)
        )
        found: dict[int, tuple[str, ...]] = {}
        for named, subject in self._connection.execute(query):
            face = int(named or 0)
            found[face] = (*found.get(face, ()), subject)
        return found

    def became(self, sighting_id: int, face_id: int) -> None:
        """Have what was said of a sighting be said of the enrolled face that it has become."""
        self._connection.execute(
            update(NegativeRow)
            .where(NegativeRow.sighting_id == sighting_id)
            .values(sighting_id=None, face_id=face_id)
        )

    def became_again(self, face_id: int, sighting_id: int) -> None:
        """Have what was said of a face be said of the sighting that it is again."""
        self._connection.execute(
            update(NegativeRow)
            .where(NegativeRow.face_id == face_id)
            .values(sighting_id=sighting_id, face_id=None)
        )

    def follow_subject(self, subject_id: str, to: str) -> Sequence[str]:
        """Give those of a subject to the one that takes over its faces; their ids."""
        query = select(NegativeRow.id).where(NegativeRow.subject_id == subject_id)
        ids = list(self._connection.execute(query).scalars())
        self.give(ids, to)
        return ids

    def give(self, ids: Sequence[str], subject_id: str) -> None:
        """Have those that there are still be of the subject."""
        self._connection.execute(
            update(NegativeRow).where(among(NegativeRow.id, ids)).values(subject_id=subject_id)
        )

    def _named(self, subjects: Sequence[str]) -> set[tuple[str, int | None, int | None]]:
        query = select(NegativeRow.subject_id, NegativeRow.face_id, NegativeRow.sighting_id).where(
            among(NegativeRow.subject_id, sorted(set(subjects)))
        )
        return {(row[0], row[1], row[2]) for row in self._connection.execute(query)}


_FIELDS = tuple(column.name for column in NegativeRow.__table__.c)


def _negative(row: Any) -> Negative:
    return Negative(**{name: getattr(row, name) for name in _FIELDS})
