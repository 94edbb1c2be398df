"""Receipts of erasures in SQL, and the keys that sign them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from app.domain.errors.gallery import UnknownReceiptError
from app.domain.people.receipts import ReceiptKey, SignedReceipt
from app.storage.ledger_tables import ReceiptKeyRow, ReceiptRow

_COLUMNS = tuple(ReceiptRow.__table__.c)
_PENDING = ':"pending"'
"""Stands in the content of receipts of which index or files are pending."""


class SqlReceipts:
    """Receipts by id; none is removed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, receipt: SignedReceipt) -> None:
        """Keep a receipt."""
        values = {column.name: getattr(receipt, column.name) for column in _COLUMNS}
        self._connection.execute(insert(ReceiptRow).values(values))

    def complete(self, receipt: SignedReceipt) -> None:
        """Replace content and signature of the receipt with that id."""
        query = update(ReceiptRow).where(ReceiptRow.id == receipt.id)
        values = {"content": receipt.content, "signature": receipt.signature}
        self._connection.execute(query.values(**values, key_id=receipt.key_id))

    def get(self, receipt_id: str, *, collection_id: str | None = None) -> SignedReceipt:
        """Raises UnknownReceiptError, also for one of another collection than the one named."""
        query = select(*_COLUMNS).where(ReceiptRow.id == receipt_id)
        if collection_id is not None:
            query = query.where(ReceiptRow.collection_id == collection_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownReceiptError(f"There is no receipt {receipt_id!r}.", receipt=receipt_id)
        return _receipt(row)

    def list(
        self, *, collection_id: str | None, before: str | None, limit: int
    ) -> Sequence[SignedReceipt]:
        """The newest first, those whose id comes before `before`."""
        query = select(*_COLUMNS).order_by(ReceiptRow.id.desc()).limit(limit)
        if collection_id is not None:
            query = query.where(ReceiptRow.collection_id == collection_id)
        if before is not None:
            query = query.where(ReceiptRow.id < before)
        return [_receipt(row) for row in self._connection.execute(query)]

    def pending(self, *, after: str, limit: int) -> Sequence[SignedReceipt]:
        """The oldest first, those with an id after `after` of which something is pending."""
        query = select(*_COLUMNS).where(
            ReceiptRow.id > after, ReceiptRow.content.contains(_PENDING)
        )
        rows = self._connection.execute(query.order_by(ReceiptRow.id).limit(limit))
        return [_receipt(row) for row in rows]

    def signing_keys(self) -> Sequence[ReceiptKey]:
        """All keys, the one that signs now last."""
        query = select(
            ReceiptKeyRow.id, ReceiptKeyRow.public, ReceiptKeyRow.sealed, ReceiptKeyRow.made_at
        ).order_by(ReceiptKeyRow.made_at, ReceiptKeyRow.id)
        return [ReceiptKey(*row) for row in self._connection.execute(query)]

    def add_key(self, key: ReceiptKey) -> None:
        """Keep a new key."""
        values = {"id": key.id, "public": key.public, "sealed": key.sealed, "made_at": key.made_at}
        self._connection.execute(insert(ReceiptKeyRow).values(values))

    def reseal_key(self, key_id: str, sealed: bytes) -> None:
        """Replace the sealed half."""
        query = update(ReceiptKeyRow).where(ReceiptKeyRow.id == key_id)
        self._connection.execute(query.values(sealed=sealed))


def _receipt(row: Any) -> SignedReceipt:
    return SignedReceipt(**{column.name: getattr(row, column.name) for column in _COLUMNS})
