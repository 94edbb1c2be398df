"""Signed receipts of erasures: issued, listed, checked."""

from collections.abc import Sequence

import structlog

from app.domain.errors import FacetError
from app.domain.gallery import Receipt
from app.domain.people.receipts import ReceiptKey, SignedReceipt, content_of
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

    def issue(self, receipt: Receipt) -> str | None:
        """Sign and keep the receipt of an erasure that has been made; its id.

        None where it cannot be kept: what was erased stays erased.
        """
        try:
            with self._storage.write() as uow:
                key = self._key(uow)
                receipt_id = new_id()
                content = content_of(receipt, receipt_id, key.id)
                signature = self._signer.sign(key, content.encode())
                place = receipt.collection_id or ""
                uow.receipts.add(
                    SignedReceipt(receipt_id, receipt.at, place, content, signature, key.id)
                )
        except FacetError as error:
            _log.error("receipt-not-kept", code=error.slug, erased=receipt.erased, id=receipt.id)
            return None
        return receipt_id

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
        with self._storage.write() as uow:
            old = [key for key in uow.receipts.signing_keys() if not self._signer.is_current(key)]
            for key in old:
                if not dry_run:
                    uow.receipts.reseal_key(key.id, self._signer.renewed(key))
        return len(old)

    def _key(self, uow: UnitOfWork) -> ReceiptKey:
        """The key that signs now."""
        if keys := uow.receipts.signing_keys():
            return keys[-1]
        made = self._signer.make()
        uow.receipts.add_key(made)
        return made
