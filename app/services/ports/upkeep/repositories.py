"""Protocol of surveys of galleries."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.gallery import Partition
from app.domain.people.leaving_out import Faces


class SurveyRepository(Protocol):
    """Columns of all faces of a gallery, read at once."""

    def faces(self, partition: Partition) -> Faces:
        """Ids, subjects and quality of every face of the partition, ids ascending."""

    def subjects_without_faces(self, collection_id: str) -> Sequence[str]:
        """Name the subjects that have no face, oldest first."""

    def count_of_other_encoders(self, partition: Partition) -> int:
        """Count the collection's faces whose templates are of another encoder."""
