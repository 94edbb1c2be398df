"""Receipts of erasures: kept in the transaction, completed behind it, or by whoever comes later."""

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.gallery import Receipt, Tally
from app.domain.people.receipts import with_what_is_to_go
from app.services.gallery.erasing.log import DatabaseLog
from app.services.indexing.following import IndexFollower
from app.services.ports import Storage, UnitOfWork
from app.services.ports.ledger import ReceiptIssuer

_AT_ONCE = 500


class ErasureReceipts:
    """Has receipts issued, if somebody issues any."""

    def __init__(
        self,
        storage: Storage,
        follower: IndexFollower,
        log: DatabaseLog,
        issuer: ReceiptIssuer | None,
    ) -> None:
        self._storage = storage
        self._follower = follower
        self._log = log
        self._issuer = issuer
        self._left = 0
        """Receipts that could not be completed when it was looked for them last."""

    def issue(self, uow: UnitOfWork, receipt: Receipt) -> Receipt:
        """The receipt with its id, kept in the transaction: a crash behind it loses none."""
        if self._issuer is None:
            return receipt
        return replace(receipt, receipt_id=self._issuer.issue(uow, receipt))

    def issue_more(self, uow: UnitOfWork, before: Receipt | None, piece: Receipt) -> Receipt:
        """The receipt of all pieces until now, kept in the transaction of the last one."""
        if before is None or self._issuer is None:
            return self.issue(uow, piece)
        was, more = before.removed, piece.removed
        removed = Tally(
            sightings=was.sightings + more.sightings,
            images=was.images + more.images,
            index_entries=0,
        )
        self._issuer.amend(uow, with_more := replace(before, removed=removed))
        return with_more

    def complete(self, receipt: Receipt, to_go: Tally) -> Receipt:
        """Put into the receipt what has gone behind the transaction; gives it back."""
        if self._issuer is not None:
            self._issuer.complete(with_what_is_to_go(receipt, to_go))
            self._left += "pending" in (receipt.index, receipt.files)
        return receipt

    def complete_pending(self, *, look: bool) -> int:
        """Complete those of which all has gone meanwhile; how many are left.

        Without `look` only if some were left before.
        """
        if self._issuer is None or not (look or self._left):
            return 0
        self._left, after, now = 0, "", datetime.now(UTC)
        while page := self._issuer.pending(after=after, limit=_AT_ONCE):
            # Whatever these count was released and logged before they were read.
            followed = self._follower.catch_up_after_write()
            with self._storage.read() as uow:
                deleted = not uow.images.released(before=now, limit=1)
            for receipt in page:
                known = receipt
                if followed:
                    known = replace(known, index="done")
                if deleted:
                    known = replace(known, files="done")
                if known != receipt:
                    self._issuer.complete(replace(known, log_emptied=self._log.empty()))
                self._left += "pending" in (known.index, known.files)
            after = page[-1].receipt_id or ""
        return self._left
