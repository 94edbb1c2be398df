"""Kept faces that are not of a subject, as somebody has said."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from app.answers.gallery import Page
from app.answers.upkeep.review import Denied, Forgotten, Negative
from app.api.kit.access import Browse, Cases, ChangeSubjects
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.paths import CollectionInPath, SubjectInPath
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, JSON_PROBLEMS, responses
from app.api.v1.schemas.review import NewNegatives

router = APIRouter(
    prefix="/collections/{collection}/subjects/{subject}/negatives", tags=["negatives"]
)

NegativeInPath = Annotated[
    str,
    Path(
        max_length=64,
        description="The negative's id.",
        examples=["019a0c0f5b7c0123456789abcdef0123"],
    ),
]


@router.get(
    "",
    responses=responses(
        *COMMON_PROBLEMS, "unknown-collection", "unknown-subject", "invalid-cursor"
    ),
)
def list_negatives(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: Browse,
    cases: Cases,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Negative]:
    """Kept faces that are not the subject's, as somebody has said, the oldest first."""
    rows = cases.negatives.list(collection, subject, after=after(cursor), limit=limit + 1)
    return page(rows, limit, Negative.of, lambda row: row.id)


@router.post(
    "",
    openapi_extra=documented(NewNegatives),
    responses=responses(
        *JSON_PROBLEMS, "unknown-collection", "unknown-subject", "unknown-face", "unknown-sighting"
    ),
)
def deny(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: ChangeSubjects,
    body: Annotated[NewNegatives, Depends(json_body(NewNegatives))],
    cases: Cases,
) -> Denied:
    """Say that kept faces are not the subject's.

    From now on whoever is nearer to one of them than to the subject's own faces is not the
    subject. Each lasts as long as its face is kept. Undone by `operation_id` within 30 days.
    """
    done = cases.negatives.deny(
        collection, subject, face_ids=body.face_ids, sighting_ids=body.sighting_ids
    )
    return Denied.of(done)


@router.delete(
    "/{negative}",
    responses=responses(
        *CHANGE_PROBLEMS, "unknown-collection", "unknown-subject", "unknown-negative"
    ),
)
def forget(
    collection: CollectionInPath,
    subject: SubjectInPath,
    negative: NegativeInPath,
    caller: ChangeSubjects,
    cases: Cases,
) -> Forgotten:
    """Take one back."""
    cases.negatives.forget(collection, subject, negative)
    return Forgotten(negative_id=negative)
