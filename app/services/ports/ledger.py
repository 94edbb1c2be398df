"""Protocols of duties towards people: ledger of erasures, signed receipts, rights of subjects."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.gallery import Collection, Receipt
from app.domain.people.erasing import ErasedItem, ErasedKind, Installation
from app.domain.people.receipts import ReceiptKey, SignedReceipt
from app.domain.people.retention import Due
from app.domain.people.rights import Rights

if TYPE_CHECKING:
    from app.services.ports import UnitOfWork

Entries = Callable[[int, int], Sequence[ErasedItem]]
"""Entries behind a place in the ledger, so many at most."""


class LedgerRepository(Protocol):
    """Entries are added in the transaction that erases, before the rows go; none is removed."""

    def installation(self) -> Installation:
        """Name this database among its copies."""

    def erase_collection(self, collection_id: str, at: datetime) -> None:
        """Note that the collection goes, with everybody in it."""

    def erase(
        self, kind: ErasedKind, collection_id: str, ids: Sequence[Any] | None, at: datetime
    ) -> None:
        """Note that these go, or all of the collection, and whatever went into them before."""

    def went_into(self, item: ErasedItem, into_kind: ErasedKind, into_id: str) -> None:
        """Note that the item is a part of another one now."""

    def came_back(self, kind: ErasedKind, collection_id: str, item_id: str) -> None:
        """Forget that: it was taken out again."""

    def after(self, seq: int, *, limit: int) -> Sequence[ErasedItem]:
        """List entries behind the place `seq`, in the order of their commits."""

    def erased_subjects(self, subject_ids: Sequence[str]) -> frozenset[str]:
        """Select the ids that were erased, in whatever collection."""

    def erased_collections(self, collection_ids: Sequence[str]) -> frozenset[str]: ...

    def erased_faces(self, made_at: Sequence[datetime]) -> frozenset[datetime]:
        """Select the instants at which a face was made that was erased since."""


class LedgerCopy(Protocol):
    """Files of the ledger outside of database and data directory. Thread-safe."""

    def follow(self, installation: Installation, entries: Entries) -> None:
        """Append what the installation's file has not got yet. Raises OSError."""

    def family(self, installation: str) -> Sequence[Path]:
        """List the file of an installation and of those restored from it, as far as there are."""

    def read(self, path: Path) -> "Iterator[ErasedItem | None]":
        """Yield the entries of a file; None for each line that is none."""


class ReceiptSigner(Protocol):
    """Makes keys and signs with them. Thread-safe."""

    def make(self) -> ReceiptKey: ...

    def sign(self, key: ReceiptKey, text: bytes) -> bytes:
        """Sign the text. Raises WrongMasterKeyError and SealBrokenError."""

    def verify(self, public: bytes, signature: bytes, text: bytes) -> bool: ...

    def is_current(self, key: ReceiptKey) -> bool:
        """Tell whether the key is under the master key that seals now."""

    def renewed(self, key: ReceiptKey) -> bytes:
        """Seal the private half under that one."""

    def pem(self, public: bytes) -> str: ...


class ReceiptIssuer(Protocol):
    """Signs and keeps receipts of erasures."""

    def issue(self, uow: "UnitOfWork", receipt: Receipt) -> str | None:
        """Keep it in the transaction that erases, and name it; None where it cannot be signed."""

    def amend(self, uow: "UnitOfWork", receipt: Receipt) -> None:
        """Put what is known now into the receipt that it names, in a transaction."""

    def complete(self, receipt: Receipt) -> None:
        """Put what came after the transaction into the receipt that it names."""

    def pending(self, *, after: str, limit: int) -> Sequence[Receipt]:
        """List those by id that say that something is pending."""


class ReceiptRepository(Protocol):
    """Receipts and the keys that have signed them; neither is removed."""

    def add(self, receipt: SignedReceipt) -> None: ...

    def complete(self, receipt: SignedReceipt) -> None:
        """Replace content and signature of the receipt with that id."""

    def get(self, receipt_id: str, *, collection_id: str | None = None) -> SignedReceipt:
        """Raises UnknownReceiptError, also for one of another collection than the one named."""

    def list(
        self, *, collection_id: str | None, before: str | None, limit: int
    ) -> Sequence[SignedReceipt]:
        """List the newest first, those whose id comes before `before`."""

    def pending(self, *, after: str, limit: int) -> Sequence[SignedReceipt]:
        """List the oldest first, those with an id after `after` of which something is pending."""

    def signing_keys(self) -> Sequence[ReceiptKey]:
        """List all keys, the one that signs now last."""

    def add_key(self, key: ReceiptKey) -> None: ...

    def reseal_key(self, key_id: str, sealed: bytes) -> None: ...


class RightsRepository(Protocol):
    """Rights by subject; of those without any recorded they are the defaults."""

    def get(self, subject_id: str) -> Rights: ...

    def put(self, collection_id: str, subject_id: str, rights: Rights) -> None:
        """Record them in place of those before."""

    def remove(self, subject_ids: Sequence[str]) -> None: ...

    def remove_of_collection(self, collection_id: str) -> None: ...

    def barred(self, subject_ids: Sequence[str], now: datetime) -> frozenset[str]:
        """Select the subjects that must not be matched."""

    def due(self, gallery: Collection, now: datetime, *, limit: int) -> Sequence[Due]:
        """List subjects whose time is over, restricted ones excepted."""
