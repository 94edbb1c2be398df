"""Erasure: image, template, index entry, log lines and stored answers go, a receipt stays."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from app.domain.errors.trouble import IndexUnavailableError
from app.domain.gallery import (
    Collection,
    Erased,
    Reason,
    Receipt,
    Tally,
)
from app.domain.people.sightings import SightingFilter
from app.services.gallery.announcing import announce_erased
from app.services.gallery.erasing.faces import Erasing, FaceRemoval, all_faces, total
from app.services.gallery.erasing.ledger import LedgerCopies
from app.services.gallery.erasing.log import DatabaseLog
from app.services.gallery.erasing.receipts import ErasureReceipts
from app.services.gallery.erasing.sightings import remove_sightings
from app.services.gallery.image_files import Sweep, delete_released
from app.services.indexing.following import IndexFollower
from app.services.ports import ImageStore, Storage, UnitOfWork
from app.services.ports.ledger import LedgerCopy, ReceiptIssuer

_BATCH = 5_000
_PIECE = 500
"""Sightings that are erased in one transaction: recognition waits for it."""
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
        self._ledger = LedgerCopies(storage, ledger)
        self._removal = FaceRemoval(follower)
        self._log = DatabaseLog(storage)
        self._receipts = ErasureReceipts(storage, follower, self._log, receipts)

    def face(self, collection: str, face_id: int, *, dry_run: bool = False) -> Receipt:
        def erase(uow: UnitOfWork, gallery: Collection) -> Erasing:
            return self._removal.faces(uow, str(face_id), [uow.faces.get(gallery.id, face_id)])

        return self._erase("face", collection, erase, dry_run=dry_run)

    def faces(self, collection: str, face_ids: Sequence[int], *, dry_run: bool = False) -> Receipt:
        """Erase those of the faces that the collection has, all in one transaction."""

        def erase(uow: UnitOfWork, gallery: Collection) -> Erasing:
            found = uow.faces.by_ids(face_ids).values()
            return self._removal.faces(
                uow, gallery.id, [f for f in found if f.collection_id == gallery.id]
            )

        return self._erase("faces", collection, erase, dry_run=dry_run)

    def faces_of(self, collection: str, subject_id: str, *, dry_run: bool = False) -> Receipt:
        """Erase all faces of a subject that stays."""

        def erase(uow: UnitOfWork, gallery: Collection) -> Erasing:
            subject = uow.subjects.get(gallery.id, subject_id)
            return self._removal.faces(uow, subject.id, all_faces(uow, subject))

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

        def erase(uow: UnitOfWork, gallery: Collection) -> Erasing:
            subject = uow.subjects.get(gallery.id, subject_id)
            faces = all_faces(uow, subject)
            erased = self._removal.faces(uow, subject.id, faces)
            uow.ledger.erase("subject", subject.collection_id, [subject.id], datetime.now(UTC))
            records = uow.operations.remove_of_subject(subject.id)
            seen, freed = remove_sightings(
                uow, gallery.id, SightingFilter(subject_id=subject.id, decision="known")
            )
            uow.rights.remove([subject.id])
            removed = uow.subjects.remove(subject.id)
            tally = replace(
                erased.tally,
                subjects=removed,
                operations=records,
                sightings=seen,
                images=erased.tally.images + len(freed),
            )
            return replace(erased, tally=tally, freed=[*erased.freed, *freed])

        return self._erase("subject", collection, erase, dry_run=dry_run, reason=reason)

    def collection(self, name: str, *, dry_run: bool = False) -> Receipt:
        def erase(uow: UnitOfWork, gallery: Collection) -> Erasing:
            uow.ledger.erase_collection(gallery.id, datetime.now(UTC))
            erased = self._removal.contents(uow, gallery, subjects=True)
            uow.collections.remove(gallery.id)
            return erased

        return self._erase("collection", name, erase, dry_run=dry_run)

    def contents(self, name: str, *, subjects: bool, dry_run: bool = False) -> Receipt:
        """Erase all faces of a collection that stays, and all of its subjects if so wanted."""

        def erase(uow: UnitOfWork, gallery: Collection) -> Erasing:
            at = datetime.now(UTC)
            uow.ledger.erase("sighting", gallery.id, None, at)
            uow.ledger.erase("face", gallery.id, None, at)
            if subjects:
                uow.ledger.erase("subject", gallery.id, None, at)
                uow.rights.remove_of_collection(gallery.id)
            return self._removal.contents(uow, gallery, subjects=subjects)

        return self._erase("contents", name, erase, dry_run=dry_run)

    def sighting(self, collection: str, sighting_id: int, *, dry_run: bool = False) -> Receipt:
        """Erase one; raises UnknownSightingError."""

        def erase(uow: UnitOfWork, gallery: Collection) -> Erasing:
            found = uow.sightings.get(gallery.id, sighting_id)
            uow.ledger.erase("sighting", gallery.id, [found.id], datetime.now(UTC))
            removed = uow.sightings.remove([found.id])
            freed = uow.images.release([found.image_digest] if found.image_digest else [])
            tally = Tally(sightings=removed, images=len(freed), index_entries=0)
            return Erasing(str(sighting_id), tally, freed, [])

        return self._erase("sightings", collection, erase, dry_run=dry_run)

    def sightings(
        self,
        collection: str,
        wanted: SightingFilter,
        *,
        dry_run: bool = False,
        announced: bool = True,
    ) -> Receipt:
        """Erase what was seen, as far as the filter finds it, piece by piece.

        `announced`: whether followers of events and the ledger are to know; they need not of
        what has ended.
        """
        at, removed, images, away = datetime.now(UTC), 0, 0, False
        issued: Receipt | None = None
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            if dry_run:
                removed, images = uow.sightings.count(gallery.id, wanted)
        while not dry_run and self._is_left(gallery, wanted):
            with self._storage.write() as uow:
                piece, freed = remove_sightings(uow, gallery.id, wanted, _PIECE, noted=announced)
                if announced:
                    seen = Erasing(gallery.id, Tally(sightings=piece, images=len(freed)), freed, [])
                    announce_erased(uow, gallery, "sightings", gallery.id, seen.tally)
                    more = seen.receipt("sightings", at, gallery)
                    issued = self._receipts.issue_more(uow, issued, more)
            removed, images = removed + piece, images + len(freed)
            away |= delete_released(self._storage, self._images, freed) is None
        tally = Tally(sightings=removed, images=images, index_entries=0)
        receipt = Receipt("sightings", gallery.id, at, tally, collection_id=gallery.id)
        if dry_run:
            return receipt
        if removed and announced:
            self.copy_ledger()
        receipt = replace(
            receipt,
            index="done",
            log_emptied=self.empty_log() if removed else None,
            files="pending" if away else "done",
            receipt_id=None if issued is None else issued.receipt_id,
        )
        return self._receipts.complete(receipt, tally)

    def _is_left(self, gallery: Collection, wanted: SightingFilter) -> bool:
        """Tell whether the filter finds any more: nobody waits for a transaction without need."""
        with self._storage.read() as uow:
            return bool(uow.sightings.oldest(gallery.id, wanted, limit=1))

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
        """Delete files of erased pictures that are still there; how many. Completes receipts that
        were left `pending` when it was looked for such.
        """
        deleted = self._files.released()
        self.complete_receipts(look=False)
        return deleted

    def complete_receipts(self, *, look: bool = True) -> int:
        """Complete receipts of erasures of which all has gone meanwhile; how many are left.

        They are of processes that were killed, or of an index or object storage that was away.
        Without `look` only if some were left before.
        """
        return self._receipts.complete_pending(look=look)

    def empty_log(self) -> bool | None:
        """Empty the log beside the database of everything erased, by whichever process.

        False while a reader keeps it in use: call again later. Costs one query when there was
        no erasure since it was emptied last. None where there is no such log.
        """
        return self._log.empty()

    def copy_ledger(self) -> bool:
        """Bring the copy of the ledger outside of the database up to date; whether it is now."""
        return self._ledger.follow()

    def _erase(
        self,
        kind: Erased,
        collection: str,
        erase: Callable[[UnitOfWork, Collection], Erasing],
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
                receipt = self._receipts.issue(uow, erased.receipt(kind, at, gallery, reason))
                uow.note_result(receipt)
        except _TakeBackError:
            return Receipt(kind, erased.id, at, erased.tally, collection_id=gallery.id)
        images = delete_released(self._storage, self._images, erased.freed)
        self.copy_ledger()
        current = self._follower.catch_up_after_write()
        left = total([self._follower.entries(*one) for one in erased.indexed]) if current else None
        before = erased.tally.index_entries
        entries = None if before is None else before - (before if left is None else left)
        receipt = replace(
            receipt,
            removed=replace(erased.tally, images=images or 0, index_entries=entries),
            index="done" if left == 0 else "pending",
            log_emptied=self.empty_log(),
            files="pending" if images is None else "done",
        )
        return self._receipts.complete(receipt, erased.tally)


class _TakeBackError(Exception):
    """Ends the transaction of a dry run."""
