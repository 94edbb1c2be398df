"""Receipts of erasures as they are signed, kept and shown to others."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.auditing.chain import canonical
from app.domain.gallery import Receipt, Tally

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt and its signature; it holds ids and numbers, and no name of a person."""

    id: str
    at: datetime
    collection_id: str
    content: str
    """Canonical JSON, of which the signature is."""
    signature: bytes
    """Ed25519, 64 bytes."""
    key_id: str


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """A key that has signed receipts; the private half is sealed under the master key."""

    id: str
    public: bytes
    """Raw, 32 bytes."""
    sealed: bytes
    made_at: datetime


def content_of(receipt: Receipt, receipt_id: str, key_id: str) -> str:
    """The text that is signed."""
    fields: dict[str, Any] = {
        "format": _FORMAT,
        "id": receipt_id,
        "at": receipt.at.isoformat(),
        "erased": receipt.erased,
        "erased_id": receipt.id,
        "collection_id": receipt.collection_id,
        "removed": asdict(receipt.removed),
        "index": receipt.index,
        "log_emptied": receipt.log_emptied,
        "files": receipt.files,
        "reason": receipt.reason,
        "key": key_id,
    }
    return canonical(fields)


def receipt_of(content: str) -> Receipt:
    """The receipt whose content that is."""
    fields: dict[str, Any] = json.loads(content)
    return Receipt(
        fields["erased"],
        fields["erased_id"],
        datetime.fromisoformat(fields["at"]),
        Tally(**fields["removed"]),
        fields["index"],
        fields["collection_id"],
        fields["reason"],
        fields["id"],
        fields["log_emptied"],
        fields.get("files"),  # receipts of a version before have none
    )


def with_what_is_to_go(receipt: Receipt, tally: Tally) -> Receipt:
    """The receipt as it is kept while something is pending, of which it counts what is to go."""
    images = tally.images if receipt.files == "pending" else receipt.removed.images
    pending = receipt.index == "pending"
    entries = tally.index_entries if pending else receipt.removed.index_entries
    return replace(receipt, removed=replace(receipt.removed, images=images, index_entries=entries))


def signed_text(receipt: Mapping[str, Any]) -> bytes:
    """The bytes that were signed of a receipt that was read from JSON."""
    return canonical(receipt).encode()
