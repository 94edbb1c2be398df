"""Surveys of galleries in SQL: every face, without its template; and the last look at each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, case, func, select, update

from app.domain.gallery import Partition, StandingFace
from app.domain.people.checkups import Checkup
from app.domain.people.leaving_out import Faces
from app.storage.repositories.membership import among
from app.storage.tables import CollectionRow, FaceRow, SubjectRow

_RANKED = (
    select(
        FaceRow.subject_id,
        FaceRow.id,
        FaceRow.image_digest.is_not(None).label("kept"),
        func.row_number()
        .over(
            partition_by=FaceRow.subject_id,
            order_by=(
                case((FaceRow.id == SubjectRow.chosen_face, 0), else_=1),
                FaceRow.quality_score.desc(),
                FaceRow.id,
            ),
        )
        .label("place"),
    )
    .join(SubjectRow, SubjectRow.id == FaceRow.subject_id)
    .where(among(FaceRow.subject_id, "subjects"))
    .subquery()
)
_STANDING = select(_RANKED.c.subject_id, _RANKED.c.id, _RANKED.c.kept).where(_RANKED.c.place == 1)


class SqlSurveys:
    """Columns of all faces of a gallery, read at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def faces(self, partition: Partition) -> Faces:
        """Ids, subjects and quality of every face of the partition, ids ascending."""
        numbers: dict[str, int] = {}
        ids: list[int] = []
        subjects: list[int] = []
        quality: list[float] = []
        query = (
            select(FaceRow.id, FaceRow.subject_id, FaceRow.quality_score)
            .where(
                FaceRow.collection_id == partition.collection_id,
                FaceRow.encoder == partition.encoder,
            )
            .order_by(FaceRow.id)
        )
        for face_id, subject, score in self._connection.execute(query):
            ids.append(face_id)
            subjects.append(numbers.setdefault(subject, len(numbers)))
            quality.append(score)
        return Faces(
            np.array(ids, np.int64),
            np.array(subjects, np.int64),
            np.array(quality, np.float32),
            tuple(numbers),
        )

    def subjects_without_faces(self, collection_id: str) -> Sequence[str]:
        """Ids of the subjects that have no face, oldest first."""
        has_face = select(FaceRow.id).where(FaceRow.subject_id == SubjectRow.id).exists()
        query = (
            select(SubjectRow.id)
            .where(SubjectRow.collection_id == collection_id, ~has_face)
            .order_by(SubjectRow.id)
        )
        return self._connection.execute(query).scalars().all()

    def mark(self, partition: Partition) -> str:
        """A text that changes with the faces of the partition, and with its subjects."""
        faces = select(func.count(), func.coalesce(func.sum(FaceRow.id), 0)).where(
            FaceRow.collection_id == partition.collection_id,
            FaceRow.encoder == partition.encoder,
        )
        subjects = select(func.count(), func.max(SubjectRow.updated_at)).where(
            SubjectRow.collection_id == partition.collection_id
        )
        parts = [*self._connection.execute(faces).one(), *self._connection.execute(subjects).one()]
        return "/".join([partition.encoder, *map(str, parts)])

    def checkup(self, collection_id: str) -> Checkup | None:
        """The last one of the collection."""
        query = select(CollectionRow.checkup).where(CollectionRow.id == collection_id)
        stored = self._connection.execute(query).scalar_one_or_none()
        if stored is None:
            return None
        at = datetime.fromisoformat(stored["at"])
        return Checkup(at, stored["mark"], tuple(stored["warnings"]))

    def keep_checkup(self, collection_id: str, checkup: Checkup) -> None:
        """Put it in the place of the last one."""
        fields = {
            "at": checkup.at.isoformat(),
            "mark": checkup.mark,
            "warnings": list(checkup.warnings),
        }
        this = update(CollectionRow).where(CollectionRow.id == collection_id)
        self._connection.execute(this.values(checkup=fields))

    def choose_face(self, subject_id: str, face_id: int | None) -> None:
        """Have the face stand for the subject; None for the best."""
        this = update(SubjectRow).where(SubjectRow.id == subject_id)
        self._connection.execute(this.values(chosen_face=face_id))

    def chosen_face(self, subject_id: str) -> int | None:
        """The face that was chosen, whosever it is now."""
        query = select(SubjectRow.chosen_face).where(SubjectRow.id == subject_id)
        return self._connection.execute(query).scalar_one_or_none()

    def representative(self, subject_id: str) -> int | None:
        """The chosen face if it is the subject's, else its best; None without a face."""
        found = self.standing([subject_id]).get(subject_id)
        return None if found is None else found.id

    def standing(self, subject_ids: Sequence[str]) -> Mapping[str, StandingFace]:
        """The same of many subjects, by one statement; those without a face are missing."""
        rows = self._connection.execute(_STANDING, {"subjects": subject_ids})
        return {row.subject_id: StandingFace(row.id, row.kept) for row in rows}

    def count_of_other_encoders(self, partition: Partition) -> int:
        """Faces of the collection whose templates are of another encoder."""
        query = select(func.count()).where(
            FaceRow.collection_id == partition.collection_id, FaceRow.encoder != partition.encoder
        )
        return self._connection.execute(query).scalar_one()
