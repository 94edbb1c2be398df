"""Protocol of recorded corrections."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from app.domain.people.corrections import Operation


class OperationRepository(Protocol):
    """Corrections of who is who, with whose each face was before."""

    def add(
        self,
        operation: Operation,
        faces: Mapping[int, str],
        sightings: Mapping[int, Mapping[str, Any]],
    ) -> None:
        """Record it with the subject that each face had, and the sighting that it was."""

    def get(self, collection_id: str, operation_id: str) -> Operation:
        """Raises UnknownOperationError."""

    def list(
        self, collection_id: str, *, before: str | None, since: datetime, limit: int
    ) -> Sequence[Operation]:
        """List the newest first, those whose id comes before `before`, done after `since`."""

    def faces(self, operation_ids: Sequence[str]) -> Mapping[str, Mapping[int, str]]:
        """Tell the subject that each face had, by operation and face; no face that is gone."""

    def sightings(self, operation: Operation) -> Mapping[int, Mapping[str, Any]]:
        """Tell what is known of the sighting that each face was; of no face that is gone."""

    def settle(self, operation: Operation, at: datetime) -> None:
        """Mark it as undone, and forget what undoing needed."""

    def remove_of_subject(self, subject_id: str) -> int:
        """Remove every record about the subject, or about one that it absorbed; how many."""

    def remove_of_faces(self, face_ids: Sequence[int]) -> None:
        """Remove the faces from the records."""

    def remove_of_collection(self, collection_id: str) -> int: ...

    def remove_before(self, at: datetime) -> int:
        """Remove what was done before; how many there were."""
