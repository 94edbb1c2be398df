"""Denying: somebody says of kept faces that they are not a subject's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.errors.gallery import UnknownFaceError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Collection
from app.domain.people.corrections import Operation
from app.domain.people.review import Negative
from app.services.gallery.identifiers import new_id
from app.services.gallery.undoing.recording import record_operation
from app.services.keys import current_asker
from app.services.ports import Storage, UnitOfWork

MOST_DENIED = 1_000


@dataclass(frozen=True, slots=True)
class Denied:
    """Negatives that were noted now."""

    subject_id: str
    negatives: int
    """Without those that were noted before."""
    unknown: int
    """Sightings that were taken for the subject, and are nobody's now."""
    operation_id: str
    """Undoes it."""


class Negatives:
    """Faces that are not of a subject. Recognition and suggestions heed them.

    A probe nearer to one than to the subject's own faces is not that subject.
    """

    def __init__(
        self, storage: Storage, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._storage = storage
        self._now = clock

    def deny(
        self,
        collection: str,
        subject_id: str,
        *,
        face_ids: Sequence[int] = (),
        sighting_ids: Sequence[int] = (),
    ) -> Denied:
        """Note that these faces are not the subject's. One transaction.

        Raises UnknownSubjectError, UnknownFaceError, UnknownSightingError, or InvalidRequestError
        for none, more than `MOST_DENIED`, or a face of the subject itself.
        """
        faces, sightings = sorted(set(face_ids)), sorted(set(sighting_ids))
        if not 0 < len(faces) + len(sightings) <= MOST_DENIED:
            raise InvalidRequestError(f"Name 1 to {MOST_DENIED} faces or sightings.")
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            subject = uow.subjects.get(gallery.id, subject_id)
            _require_others(uow, gallery, subject.id, faces)
            for one in sightings:
                uow.sightings.get(gallery.id, one)
            made = add_negatives(uow, gallery, subject.id, self._now(), faces, sightings)
            unknown = uow.namings.make_unknown(sightings, subject.id)
            details: dict[str, Any] = {"negatives": made}
            if unknown:
                details["unknown"] = list(unknown)
            operation = record_refusal(uow, gallery, subject.id, self._now(), details)
            return uow.note_result(Denied(subject.id, len(made), len(unknown), operation.id))

    def list(
        self, collection: str, subject_id: str, *, after: str | None = None, limit: int = 50
    ) -> Sequence[Negative]:
        """Negatives of a subject, the oldest first. Raises UnknownSubjectError."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            subject = uow.subjects.get(gallery.id, subject_id)
            return uow.negatives.list(subject.id, after=after, limit=limit)

    def forget(self, collection: str, subject_id: str, negative_id: str) -> None:
        """Take one back. Raises UnknownSubjectError or UnknownNegativeError."""
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            subject = uow.subjects.get(gallery.id, subject_id)
            uow.negatives.remove([uow.negatives.get(gallery.id, subject.id, negative_id).id])


def add_negatives(
    uow: UnitOfWork,
    gallery: Collection,
    subject_id: str,
    at: datetime,
    faces: Sequence[int],
    sightings: Sequence[int],
) -> Sequence[str]:
    """Note faces and sightings that are not the subject's; ids of what was not noted before."""
    asker = current_asker().key_id

    def negative(face: int | None, sighting: int | None) -> Negative:
        return Negative(new_id(), gallery.id, subject_id, face, sighting, at, asker)

    return list(
        uow.negatives.add(
            [negative(one, None) for one in faces] + [negative(None, one) for one in sightings]
        )
    )


def record_refusal(
    uow: UnitOfWork, gallery: Collection, subject_id: str, at: datetime, details: dict[str, Any]
) -> Operation:
    """Record it, so that it can be undone. `details` are ids."""
    return record_operation(uow, "refuse", gallery.id, subject_id, at, details=details)


def _require_others(
    uow: UnitOfWork, gallery: Collection, subject_id: str, faces: Sequence[int]
) -> None:
    found = uow.faces.by_ids([one for one in faces if 0 < one < 2**63])
    for one in faces:
        if one not in found or found[one].collection_id != gallery.id:
            raise UnknownFaceError(f"There is no face {one}; nothing was noted.", face=one)
        if found[one].subject_id == subject_id:
            raise InvalidRequestError.of_field(
                "face_ids", f"names {one}, which is enrolled for the subject", "Move it first."
            )
