"""Surveys of galleries in SQL: every face, without its template."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, func, select

from app.domain.gallery import Partition
from app.domain.people.leaving_out import Faces
from app.storage.tables import FaceRow, SubjectRow


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

    def count_of_other_encoders(self, partition: Partition) -> int:
        """Faces of the collection whose templates are of another encoder."""
        query = select(func.count()).where(
            FaceRow.collection_id == partition.collection_id, FaceRow.encoder != partition.encoder
        )
        return self._connection.execute(query).scalar_one()
