"""Faces that are removed together, with all that stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.gallery import (
    Collection,
    EnrolledFace,
    Erased,
    Partition,
    Reason,
    Receipt,
    Subject,
    Tally,
)
from app.services.indexing.following import IndexFollower
from app.services.ports import UnitOfWork

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Erasing:
    """Facts about what a transaction has removed, and what has to go after its commit."""

    id: str
    tally: Tally
    """Images and entries of the index as far as they are to be removed."""
    freed: Sequence[str]
    """Digests of images that no face refers to any more."""
    indexed: Sequence[tuple[Partition, Sequence[int] | None]]
    """Faces by partition; None is all of it."""

    def receipt(
        self, kind: Erased, at: datetime, gallery: Collection, why: Reason = "request"
    ) -> Receipt:
        """Describe what is known in the transaction: files and index, as they are counted there,
        have yet to follow.
        """
        place = gallery.id
        return Receipt(kind, self.id, at, self.tally, "pending", place, why, files="pending")


class FaceRemoval:
    """Removes faces in a transaction that its caller ends."""

    def __init__(self, follower: IndexFollower) -> None:
        self._follower = follower

    def contents(self, uow: UnitOfWork, gallery: Collection, *, subjects: bool) -> Erasing:
        """Remove all faces of a collection, its sightings, and its subjects if so wanted."""
        partition = gallery.partition
        entries = self._follower.entries(partition, None)
        kept = uow.faces.image_digests(gallery.id), uow.sightings.image_digests(gallery.id)
        sightings = uow.sightings.remove_of_collection(gallery.id)
        waiting = uow.staged.discard(gallery.id)
        records = uow.idempotency.remove_of_collection(gallery.id)
        operations = uow.operations.remove_of_collection(gallery.id)
        faces = uow.faces.remove_of_collection(gallery.id)
        removed = uow.subjects.remove_of_collection(gallery.id) if subjects else 0
        uow.changes.drop(partition)
        freed = uow.images.release(sorted({digest for digests in kept for digest in digests}))
        templates = faces + waiting
        tally = Tally(
            removed, faces, templates, len(freed), entries, records, operations, sightings
        )
        return Erasing(gallery.id, tally, freed, [(partition, None)])

    def faces(self, uow: UnitOfWork, name: str, faces: Sequence[EnrolledFace]) -> Erasing:
        """Erase faces; answers to enrolments of their subjects describe them, and go too."""
        indexed: dict[Partition, list[int]] = {}
        if faces:
            ids = [face.id for face in faces]
            uow.ledger.erase("face", faces[0].collection_id, ids, datetime.now(UTC))
        for face in faces:
            indexed.setdefault(face.partition, []).append(face.id)
        entries = [self._follower.entries(*one) for one in indexed.items()]
        waiting = uow.staged.remove_of_faces([face.id for face in faces])
        uow.operations.remove_of_faces([face.id for face in faces])
        removed = uow.faces.remove(faces)
        freed = uow.images.release(sorted({f.image_digest for f in faces if f.image_digest}))
        subjects = sorted({face.subject_id for face in faces})
        records = sum(uow.idempotency.remove_of_subject(subject) for subject in subjects)
        tally = Tally(0, removed, removed + waiting, len(freed), total(entries), records)
        return Erasing(name, tally, freed, list(indexed.items()))


def total(counts: Sequence[int | None]) -> int | None:
    """The sum; None where one of the counts is unknown."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def all_faces(uow: UnitOfWork, subject: Subject) -> list[EnrolledFace]:
    """The subject's faces, however many."""
    faces: list[EnrolledFace] = []
    while page := uow.faces.list(
        subject.collection_id,
        subject_id=subject.id,
        after=faces[-1].id if faces else 0,
        limit=_PAGE,
    ):
        faces.extend(page)
    return faces
