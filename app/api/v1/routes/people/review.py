"""Suggestions about who is who, and answers to them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status

from app.answers.gallery import Page
from app.answers.jobs import Job
from app.answers.upkeep.review import Answered, Suggestion
from app.api.kit.access import Browse, Cases, ChangeSubjects, MergeSubjects
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.paths import CollectionInPath
from app.api.v1.problems import (
    COMMON_PROBLEMS,
    IMAGE_STORE_PROBLEMS,
    JSON_PROBLEMS,
    ORDER_PROBLEMS,
    responses,
)
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.review import Accepted, NewSuggestions, Refused
from app.domain.errors.requests import InvalidCursorError
from app.services.jobs.parameters import to_json
from app.services.people.review.finding import SUGGESTING

router = APIRouter(prefix="/collections/{collection}", tags=["review"])

SuggestionInPath = Annotated[
    str,
    Path(
        max_length=64,
        description="The suggestion's id.",
        examples=["5f2b9c1d0a7e4c3f8b6d5e4f3a2b1c0d"],
    ),
]


@router.get(
    "/review", responses=responses(*COMMON_PROBLEMS, "unknown-collection", "invalid-cursor")
)
def list_suggestions(
    collection: CollectionInPath,
    caller: Browse,
    cases: Cases,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Suggestion]:
    """Suggestions that wait for an answer, the likeliest first.

    Groups that are a subject, subjects that are one, faces that are not their subject's, strangers
    who are seen often. Those of groups are found anew after each naming, all of them within an hour
    of a change, and when that is ordered.
    """
    rows = cases.reviews.list(collection, after=_after(cursor), limit=limit + 1)
    return page(
        rows,
        limit,
        Suggestion.of,
        lambda row: _position(row.stored.suggestion.likelihood, row.stored.id),
    )


@router.post(
    "/review",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewSuggestions),
    responses=responses(*JSON_PROBLEMS, *ORDER_PROBLEMS, "unknown-collection", "job-underway"),
)
def find(
    collection: CollectionInPath,
    caller: ChangeSubjects,
    body: Annotated[NewSuggestions, Depends(json_body(NewSuggestions))],
    cases: Cases,
    response: Response,
) -> Job:
    """Look for suggestions now, as a job. What was refused is not suggested again."""
    wanted = cases.suggestions.plan(collection)
    job = cases.jobs.submit(
        SUGGESTING, caller, parameters=to_json(wanted), collection_id=wanted.collection_id
    )
    return accepted(job, response)


@router.post(
    "/review/{suggestion}/accept",
    openapi_extra=documented(Accepted),
    responses=responses(
        *JSON_PROBLEMS,
        "unknown-collection",
        "unknown-suggestion",
        "unknown-group",
        "unknown-subject",
        "unknown-face",
        "duplicate-subject",
        "encoder-mismatch",
        "index-unavailable",
        "collection-full",
        *IMAGE_STORE_PROBLEMS,
        "subject-restricted",
        "consent-required",
    ),
)
def accept(
    collection: CollectionInPath,
    suggestion: SuggestionInPath,
    caller: MergeSubjects,
    body: Annotated[Accepted, Depends(json_body(Accepted))],
    cases: Cases,
) -> Answered:
    """Do what is suggested: name the group, merge the subjects, or give the face to whose it is.

    A stranger without a name, and a face that is nobody's, become a new subject.
    """
    done = cases.reviews.accept(
        collection, suggestion, subject_id=body.subject_id, new_subject=body.new_subject
    )
    return Answered.of(done)


@router.post(
    "/review/{suggestion}/refuse",
    openapi_extra=documented(Refused),
    responses=responses(*JSON_PROBLEMS, "unknown-collection", "unknown-suggestion"),
)
def refuse(
    collection: CollectionInPath,
    suggestion: SuggestionInPath,
    caller: ChangeSubjects,
    body: Annotated[Refused, Depends(json_body(Refused))],
    cases: Cases,
) -> Answered:
    """Never suggest it again. A group that is not the subject gives it negatives, which
    recognition heeds; a stranger is ignored. Undone by `operation_id` within 30 days.
    """
    return Answered.of(cases.reviews.refuse(collection, suggestion))


def _position(likelihood: float, suggestion_id: str) -> str:
    return f"{likelihood!r}:{suggestion_id}"


def _after(cursor: str | None) -> tuple[float, str] | None:
    position = after(cursor)
    if position is None:
        return None
    likelihood, _, suggestion_id = position.partition(":")
    try:
        return float(likelihood), suggestion_id
    except ValueError as error:
        raise InvalidCursorError(
            "The cursor is not one that this list gave out.", hint="Leave it out to start anew."
        ) from error
