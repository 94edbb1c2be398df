"""The face that stands for a subject: the best, unless somebody has chosen another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.errors.gallery import SubjectWithoutFacesError, UnknownFaceError
from app.domain.gallery import EnrolledFace
from app.services.gallery.subjects import require_version
from app.services.gallery.undoing.recording import record_operation
from app.services.ports import Storage, UnitOfWork


@dataclass(frozen=True, slots=True)
class Representative:
    """The face that stands for a subject."""

    face: EnrolledFace
    chosen: bool
    """Whether somebody has chosen it; else it is the one of the best quality."""
    operation_id: str | None = None
    """Undoes the choice that was just made."""


class Representatives:
    """Tells and chooses faces. A chosen face that is erased or moved stands for nobody."""

    def __init__(
        self, storage: Storage, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._storage = storage
        self._now = clock

    def get(self, collection: str, subject_id: str) -> Representative:
        """Raises UnknownSubjectError, or SubjectWithoutFacesError."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            return _of(uow, uow.subjects.get(gallery.id, subject_id).id)

    def choose(
        self,
        collection: str,
        subject_id: str,
        face_id: int | None,
        *,
        if_match: str | None = None,
    ) -> Representative:
        """Have a face of the subject stand for it; None for the best. Undone as an operation.

        Raises UnknownSubjectError, UnknownFaceError for a face of somebody else,
        SubjectWithoutFacesError, or ChangedMeanwhileError where the subject is not of the version
        `if_match`.
        """
        now = self._now()
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            subject = uow.subjects.get(gallery.id, subject_id)
            require_version(subject, if_match)
            if face_id is not None and uow.faces.get(gallery.id, face_id).subject_id != subject.id:
                raise UnknownFaceError(
                    f"The subject has no face {face_id}.",
                    hint="Look at the list of its faces; a face of another one can be moved.",
                    face=face_id,
                )
            former = uow.surveys.chosen_face(subject.id)
            uow.surveys.choose_face(subject.id, face_id)
            found = _of(uow, subject.id)
            details = {"former_face": former}
            operation = record_operation(
                uow, "choose-face", gallery.id, subject.id, now, details=details
            )
            return uow.note_result(Representative(found.face, found.chosen, operation.id))


def _of(uow: UnitOfWork, subject_id: str) -> Representative:
    found = uow.surveys.representative(subject_id)
    if found is None:
        raise SubjectWithoutFacesError(
            f"Subject {subject_id!r} has no enrolled face.", hint="Enroll one first."
        )
    face = uow.faces.by_ids([found])[found]
    return Representative(face, uow.surveys.chosen_face(subject_id) == found)
