"""Signed receipts of erasures."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.answers.duties.receipts import ReceiptKey, ReceiptKeys, SignedReceipt
from app.answers.gallery import Page
from app.api.kit.access import Cases, ReadAudit
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.problems import COMMON_PROBLEMS, responses

router = APIRouter(tags=["receipts"])
ReceiptInPath = Annotated[str, Path(max_length=64, description="The receipt's id.")]


@router.get("/receipts", responses=responses(*COMMON_PROBLEMS, "invalid-cursor"))
def list_receipts(
    caller: ReadAudit, cases: Cases, cursor: Cursor = None, limit: Limit = 50
) -> Page[SignedReceipt]:
    """Receipts of erasures, newest first; a bound key is given those of its collection."""
    rows = cases.receipts.list(caller, before=after(cursor), limit=limit + 1)
    return page(rows, limit, SignedReceipt.of, lambda row: row.id)


@router.get("/receipts/{receipt}", responses=responses(*COMMON_PROBLEMS, "unknown-receipt"))
def get_receipt(receipt: ReceiptInPath, caller: ReadAudit, cases: Cases) -> SignedReceipt:
    """One receipt, which `facet receipts verify` checks as a file."""
    return SignedReceipt.of(cases.receipts.get(caller, receipt))


@router.get("/receipt-keys", responses=responses(*COMMON_PROBLEMS))
def list_receipt_keys(caller: ReadAudit, cases: Cases) -> ReceiptKeys:
    """The public keys that receipts are checked by."""
    return ReceiptKeys(items=[ReceiptKey.of(found) for found in cases.receipts.public_keys()])
