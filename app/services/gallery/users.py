"""Users, as some clients call subjects that they name, and faces that they give to them later."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from app.domain.errors.gallery import DuplicateSubjectError
from app.domain.gallery import Collection, EnrolledFace, Subject
from app.domain.texts import clean_text
from app.services.gallery.absorbing import remove_absorbed, require_free
from app.services.gallery.idempotency import Asked, Idempotency
from app.services.gallery.labelled import faces_among, user_called
from app.services.gallery.unnamed import made_unnamed, new_subject, subject_called
from app.services.ports import Storage, UnitOfWork

Refusal = Literal["not-found", "of-another-user", "not-alike"]


@dataclass(frozen=True, slots=True)
class User:
    """A subject that somebody has named, and how many faces it has."""

    subject: Subject
    faces: int


@dataclass(frozen=True, slots=True)
class MovedFaces:
    """The faces that are now where they were asked to be, and why others are not."""

    user: User
    moved: tuple[int, ...]
    refused: tuple[tuple[int, Refusal], ...]
    other_users: dict[int, Subject]
    """By face, where it is another user's."""


class Users:
    """Names subjects, and moves faces to them and back. Each call is one transaction.

    A face keeps its label wherever it goes, and what a key was given of it stays counted.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def create(
        self, collection: str, user_id: str, idempotency: Idempotency[None] | None = None
    ) -> None:
        """Make the user, or name the subject that enrolment had made under this id.

        Raises DuplicateSubjectError for a user that there is, unless this very request made it.
        """
        name = clean_text(user_id, "user_id")
        asked = Asked({"create_user": {"collection": collection, "user": name}}, [])
        fingerprint = idempotency.fingerprint(asked) if idempotency else ""
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            if idempotency and idempotency.replay(uow, fingerprint):
                return
            subject = uow.subjects.called(gallery.id, name)
            if subject is None:
                subject = new_subject(gallery, name, name)
                uow.subjects.add(subject)
            elif uow.labels.unnamed_among([subject.id]):
                uow.labels.mark_named(subject.id)
            else:
                raise DuplicateSubjectError(f"There is a user {name!r} already.")
            if idempotency:
                idempotency.remember(uow, fingerprint, subject.id, None)

    def delete(self, collection: str, user_id: str) -> str:
        """Remove the user, and tell the id of its subject; its faces stay, each where its label
        says, or alone.

        Raises UnknownSubjectError.
        """
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            user = user_called(uow, gallery, user_id)
            ids = uow.faces.ids_of_subjects([user.id])
            _give_back(uow, gallery, user, faces_among(uow, gallery, ids))
            uow.idempotency.remove_of_subject(user.id)
            uow.rights.remove([user.id])
            uow.subjects.remove(user.id)
            return uow.note_result(user.id)

    def list(self, collection: str, *, after: str | None, limit: int) -> Sequence[User]:
        """List by id, those whose id comes after `after`."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            subjects = uow.labels.named(gallery.id, after=after, limit=limit)
            counts = uow.faces.counts_of_subjects([one.id for one in subjects])
        return [User(one, counts.get(one.id, 0)) for one in subjects]

    def get(self, collection: str, user_id: str) -> User:
        """Raises UnknownSubjectError."""
        with self._storage.read() as uow:
            subject = user_called(uow, uow.collections.get(collection), user_id)
            return User(subject, uow.faces.count(subject.collection_id, subject_id=subject.id))

    def associate(
        self, collection: str, user_id: str, face_ids: Sequence[int], alike: Sequence[int]
    ) -> MovedFaces:
        """Give faces to a user: those that were found `alike`, and no other user's.

        A subject that enrolment had made by itself goes with its last face.
        """
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            user = user_called(uow, gallery, user_id)
            sorted_out = _SortedOut(uow, gallery, user, face_ids, set(alike))
            _move(uow, sorted_out.good, user)
            uow.labels.associate([face.id for face in sorted_out.good], associated=True)
            return uow.note_result(sorted_out.moved(uow))

    def disassociate(self, collection: str, user_id: str, face_ids: Sequence[int]) -> MovedFaces:
        """Take faces from a user; each goes where its label says, or is alone."""
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            user = user_called(uow, gallery, user_id)
            sorted_out = _SortedOut(uow, gallery, user, face_ids, None)
            _give_back(uow, gallery, user, sorted_out.good)
            return uow.note_result(sorted_out.moved(uow))


