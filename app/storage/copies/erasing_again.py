"""Erasure from a copy of the database of what its original has erased since."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice

from app.domain.gallery import Collection, EnrolledFace
from app.domain.people.erasing import ErasedAgain, ErasedItem, ErasedKind
from app.storage.unit_of_work import SqlStorage, SqlUnitOfWork

_BATCH = 1_000
_LARGEST_ID = 2**63 - 1
_Made = set[tuple[int, str, datetime]]
"""Numbers, each with its collection and the instant at which it was given."""


def erase_again(url: str, erased: Iterable[ErasedItem]) -> ErasedAgain:
    """Remove what the entries name from the copy at `url`, in one transaction, and note them.

    Ids of faces and sightings that were erased are not handed out again.
    """
    done = ErasedAgain()
    with closing(SqlStorage.open(url)) as storage, storage.write() as uow:
        again = _Erasing(uow, done)
        entries = iter(erased)
        while batch := list(islice(entries, _BATCH)):
            again.take(batch)
            uow.ledger.merge(batch)
        again.keep_numbers()
    return done


class _Erasing:
    """One copy, from which items go batch by batch; what is not there is passed over."""

    def __init__(self, uow: SqlUnitOfWork, done: ErasedAgain) -> None:
        self._uow = uow
        self._done = done
        self._numbers = {"face": 0, "sighting": 0}

    def take(self, batch: Sequence[ErasedItem]) -> None:
        here = self._uow.collections.by_ids(sorted({one.collection_id for one in batch}))
        known = [one for one in batch if one.collection_id in here]
        for one in known:
            if one.kind == "collection":
                self._collection(here[one.id])
        self._subjects([one.id for one in known if one.kind == "subject"])
        self._faces(_made(known, "face"))
        self._sightings(_made(known, "sighting"))

    def keep_numbers(self) -> None:
        """Have numbers go on behind those that were erased."""
        for kind, last in self._numbers.items():
            self._uow.ledger.number_beyond(f"{kind}s", last)

    def _collection(self, gallery: Collection) -> None:
        uow = self._uow
        digests = [*uow.faces.image_digests(gallery.id), *uow.sightings.image_digests(gallery.id)]
        self._done.sightings += uow.sightings.remove_of_collection(gallery.id)
        uow.staged.discard(gallery.id)
        uow.idempotency.remove_of_collection(gallery.id)
        uow.operations.remove_of_collection(gallery.id)
        self._done.faces += uow.faces.remove_of_collection(gallery.id)
        self._done.subjects += uow.subjects.remove_of_collection(gallery.id)
        uow.changes.drop(gallery.partition)
        self._release(digests)
        uow.collections.remove(gallery.id)
        self._done.collections += 1

    def _subjects(self, ids: Sequence[str]) -> None:
        for subject_id in self._uow.subjects.there(ids):  # names may be sealed
            faces = self._uow.faces.ids_of_subjects([subject_id])
            self._remove(list(self._uow.faces.by_ids(faces).values()))
            self._uow.operations.remove_of_subject(subject_id)
            self._done.subjects += self._uow.subjects.remove(subject_id)
        self._uow.rights.remove(ids)
        for absorbed in ids:  # whose row is gone already, with a record that could restore it
            self._uow.operations.remove_of_subject(absorbed)

    def _faces(self, made: _Made) -> None:
        ids = self._noted("face", made)
        found = self._uow.faces.by_ids(ids).values()
        self._remove([f for f in found if (f.id, f.collection_id, f.created_at) in made])

    def _sightings(self, made: _Made) -> None:
        ids = self._noted("sighting", made)
        found = [
            one
            for one in self._uow.sightings.by_ids(ids)
            if (one.id, one.collection_id, one.at) in made
        ]
        self._done.sightings += self._uow.sightings.remove([one.id for one in found])
        self._release([one.image_digest for one in found if one.image_digest])

    def _remove(self, faces: Sequence[EnrolledFace]) -> None:
        ids = [face.id for face in faces]
        self._uow.staged.remove_of_faces(ids)
        self._uow.operations.remove_of_faces(ids)
        self._done.faces += self._uow.faces.remove(faces)
        for subject in sorted({face.subject_id for face in faces}):
            self._uow.idempotency.remove_of_subject(subject)
        self._release([face.image_digest for face in faces if face.image_digest])

    def _release(self, digests: Sequence[str]) -> None:
        self._done.images += len(self._uow.images.release(sorted(set(digests))))

    def _noted(self, kind: str, made: _Made) -> list[int]:
        ids = sorted({number for number, _, _ in made})
        self._numbers[kind] = max([self._numbers[kind], *ids])
        return ids


def _made(items: Sequence[ErasedItem], kind: ErasedKind) -> _Made:
    return {
        (int(one.id), one.collection_id, one.made_at)
        for one in items
        if one.kind == kind and one.id.isascii() and one.id.isdigit() and int(one.id) < _LARGEST_ID
    }
