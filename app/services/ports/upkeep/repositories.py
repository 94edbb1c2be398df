"""Protocols of what the upkeep of galleries reads and keeps."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from app.domain.curves.calibration import Calibration
from app.domain.gallery import Partition, StandingFace
from app.domain.people.checkups import Checkup
from app.domain.people.leaving_out import Faces


class SurveyRepository(Protocol):
    """Columns of all faces of a gallery, read at once."""

    def faces(self, partition: Partition) -> Faces:
        """Ids, subjects and quality of every face of the partition, ids ascending."""

    def mark(self, partition: Partition) -> str:
        """Tell a text that changes with the faces of the partition, and with its subjects."""

    def checkup(self, collection_id: str) -> Checkup | None:
        """Get the last one of the collection."""

    def keep_checkup(self, collection_id: str, checkup: Checkup) -> None:
        """Put it in the place of the last one."""

    def choose_face(self, subject_id: str, face_id: int | None) -> None:
        """Have the face stand for the subject; None for the best."""

    def chosen_face(self, subject_id: str) -> int | None:
        """Get the face that was chosen, whosever it is now."""

    def representative(self, subject_id: str) -> int | None:
        """Get the chosen face if it is the subject's, else its best; None without a face."""

    def standing(self, subject_ids: Sequence[str]) -> Mapping[str, StandingFace]:
        """Get the same of many subjects at once; those without a face are missing."""

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