class _SortedOut:
    """Faces that may be moved, and why others may not; `alike` is None to take them away."""

    def __init__(
        self,
        uow: UnitOfWork,
        gallery: Collection,
        user: Subject,
        face_ids: Sequence[int],
        alike: set[int] | None,
    ) -> None:
        self.user = user
        self.good: list[EnrolledFace] = []
        self.refused: list[tuple[int, Refusal]] = []
        self.others: dict[int, Subject] = {}
        found = {face.id: face for face in faces_among(uow, gallery, face_ids)}
        owners = uow.subjects.by_ids(sorted({face.subject_id for face in found.values()}))
        unnamed = uow.labels.unnamed_among(list(owners))
        for face_id in dict.fromkeys(face_ids):
            face = found.get(face_id)
            if face is None:
                self.refused.append((face_id, "not-found"))
            elif face.subject_id != user.id and (alike is None or face.subject_id not in unnamed):
                self.refused.append((face_id, "of-another-user"))
                if face.subject_id not in unnamed:
                    self.others[face_id] = owners[face.subject_id]
            elif face.subject_id != user.id and alike is not None and face_id not in alike:
                self.refused.append((face_id, "not-alike"))
            else:
                self.good.append(face)

    def moved(self, uow: UnitOfWork) -> MovedFaces:
        faces = uow.faces.count(self.user.collection_id, subject_id=self.user.id)
        ids = tuple(face.id for face in self.good)
        return MovedFaces(User(self.user, faces), ids, tuple(self.refused), self.others)


def _give_back(
    uow: UnitOfWork, gallery: Collection, user: Subject, faces: Sequence[EnrolledFace]
) -> None:
    """Move each face to the subject that its label names, or to one of its own."""
    known = uow.labels.known([face.id for face in faces])
    by_label: dict[str | None, list[EnrolledFace]] = defaultdict(list)
    for face in faces:
        label = known[face.id].label
        by_label[None if label is None else label.external_id].append(face)
    for face in by_label.pop(None, []):
        _move(uow, [face], made_unnamed(uow, gallery))
    for external_id, labelled in by_label.items():
        subject = subject_called(uow, gallery, str(external_id))
        if subject.id == user.id:
            # The user has the label's name: without the user, the faces are nobody's.
            for face in labelled:
                _move(uow, [face], made_unnamed(uow, gallery))
        else:
            _move(uow, labelled, subject)
    uow.labels.associate([face.id for face in faces], associated=False)


def _move(uow: UnitOfWork, faces: Sequence[EnrolledFace], to: Subject) -> None:
    """Give the faces to a subject; unnamed ones that have none left are removed."""
    owners = sorted({face.subject_id for face in faces} - {to.id})
    require_free(uow, owners)
    uow.faces.reassign([face.id for face in faces if face.subject_id != to.id], to.id)
    unnamed = uow.labels.unnamed_among(owners)
    subjects = uow.subjects.by_ids(owners)
    for owner in owners:
        # Stored answers describe the faces as the former subject's, and would outlive them.
        uow.idempotency.remove_of_subject(owner)
        uow.allowances.raise_to(owner, to.id)
        if owner in unnamed and not uow.faces.count(to.collection_id, subject_id=owner):
            uow.sightings.follow_subject(owner, to.id)
            remove_absorbed(uow, subjects[owner], to)
    uow.subjects.update(replace(to, updated_at=datetime.now(UTC)))
