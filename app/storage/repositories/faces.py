"""Faces and their templates in SQL."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from app.domain.errors.gallery import EncoderMismatchError, UnknownFaceError
from app.domain.gallery import EnrolledFace, NewFace, Partition
from app.domain.protection import read_encoder
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.face_rows import (
    FACE_COLUMNS,
    FIRST_OF_SUBJECTS,
    face_of,
    plain,
    values_of,
)
from app.storage.repositories.membership import among
from app.storage.repositories.stored.templates import (
    Ids,
    StoredTemplates,
    Templates,
    as_they_stand,
)
from app.storage.repositories.subjects import unknown_subject
from app.storage.tables import CollectionRow, FaceRow, SubjectRow

# Built once: every recognition asks, and building takes longer than asking.
_SUBJECTS_OF = select(FaceRow.id, FaceRow.subject_id).where(among(FaceRow.id, "ids"))
_LARGEST_ID = 2**63 - 1


class SqlFaces:
    """Stores faces, and writes the change log as it does."""

    def __init__(
        self, connection: Connection, changes: SqlChangeLog, templates: StoredTemplates
    ) -> None:
        self._connection = connection
        self._changes = changes
        self._templates = templates

    def add(self, face: NewFace) -> EnrolledFace:
        """Raises UnknownSubjectError, or EncoderMismatchError against the collection's encoder.

        The image's row, if the face names one, has to be there already.
        """
        partition = self._place(face)
        (template,) = self._templates.to_bytes(partition, face.template)
        face_id = self._connection.execute(
            insert(FaceRow)
            .values(values_of(face, partition.encoder, template))
            .returning(FaceRow.id)
        ).scalar_one()
        self._changes.append("add", [(partition, face_id)])
        self._changes.grown.add(face.collection_id)
        return EnrolledFace(
            id=face_id,
            collection_id=face.collection_id,
            subject_id=face.subject_id,
            encoder=face.encoder,
            box=face.box,
            landmarks=face.landmarks,
            probability=face.probability,
            pose=face.pose,
            quality=face.quality,
            image_digest=face.image_digest,
            created_at=face.created_at,
            source_digest=face.source_digest,
            rotation=read_encoder(partition.encoder)[1],
        )

    def get(self, collection_id: str, face_id: int) -> EnrolledFace:
        """Raises UnknownFaceError."""
        row = None
        if 0 < face_id <= _LARGEST_ID:
            row = self._connection.execute(
                select(*FACE_COLUMNS).where(
                    FaceRow.id == face_id, FaceRow.collection_id == collection_id
                )
            ).one_or_none()
        if row is None:
            raise UnknownFaceError(f"There is no face {face_id}.", face=face_id)
        return face_of(row)

    def list(
        self,
        collection_id: str,
        *,
        subject_id: str | None = None,
        after: int = 0,
        skip: int = 0,
        limit: int,
    ) -> Sequence[EnrolledFace]:
        """Faces by id, those whose id is greater than `after`, without the first `skip`."""
        query = (
            select(*FACE_COLUMNS)
            .where(FaceRow.collection_id == collection_id, FaceRow.id > min(after, _LARGEST_ID))
            .order_by(FaceRow.id)
            .limit(limit)
            .offset(skip)
        )
        if subject_id is not None:
            query = query.where(FaceRow.subject_id == subject_id)
        return [face_of(row) for row in self._connection.execute(query)]

    def by_ids(self, ids: Sequence[int]) -> Mapping[int, EnrolledFace]:
        """Faces with one of the ids, by id."""
        query = select(*FACE_COLUMNS).where(among(FaceRow.id, plain(ids)))
        return {row.id: face_of(row) for row in self._connection.execute(query)}

    def subjects_of(self, ids: Sequence[int]) -> Mapping[int, str]:
        """Subjects of those of the faces that exist, by face id."""
        rows = self._connection.execute(_SUBJECTS_OF, {"ids": plain(ids)})
        return {row.id: row.subject_id for row in rows}

    def remove(self, faces: Sequence[EnrolledFace]) -> int:
        """Erase rows and their `add` lines in the log, and write `remove` lines; how many rows
        there were.
        """
        ids = [face.id for face in faces]
        done = self._connection.execute(delete(FaceRow).where(among(FaceRow.id, ids)))
        self._changes.forget_additions(ids)
        self._changes.append("remove", [(face.partition, face.id) for face in faces])
        return done.rowcount

    def remove_of_collection(self, collection_id: str) -> int:
        """Erase all rows of a collection, whose partition the log drops; how many there were."""
        query = delete(FaceRow).where(FaceRow.collection_id == collection_id)
        return self._connection.execute(query).rowcount

    def image_digests(self, collection_id: str) -> Sequence[str]:
        """Digests of the images that the collection's faces refer to, each once."""
        query = (
            select(FaceRow.image_digest)
            .where(FaceRow.collection_id == collection_id, FaceRow.image_digest.is_not(None))
            .distinct()
        )
        return [str(digest) for digest in self._connection.execute(query).scalars()]

    def reassign(self, face_ids: Sequence[int], to_subject: str) -> int:
        """Give the faces to a subject; how many there were.

        The log needs no line: an index knows faces only.
        """
        done = self._connection.execute(
            update(FaceRow).where(among(FaceRow.id, plain(face_ids))).values(subject_id=to_subject)
        )
        return done.rowcount

    def count(self, collection_id: str, *, subject_id: str | None = None) -> int:
        """Faces of a collection, or of one of its subjects."""
        query = select(func.count()).where(FaceRow.collection_id == collection_id)
        if subject_id is not None:
            query = query.where(FaceRow.subject_id == subject_id)
        return self._connection.execute(query).scalar_one()

    def counts(self) -> Mapping[str, int]:
        """Faces per collection name, for every collection."""
        query = (
            select(CollectionRow.name, func.count(FaceRow.id))
            .outerjoin(FaceRow, FaceRow.collection_id == CollectionRow.id)
            .group_by(CollectionRow.name)
            .order_by(CollectionRow.name)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def counts_of_subjects(self, subject_ids: Sequence[str]) -> Mapping[str, int]:
        """Faces per subject id, zero for a subject without any."""
        counts = dict.fromkeys(subject_ids, 0)
        query = (
            select(FaceRow.subject_id, func.count())
            .where(among(FaceRow.subject_id, subject_ids))
            .group_by(FaceRow.subject_id)
        )
        counts.update({row[0]: row[1] for row in self._connection.execute(query)})
        return counts

    def sources(self, subject_id: str) -> Mapping[str, int]:
        """A face of the subject for each digest of a picture that it was enrolled from."""
        query = (
            select(FaceRow.source_digest, func.min(FaceRow.id))
            .where(FaceRow.subject_id == subject_id, FaceRow.source_digest.is_not(None))
            .group_by(FaceRow.source_digest)
        )
        return {str(row[0]): row[1] for row in self._connection.execute(query)}

    def ids_of_subjects(self, subject_ids: Sequence[str]) -> Sequence[int]:
        """Every face of the subjects."""
        query = select(FaceRow.id).where(among(FaceRow.subject_id, subject_ids))
        return self._connection.execute(query).scalars().all()

    def first_of_subjects(
        self, partition: Partition, subject_ids: Sequence[str], most: int
    ) -> Mapping[str, tuple[Ids, Templates]]:
        """((N,) ids, (N, dim) templates) of each subject's faces by id, of the first `most` alone.

        They are as the partition stores them. Subjects without a face there are missing. Raises
        EncoderMismatchError as `templates` does.
        """
        asked = {"subjects": list(subject_ids), "most": most}
        found = self._connection.execute(FIRST_OF_SUBJECTS, asked)
        rows = [row for row in found if row.encoder == partition.encoder]
        ids, templates = as_they_stand([(row.id, row.template) for row in rows])
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(row.subject_id, []).append(place)
        return {one: (ids[own], templates[own]) for one, own in places.items()}

    def templates(self, ids: Sequence[int]) -> tuple[Ids, Templates]:
        """((N,) ids, (N, dim) templates) of those ids that still exist, in ascending order.

        They are as the encoder made them. The ids belong to one encoder; raises
        EncoderMismatchError when lengths differ.
        """
        query = (
            select(FaceRow.id, FaceRow.collection_id, FaceRow.encoder, FaceRow.template)
            .where(among(FaceRow.id, plain(ids)))
            .order_by(FaceRow.id)
        )
        return self._templates.of_encoder(self._connection.execute(query))

    def beside(self, ids: Sequence[int], probes: Templates) -> tuple[Ids, Templates, Templates]:
        """((N,) ids, (N, dim) templates, (P, dim) probes), of faces of one partition.

        The templates are as they are stored, and the probes turned to meet them: that keeps
        similarities, and takes less than to turn all of the templates back.
        """
        query = select(FaceRow.id, FaceRow.template, FaceRow.collection_id, FaceRow.encoder)
        query = query.where(among(FaceRow.id, plain(ids))).order_by(FaceRow.id)
        rows = self._connection.execute(query).all()
        partitions = {Partition(row.collection_id, row.encoder) for row in rows}
        if len(partitions) > 1:
            raise EncoderMismatchError("Templates of several partitions were asked for together.")
        for partition in partitions:
            probes = self._templates.turned(partition, probes)
        return *as_they_stand([(row.id, row.template) for row in rows]), probes

    def as_stored(self, partition: Partition, probes: Templates) -> Templates:
        """(N, dim) probes turned into what the partition's templates are stored as."""
        return self._templates.turned(partition, probes)

    def stored(self, ids: Sequence[int]) -> tuple[Ids, Templates]:
        """Read them as they lie there, under the rotation of their partition, of one at a time."""
        query = (
            select(FaceRow.id, FaceRow.template)
            .where(among(FaceRow.id, plain(ids)))
            .order_by(FaceRow.id)
        )
        return as_they_stand([(row.id, row.template) for row in self._connection.execute(query)])

    def partitions(self) -> Sequence[Partition]:
        """Every collection with faces, with the encoder of their templates."""
        query = select(FaceRow.collection_id, FaceRow.encoder).distinct()
        return [Partition(row[0], row[1]) for row in self._connection.execute(query)]

    def census(self, partition: Partition) -> tuple[int, int]:
        """The number of faces of the partition, and the sum of their ids."""
        query = select(func.count(), func.coalesce(func.sum(FaceRow.id), 0)).where(_in(partition))
        count, id_sum = self._connection.execute(query).one()
        return count, int(id_sum)

    def scan(self, partition: Partition, *, batch: int) -> Iterator[tuple[Ids, Templates]]:
        """Every template of a partition in batches, as it is stored, ids ascending."""
        last = 0
        while True:
            rows = self._connection.execute(
                select(FaceRow.id, FaceRow.template)
                .where(_in(partition), FaceRow.id > last)
                .order_by(FaceRow.id)
                .limit(batch)
            ).all()
            if not rows:
                break
            yield as_they_stand([(row.id, row.template) for row in rows])
            last = rows[-1].id

    def _place(self, face: NewFace) -> Partition:
        stored = self._connection.execute(
            select(CollectionRow.encoder)
            .join(SubjectRow, SubjectRow.collection_id == CollectionRow.id)
            .where(SubjectRow.id == face.subject_id, CollectionRow.id == face.collection_id)
        ).scalar_one_or_none()
        if stored is None:
            raise unknown_subject(face.subject_id)
        encoder, _ = read_encoder(stored)
        if encoder != face.encoder:
            raise EncoderMismatchError(
                f"The collection holds templates of {encoder}, not of {face.encoder}.",
                expected=encoder,
                given=face.encoder,
            )
        return Partition(face.collection_id, stored)


def _in(partition: Partition) -> ColumnElement[bool]:
    return and_(
        FaceRow.collection_id == partition.collection_id, FaceRow.encoder == partition.encoder
    )
