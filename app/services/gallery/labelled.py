"""Enrolled faces with the labels and names by which clients of other systems know them."""

from collections.abc import Mapping, Sequence

from app.domain.deciding.verdicts import NamedCandidate
from app.domain.errors.gallery import UnknownSubjectError
from app.domain.foreign.labels import LabelledFace
from app.domain.gallery import Collection, EnrolledFace, Subject
from app.services.ports import Storage, UnitOfWork

_LARGEST_ID = 2**63 - 1


class LabelledFaces:
    """Reads faces, with their subjects and labels."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def list(
        self, collection: str, *, user_id: str | None = None, after: int = 0, limit: int
    ) -> Sequence[LabelledFace]:
        """List by id, those whose id is greater than `after`, of a user or of everybody.

        Raises UnknownSubjectError for a user that there is not.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            subject_id = None if user_id is None else user_called(uow, gallery, user_id).id
            faces = uow.faces.list(gallery.id, subject_id=subject_id, after=after, limit=limit)
            return labelled(uow, faces)

    def of_ids(self, collection: str, face_ids: Sequence[int]) -> Sequence[LabelledFace]:
        """List those of the faces that the collection has, by id."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            return labelled(uow, faces_among(uow, gallery, face_ids))

    def of_candidates(self, found: Sequence[NamedCandidate]) -> Mapping[int, LabelledFace]:
        """The faces of a search's candidates, by id; those erased since are missing."""
        if not found:
            return {}
        with self._storage.read() as uow:
            known = uow.labels.known([one.face_id for one in found])
        return {
            one.face_id: known[one.face_id].of(one.subject) for one in found if one.face_id in known
        }

    def count_users(self, collection: str) -> int:
        """Count the subjects that somebody has named."""
        with self._storage.read() as uow:
            return uow.labels.count_named(uow.collections.get(collection).id)

    def named_among(self, subject_ids: Sequence[str]) -> frozenset[str]:
        """The subjects that somebody has named."""
        with self._storage.read() as uow:
            return frozenset(subject_ids) - uow.labels.unnamed_among(subject_ids)


def faces_among(
    uow: UnitOfWork, gallery: Collection, face_ids: Sequence[int]
) -> Sequence[EnrolledFace]:
    """List those of the faces that the collection has, by id."""
    found = uow.faces.by_ids([one for one in face_ids if 0 < one <= _LARGEST_ID])
    return [found[one] for one in sorted(found) if found[one].collection_id == gallery.id]


def labelled(uow: UnitOfWork, faces: Sequence[EnrolledFace]) -> list[LabelledFace]:
    """The faces with what is known of them."""
    known = uow.labels.known([face.id for face in faces])
    subjects = uow.subjects.by_ids(sorted({face.subject_id for face in faces}))
    return [
        known[face.id].of(subjects[face.subject_id])
        for face in faces
        if face.id in known and face.subject_id in subjects
    ]


def user_called(uow: UnitOfWork, gallery: Collection, user_id: str) -> Subject:
    """The subject that is this user. Raises UnknownSubjectError."""
    subject = uow.subjects.called(gallery.id, user_id)
    if subject is None or uow.labels.unnamed_among([subject.id]):
        raise UnknownSubjectError(f"There is no user {user_id!r}.", user=user_id)
    return subject
