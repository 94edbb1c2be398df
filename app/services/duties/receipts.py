"""Signed receipts of erasures: issued, listed, checked."""

from collections.abc import Sequence

import structlog

from app.domain.errors import FacetError
from app.domain.gallery import Receipt
from app.domain.people.receipts import ReceiptKey, SignedReceipt, content_of, receipt_of
from app.services.gallery.identifiers import new_id
from app.services.keys import Principal
from app.services.ports import Storage, UnitOfWork
from app.services.ports.ledger import ReceiptSigner

_log = structlog.get_logger("app.erasure")


class Receipts:
    """Signs receipts with a key of this installation, which the first of them makes."""

    def __init__(self, storage: Storage, signer: ReceiptSigner) -> None:
        self._storage = storage
        self._signer = signer

    def issue(self, uow: UnitOfWork, receipt: Receipt) -> str | None:
        """Sign and keep the receipt of an erasure in the transaction that makes it; its id.

        None where it cannot be signed: who has to go goes all the same.
        """
        receipt_id = new_id()
        try:
            uow.receipts.add(self._signed(uow, receipt, receipt_id))
        except FacetError as error:  # of the master key; what the database raises ends it all
            _log.error("receipt-not-kept", code=error.slug, erased=receipt.erased, id=receipt.id)
            return None
        return receipt_id

    def complete(self, receipt: Receipt) -> None:
        """Put what is known once files and index were looked after into a receipt that is kept.

        Where that fails it goes on saying that they are pending.
        """
        if receipt.receipt_id is None:
            return
        try:
            with self._storage.write(recorded=False) as uow:
                self.amend(uow, receipt)
        except FacetError as error:  # of the database
            _log.error("receipt-not-completed", code=error.slug, receipt=receipt.receipt_id)

    def amend(self, uow: UnitOfWork, receipt: Receipt) -> None:
        """Sign a receipt that is kept anew, with what is known now.

        Where that fails for want of the key it goes on saying what it said.
        """
        if receipt.receipt_id is None:
            return
        try:
            signed = self._signed(uow, receipt, receipt.receipt_id)
        except FacetError as error:  # of the master key, as in `issue`
            _log.error("receipt-not-completed", code=error.slug, receipt=receipt.receipt_id)
            return
        uow.receipts.complete(signed)

    def pending(self, *, after: str, limit: int) -> Sequence[Receipt]:
        """List those by id that say that index or files are pending."""
        with self._storage.read() as uow:
            found = uow.receipts.pending(after=after, limit=limit)
        return [receipt_of(one.content) for one in found]

    def list(
        self, caller: Principal, *, before: str | None = None, limit: int = 50
    ) -> Sequence[SignedReceipt]:
        """List the newest first; a bound key's collection alone."""
        with self._storage.read() as uow:
            return uow.receipts.list(collection_id=caller.collection_id, before=before, limit=limit)

    def get(self, caller: Principal, receipt_id: str) -> SignedReceipt:
        """Raises UnknownReceiptError."""
        with self._storage.read() as uow:
            return uow.receipts.get(receipt_id, collection_id=caller.collection_id)

    def public_keys(self) -> Sequence[tuple[ReceiptKey, str]]:
        """List every key with its public half as PEM, the one that signs now last."""
        with self._storage.read() as uow:
            found = uow.receipts.signing_keys()
        return [(key, self._signer.pem(key.public)) for key in found]

    def is_genuine(self, key_id: str, signature: bytes, text: bytes) -> bool:
        """Tell whether a key of this installation has signed the text."""
        with self._storage.read() as uow:
            keys = {key.id: key for key in uow.receipts.signing_keys()}
        key = keys.get(key_id)
        return key is not None and self._signer.verify(key.public, signature, text)

    def seal_anew(self, *, dry_run: bool = False) -> int:
        """Seal keys that are under a former master key with the present one; how many."""
        with self._storage.read() as uow:
            old = [key for key in uow.receipts.signing_keys() if not self._signer.is_current(key)]
        if old and not dry_run:
            with self._storage.write() as uow:
                for key in old:
                    uow.receipts.reseal_key(key.id, self._signer.renewed(key))
        return len(old)

    def _signed(self, uow: UnitOfWork, receipt: Receipt, receipt_id: str) -> SignedReceipt:
        key = self._key(uow)
        content = content_of(receipt, receipt_id, key.id)
        signature = self._signer.sign(key, content.encode())
        place = receipt.collection_id or ""
        return SignedReceipt(receipt_id, receipt.at, place, content, signature, key.id)

    def _key(self, uow: UnitOfWork) -> ReceiptKey:
        """The key that signs now."""
        if keys := uow.receipts.signing_keys():
            return keys[-1]
        made = self._signer.make()
        uow.receipts.add_key(made)
        return made
