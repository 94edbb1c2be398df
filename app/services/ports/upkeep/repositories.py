"""Protocols of what the upkeep of galleries reads and keeps."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.curves.calibration import Calibration
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


class CalibrationRepository(Protocol):
    """The calibrations of collections; the one in force comes with the collection."""

    def proposed(self, collection_id: str) -> Calibration | None:
        """Get the one that waits for acceptance."""

    def propose(self, collection_id: str, calibration: Calibration | None) -> None:
        """Put it in the place of what was proposed before; None forgets that."""

    def put(self, collection_id: str, calibration: Calibration | None) -> None:
        """Put it in force; None goes back to the encoder's curve."""
