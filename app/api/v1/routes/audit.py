"""The audit record: who did what."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.answers.audit import AuditEntry
from app.answers.gallery import Page
from app.api.kit.access import Cases, ReadAudit
from app.api.v1.paging import Cursor, Limit, after_number, page
from app.api.v1.problems import COMMON_PROBLEMS, responses
from app.api.v1.schemas.instants import Instant
from app.domain.auditing.entries import AuditFilter

router = APIRouter(prefix="/audit", tags=["audit"])
Word = Annotated[str | None, Query(max_length=100)]


@router.get("", responses=responses(*COMMON_PROBLEMS, "invalid-cursor"))
def list_entries(
    caller: ReadAudit,
    cases: Cases,
    cursor: Cursor = None,
    limit: Limit = 50,
    key: Word = None,
    action: Word = None,
    outcome: Word = None,
    collection: Word = None,
    subject: Word = None,
    request_id: Word = None,
    since: Annotated[Instant | None, Query(description="The first instant, inclusive.")] = None,
    until: Annotated[Instant | None, Query(description="The last instant, exclusive.")] = None,
) -> Page[AuditEntry]:
    """Entries of the audit record, newest first; a bound key is given those of its collection."""
    wanted = AuditFilter(
        key=key,
        action=action,
        outcome=outcome,
        collection=collection,
        subject=subject,
        request_id=request_id,
        since=since,
        until=until,
    )
    before = after_number(cursor) or None
    rows = cases.audit.list(caller, wanted, before=before, limit=limit + 1)
    return page(rows, limit, AuditEntry.of, lambda row: str(row.seq))
