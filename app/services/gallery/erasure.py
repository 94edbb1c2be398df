"""Erasure: image, template, index entry, log lines and stored answers go, a receipt stays."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from app.domain.errors import FacetError
from app.domain.errors.trouble import IndexUnavailableError
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
from app.services.gallery.announcing import announce_erased
from app.services.gallery.image_files import Sweep, delete_released
from app.services.indexing.following import IndexFollower
from app.services.ports import ImageStore, Storage, UnitOfWork
from app.services.ports.ledger import LedgerCopy, ReceiptIssuer

_BATCH = 5_000
_COPY_HINT = "Name a place for FACET_ERASURE_LEDGERS that can be written; restores need it."
_log = structlog.get_logger("app.erasure")


class Erasure:
    """Every removal of personal data goes through here, each with a dry run.

    What goes is noted in the ledger in the same transaction, so that no copy brings it back.
    """

    def __init__(
        self,
        storage: Storage,
        images: ImageStore,
        follower: IndexFollower,
        ledger: LedgerCopy | None = None,
        receipts: ReceiptIssuer | None = None,
    ) -> None:
        """`ledger` gets a copy of what is noted, outside of the database; `receipts` signs."""
        self._storage = storage
        self._images = images
        self._files = Sweep(storage, images)
        self._follower = follower
        self._ledger = ledger
        self._receipts = receipts
        self._log_emptied_of: int | None = None
        """How many erasures the log beside the database was last emptied of."""
        self._log_in_use = False

    def face(self, collection: str, face_id: int, *, dry_run: bool = False) -> Receipt:
        def erase(uow: UnitOfWork, gallery: Collection) -> _Erased:
            return self._faces(uow, str(face_id), [uow.faces.get(gallery.id, face_id)])

        return self._erase("face", collection, erase, dry_run=dry_run)

    def faces(self, collection: str, face_ids: Sequence[int], *, dry_run: bool = False) -> Receipt:
        """Erase those of the faces that the collection has, all in one transaction."""

        def erase(uow: UnitOfWork, gallery: Collection) -> _Erased:
            found = uow.faces.by_ids(face_ids).values()
            return self._faces(uow, gallery.id, [f for f in found if f.collection_id == gallery.id])

        return self._erase("faces", collection, erase, dry_run=dry_run)

    def faces_of(self, collection: str, subject_id: str, *, dry_run: bool = False) -> Receipt:
        """Erase all faces of a subject that stays."""

        def erase(uow: UnitOfWork, gallery: Collection) -> _Erased:
            subject = uow.subjects.get(gallery.id, subject_id)
            return self._faces(uow, subject.id, _all_faces(uow, subject))

        return self._erase("faces", collection, erase, dry_run=dry_run)

    def subject(
        self,
        collection: str,
        subject_id: str,
        *,
        dry_run: bool = False,
        reason: Reason = "request",
    ) -> Receipt:
        """Erase a subject with all of its faces; `reason` stands in the receipt."""

        def erase(uow: UnitOfWork, gallery: Collection) -> _Erased:
            subject = uow.subjects.get(gallery.id, subject_id)
            faces = _all_faces(uow, subject)
            erased = self._faces(uow, subject.id, faces)
            uow.ledger.erase("subject", subject.collection_id, [subject.id], datetime.now(UTC))
            records = uow.operations.remove_of_subject(subject.id)
            uow.rights.remove([subject.id])
            removed = uow.subjects.remove(subject.id)
            tally = replace(erased.tally, subjects=removed, operations=records)
            return replace(erased, tally=tally)

        return self._erase("subject", collection, erase, dry_run=dry_run, reason=reason)

    def collection(self, name: str, *, dry_run: bool = False) -> Receipt:
        def erase(uow: UnitOfWork, gallery: Collection) -> _Erased:
            uow.ledger.erase_collection(gallery.id, datetime.now(UTC))
            erased = self._contents(uow, gallery, subjects=True)
            uow.collections.remove(gallery.id)
            return erased

        return self._erase("collection", name, erase, dry_run=dry_run)

    def contents(self, name: str, *, subjects: bool, dry_run: bool = False) -> Receipt:
        """Erase all faces of a collection that stays, and all of its subjects if so wanted."""

        def erase(uow: UnitOfWork, gallery: Collection) -> _Erased:
            at = datetime.now(UTC)
            uow.ledger.erase("sighting", gallery.id, None, at)
            uow.ledger.erase("face", gallery.id, None, at)
            if subjects:
                uow.ledger.erase("subject", gallery.id, None, at)
                uow.rights.remove_of_collection(gallery.id)
            return self._contents(uow, gallery, subjects=subjects)

        return self._erase("contents", name, erase, dry_run=dry_run)

    def sweep(self) -> int:
        """Finish what a crash left between two steps: files that no row names, the log's rest."""
        self.empty_log()
        self.copy_ledger()
        return self._files.all()

    def sweep_if_due(self) -> bool:
        """Sweep, where files are elsewhere and no server has done so for a day; whether it did."""
        due = self._files.claim()
        if due:
            _log.info("images-swept", deleted=self.sweep())
        return due

    def finish(self) -> int:
        """Delete files of erased pictures that are still there; how many."""
        return self._files.released()

    def empty_log(self) -> bool | None:
        """Empty the log beside the database of everything erased, by whichever process.

        False while a reader keeps it in use: call again later. Costs one query when there was
        no erasure since it was emptied last. None where there is no such log.
        """
        try:
            with self._storage.read() as uow:
                erasures = uow.changes.erasures()
            if erasures == self._log_emptied_of:
                return True
            emptied = self._storage.checkpoint()
        except FacetError:
            emptied = False
        if emptied:
            self._log_emptied_of = erasures
        self._log_state(in_use=emptied is False)
        return emptied

    def copy_ledger(self) -> bool:
        """Bring the copy of the ledger outside of the database up to date; whether it is now."""
        if self._ledger is None:
            return True
        try:
            with self._storage.read() as uow:
                name = uow.ledger.installation()
                if not uow.ledger.after(0, limit=1):
                    return True
                self._ledger.follow(name, lambda seq, limit: uow.ledger.after(seq, limit=limit))
        except (FacetError, OSError) as error:
            _log.error("erasures-not-copied", why=type(error).__name__, hint=_COPY_HINT)
            return False
        return True

    def _log_state(self, *, in_use: bool) -> None:
        if in_use != self._log_in_use:
            self._log_in_use = in_use
            if in_use:
                _log.warning("erased-bytes-stay-in-log", why="a reader keeps the log in use")
            else:
                _log.info("erased-bytes-left-log")

    def _contents(self, uow: UnitOfWork, gallery: Collection, *, subjects: bool) -> "_Erased":
        partition = Partition(gallery.id, gallery.encoder)
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
        return _Erased(gallery.id, tally, freed, [(partition, None)])

    def _faces(self, uow: UnitOfWork, name: str, faces: Sequence[EnrolledFace]) -> "_Erased":
        """Erase faces; answers to enrolments of their subjects describe them, and go too."""
        indexed: dict[Partition, list[int]] = {}
        if faces:
            ids = [face.id for face in faces]
            uow.ledger.erase("face", faces[0].collection_id, ids, datetime.now(UTC))
        for face in faces:
            indexed.setdefault(Partition(face.collection_id, face.encoder), []).append(face.id)
        entries = [self._follower.entries(*one) for one in indexed.items()]
        waiting = uow.staged.remove_of_faces([face.id for face in faces])
        uow.operations.remove_of_faces([face.id for face in faces])
        removed = uow.faces.remove(faces)
        freed = uow.images.release(sorted({f.image_digest for f in faces if f.image_digest}))
        subjects = sorted({face.subject_id for face in faces})
        records = sum(uow.idempotency.remove_of_subject(subject) for subject in subjects)
        tally = Tally(0, removed, removed + waiting, len(freed), _sum(entries), records)
        return _Erased(name, tally, freed, list(indexed.items()))

    def _erase(
        self,
        kind: Erased,
        collection: str,
        erase: "Callable[[UnitOfWork, Collection], _Erased]",
        *,
        dry_run: bool,
        reason: Reason = "request",
    ) -> Receipt:
        """One transaction, then files, index and write-ahead log; a crash between them is swept
        up. A dry run does the same and takes the transaction back.
        """
        with suppress(IndexUnavailableError):
            self._follower.catch_up()  # so that entries can be counted
        at = datetime.now(UTC)
        try:
            with self._storage.write() as uow:
                erased = erase(uow, gallery := uow.collections.get(collection))
                announce_erased(uow, gallery, kind, erased.id, erased.tally)
                if dry_run:
                    raise _TakeBackError
        except _TakeBackError:
            return Receipt(kind, erased.id, at, erased.tally, collection_id=gallery.id)
        images = delete_released(self._storage, self._images, erased.freed)
        self.copy_ledger()
        current = self._follower.catch_up_after_write()
        left = _sum([self._follower.entries(*one) for one in erased.indexed]) if current else None
        before = erased.tally.index_entries
        entries = None if before is None else before - (before if left is None else left)
        receipt = Receipt(
            kind,
            erased.id,
            at,
            replace(erased.tally, images=images or 0, index_entries=entries),
            "done" if left == 0 else "pending",
            collection_id=gallery.id,
            reason=reason,
            log_emptied=self.empty_log(),
            files="pending" if images is None else "done",
        )
        if self._receipts is not None:
            receipt = replace(receipt, receipt_id=self._receipts.issue(receipt))
        return receipt


@dataclass(frozen=True, slots=True)
class _Erased:
    """What a transaction has removed, and what has to go after its commit."""

    id: str
    tally: Tally
    """Images and entries of the index as far as they are to be removed."""
    freed: Sequence[str]
    """Digests of images that no face refers to any more."""
    indexed: Sequence[tuple[Partition, Sequence[int] | None]]
    """Faces by partition; None is all of it."""


class _TakeBackError(Exception):
    """Ends the transaction of a dry run."""


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _all_faces(uow: UnitOfWork, subject: Subject) -> list[EnrolledFace]:
    faces: list[EnrolledFace] = []
    while page := uow.faces.list(
        subject.collection_id,
        subject_id=subject.id,
        after=faces[-1].id if faces else 0,
        limit=_BATCH,
    ):
        faces.extend(page)
    return faces
