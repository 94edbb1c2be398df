"""Templates of the encoder that a collection is about to change to, in SQL."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from app.domain.errors.gallery import EncoderMismatchError
from app.domain.gallery import Partition
from app.domain.portraits import LeftOutCounts
from app.domain.protection import read_encoder
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.repositories.stored.templates import StoredTemplates
from app.storage.tables import CollectionRow, FaceRow, StagedTemplateRow


class SqlStagedTemplates:
    """Templates that nothing searches: they count once their whole collection has changed over."""

    def __init__(
        self, connection: Connection, changes: SqlChangeLog, stored: StoredTemplates
    ) -> None:
        self._connection = connection
        self._changes = changes
        self._stored = stored

    def put(self, encoder: str, ids: Sequence[int], templates: NDArray[np.float32]) -> None:
        """Add or replace (N, dim) templates by face id; faces erased meanwhile are passed over.

        `encoder` is as `stored_encoder` writes it, here as everywhere in this class; the templates
        are as the encoder made them.
        """
        self._connection.execute(
            delete(StagedTemplateRow).where(
                among(StagedTemplateRow.face_id, ids), StagedTemplateRow.encoder == encoder
            )
        )
        query = select(FaceRow.id, FaceRow.collection_id).where(among(FaceRow.id, ids))
        place = {row.id: row.collection_id for row in self._connection.execute(query)}
        for collection_id in sorted(set(place.values())):
            kept = [row for row, one in enumerate(ids) if place.get(one) == collection_id]
            stored = self._stored.to_bytes(Partition(collection_id, encoder), templates[kept])
            self._connection.execute(
                insert(StagedTemplateRow),
                [
                    {"face_id": ids[row], "encoder": encoder, "template": template}
                    for row, template in zip(kept, stored, strict=True)
                ],
            )

    def missing(
        self, collection_id: str, encoder: str, *, after: int = 0, limit: int
    ) -> Sequence[int]:
        """Ids of the collection's faces that have no template of `encoder` yet, ascending."""
        query = (
            select(FaceRow.id)
            .where(FaceRow.collection_id == collection_id, FaceRow.id > after, ~_staged(encoder))
            .order_by(FaceRow.id)
            .limit(limit)
        )
        return self._connection.execute(query).scalars().all()

    def count(self, collection_id: str, encoder: str) -> int:
        """Faces of the collection that have a template of `encoder` waiting."""
        query = (
            select(func.count())
            .select_from(StagedTemplateRow)
            .join(FaceRow, FaceRow.id == StagedTemplateRow.face_id)
            .where(FaceRow.collection_id == collection_id, StagedTemplateRow.encoder == encoder)
        )
        return self._connection.execute(query).scalar_one()

    def pictured(
        self, collection_id: str, encoder: str, *, after: int = 0, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Ids of faces that have no template of `encoder` yet, with their pictures' digests."""
        query = (
            select(FaceRow.id, FaceRow.image_digest)
            .where(_pictured(collection_id, encoder), FaceRow.id > after)
            .order_by(FaceRow.id)
            .limit(limit)
        )
        return [(row.id, row.image_digest) for row in self._connection.execute(query)]

    def count_pictured(self, collection_id: str, encoder: str) -> int:
        """Faces that have a picture and no template of `encoder` yet."""
        query = select(func.count()).where(_pictured(collection_id, encoder))
        return self._connection.execute(query).scalar_one()

    def left_out(
        self, collection_id: str, encoder: str, unpictured: Sequence[int], *, named: int
    ) -> LeftOutCounts:
        """Faces that have neither a template of `encoder` nor a picture, and whose they are.

        `unpictured` are faces whose pictures are lost, `named` subjects that are named at most.
        """
        bare = FaceRow.image_digest.is_(None) | among(FaceRow.id, unpictured)
        lost = func.sum(case((bare & ~_staged(encoder), 1), else_=0))
        of_subjects = (
            select(FaceRow.subject_id, func.count().label("faces"), lost.label("lost"))
            .where(FaceRow.collection_id == collection_id)
            .group_by(FaceRow.subject_id)
            .subquery()
        )
        wholly = of_subjects.c.lost == of_subjects.c.faces
        sums = (of_subjects.c.lost, case((wholly, 1), else_=0))
        counted = [func.coalesce(func.sum(one), 0) for one in sums]
        subjects, faces, whole = self._connection.execute(select(func.count(), *counted)).one()
        first = select(of_subjects.c.subject_id).where(wholly).order_by(of_subjects.c.subject_id)
        ids = self._connection.execute(first.limit(named)).scalars().all()
        return LeftOutCounts(subjects, int(faces), int(whole), tuple(ids))

    def discard(self, collection_id: str, encoder: str | None = None) -> int:
        """Remove what waits for the collection, of one encoder or of all; how much it was."""
        faces = select(FaceRow.id).where(FaceRow.collection_id == collection_id)
        query = delete(StagedTemplateRow).where(StagedTemplateRow.face_id.in_(faces))
        if encoder is not None:
            query = query.where(StagedTemplateRow.encoder == encoder)
        return self._connection.execute(query).rowcount

    def remove_of_faces(self, face_ids: Sequence[int]) -> int:
        """Remove what waits for the faces, of every encoder; how much it was."""
        query = delete(StagedTemplateRow).where(among(StagedTemplateRow.face_id, face_ids))
        return self._connection.execute(query).rowcount

    def promote(self, collection_id: str, encoder: str) -> int:
        """Bind the collection to `encoder` with the templates that wait; how many there were.

        The log gets a `drop` line for the old partition and an `add` line per face for the
        new one. Raises EncoderMismatchError when a face would be left with its old template.
        """
        if missing := self.missing(collection_id, encoder, limit=1):
            raise EncoderMismatchError(
                f"Face {missing[0]} has no template of {encoder} yet.", face=missing[0]
            )
        here = FaceRow.collection_id == collection_id
        old = self._connection.execute(
            select(CollectionRow.encoder).where(CollectionRow.id == collection_id)
        ).scalar_one()
        self._connection.execute(
            update(FaceRow)
            .where(
                here,
                StagedTemplateRow.face_id == FaceRow.id,
                StagedTemplateRow.encoder == encoder,
            )
            .values(encoder=encoder, template=StagedTemplateRow.template)
        )
        bound: dict[str, str | None] = {"encoder": encoder}
        if read_encoder(old)[0] != read_encoder(encoder)[0]:
            bound |= {"calibration": None, "proposed_calibration": None}
        self._connection.execute(
            update(CollectionRow).where(CollectionRow.id == collection_id).values(bound)
        )
        self.discard(collection_id)
        self._changes.drop(Partition(collection_id, old))
        ids = self._connection.execute(
            select(FaceRow.id).where(here).order_by(FaceRow.id)
        ).scalars()
        added = Partition(collection_id, encoder)
        lines = [(added, face_id) for face_id in ids]
        self._changes.append("add", lines)
        return len(lines)


def _staged(encoder: str) -> ColumnElement[bool]:
    """Condition that a template of `encoder` waits for the face."""
    return (
        select(StagedTemplateRow.face_id)
        .where(StagedTemplateRow.face_id == FaceRow.id, StagedTemplateRow.encoder == encoder)
        .exists()
    )


def _pictured(collection_id: str, encoder: str) -> ColumnElement[bool]:
    """Condition that a face of the collection has a picture and no template of `encoder` yet."""
    there = FaceRow.image_digest.is_not(None)
    return (FaceRow.collection_id == collection_id) & there & ~_staged(encoder)
