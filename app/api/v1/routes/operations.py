"""Corrections of who is who, and undoing them."""

from typing import Annotated

from fastapi import APIRouter, Depends

from app.answers.corrections import Moved, Operation, Undone
from app.answers.gallery import Page
from app.api.kit.access import Browse, Cases, MergeSubjects
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.paths import CollectionInPath, IfMatch, OperationInPath
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, JSON_PROBLEMS, responses
from app.api.v1.schemas.gallery import MovedFaces
from app.domain.errors.requests import InvalidRequestError

router = APIRouter(prefix="/collections/{collection}", tags=["operations"])


@router.post(
    "/faces/move",
    openapi_extra=documented(MovedFaces),
    responses=responses(
        "collection-full",
        *JSON_PROBLEMS,
        "unknown-collection",
        "unknown-subject",
        "unknown-face",
        "duplicate-subject",
        "subject-restricted",
        "changed-meanwhile",
    ),
)
def move_faces(
    collection: CollectionInPath,
    caller: MergeSubjects,
    body: Annotated[MovedFaces, Depends(json_body(MovedFaces))],
    cases: Cases,
    if_match: IfMatch = None,
) -> Moved:
    """Give faces to another subject, or split them off as a new one.

    All of them or none. Undone by `operation_id` within 30 days. `If-Match` is of the subject that
    they are given to.
    """
    if body.new_subject is None:
        to = body.subject_id or ""
        moved = cases.corrections.move_faces(collection, body.face_ids, to, if_match=if_match)
        return Moved.of(moved)
    if if_match is not None:
        raise InvalidRequestError(
            "If-Match names a version of the subject that faces are given to; a new one has none.",
            hint="Leave it out.",
        )
    return Moved.of(cases.corrections.split(collection, body.face_ids, body.new_subject))


@router.get(
    "/operations", responses=responses(*COMMON_PROBLEMS, "unknown-collection", "invalid-cursor")
)
def list_operations(
    collection: CollectionInPath,
    caller: Browse,
    cases: Cases,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Operation]:
    """Corrections of the last 30 days, newest first."""
    rows = cases.corrections.list(collection, before=after(cursor), limit=limit + 1)
    return page(rows, limit, Operation.of, lambda row: row.operation.id)


@router.post(
    "/operations/{operation}/undo",
    responses=responses(
        "collection-full",
        *CHANGE_PROBLEMS,
        "unknown-collection",
        "unknown-operation",
        "operation-undone",
        "operation-superseded",
        "duplicate-subject",
        "subject-restricted",
    ),
)
def undo(
    collection: CollectionInPath, operation: OperationInPath, caller: MergeSubjects, cases: Cases
) -> Undone:
    """Undo a correction as a whole. Later ones of the same faces have to be undone first."""
    return Undone.of(cases.corrections.undo(collection, operation))
