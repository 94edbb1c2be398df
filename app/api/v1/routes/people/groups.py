"""Groups of faces that nobody has named."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.answers.jobs import Job
from app.answers.people import ChangedGroup, Discarded, GroupPage, GroupSummary, Named
from app.api.kit.access import Browse, Cases, ChangeSubjects, Erase
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.paths import CollectionInPath, GroupInPath, IfMatch
from app.api.v1.problems import (
    CHANGE_PROBLEMS,
    COMMON_PROBLEMS,
    IMAGE_STORE_PROBLEMS,
    JSON_PROBLEMS,
    ORDER_PROBLEMS,
    responses,
)
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.gallery import (
    GroupIgnored,
    GroupMerge,
    GroupName,
    GroupSplit,
    NewRegrouping,
)
from app.domain.errors.requests import InvalidCursorError
from app.services.jobs.parameters import to_json
from app.services.people.regrouping import REGROUPING

router = APIRouter(prefix="/collections/{collection}", tags=["groups"])


_GROUP_PROBLEMS = ("unknown-collection", "unknown-group")
_CHANGED_GROUP_PROBLEMS = (*_GROUP_PROBLEMS, "changed-meanwhile")


def _tagged(group: GroupSummary, response: Response) -> None:
    response.headers["ETag"] = f'"{group.version}"'


@router.get(
    "/groups", responses=responses(*COMMON_PROBLEMS, "unknown-collection", "invalid-cursor")
)
def list_groups(
    collection: CollectionInPath,
    caller: Browse,
    cases: Cases,
    cursor: Cursor = None,
    limit: Limit = 50,
    ignored: Annotated[bool, Query(description="Those that are ignored, instead.")] = False,
) -> GroupPage:
    """Faces without a name by person, as far as they are alike, the largest group first.

    The faces of one are the sightings with `group`, those in none the sightings with `alone`.
    """
    rows = cases.group_pages.page(
        collection, ignored=ignored, after=_after_group(cursor), limit=limit + 1
    )
    shown = page(rows, limit, GroupSummary.of, lambda row: f"{row.group.size}:{row.group.id}")
    waiting = cases.group_pages.waiting(collection)
    return GroupPage(items=shown.items, next_cursor=shown.next_cursor, waiting=waiting)


@router.get("/groups/{group}", responses=responses(*COMMON_PROBLEMS, *_GROUP_PROBLEMS))
def get(
    collection: CollectionInPath,
    group: GroupInPath,
    caller: Browse,
    cases: Cases,
    response: Response,
) -> GroupSummary:
    """One group."""
    shown = GroupSummary.of(cases.group_pages.get(collection, group))
    _tagged(shown, response)
    return shown


@router.post(
    "/groups/{group}/split",
    openapi_extra=documented(GroupSplit),
    responses=responses(*JSON_PROBLEMS, *_CHANGED_GROUP_PROBLEMS),
)
def split(
    collection: CollectionInPath,
    group: GroupInPath,
    caller: ChangeSubjects,
    body: Annotated[GroupSplit, Depends(json_body(GroupSplit))],
    cases: Cases,
    response: Response,
    if_match: IfMatch = None,
) -> ChangedGroup:
    """Give some of the group's faces a group of their own, which is the answer.

    Undone by `operation_id` within 30 days.
    """
    changed = cases.group_pages.split(collection, group, body.sighting_ids, if_match=if_match)
    shown = ChangedGroup.of_change(changed)
    _tagged(shown, response)
    return shown


@router.post(
    "/groups/{group}/merge",
    openapi_extra=documented(GroupMerge),
    responses=responses(*JSON_PROBLEMS, *_CHANGED_GROUP_PROBLEMS),
)
def merge(
    collection: CollectionInPath,
    group: GroupInPath,
    caller: ChangeSubjects,
    body: Annotated[GroupMerge, Depends(json_body(GroupMerge))],
    cases: Cases,
    response: Response,
    if_match: IfMatch = None,
) -> ChangedGroup:
    """Have another group's faces join this one; they show one person.

    Undone by `operation_id` within 30 days.
    """
    changed = cases.group_pages.merge(collection, group, body.group_id, if_match=if_match)
    shown = ChangedGroup.of_change(changed)
    _tagged(shown, response)
    return shown


@router.post(
    "/groups/{group}/ignore",
    openapi_extra=documented(GroupIgnored),
    responses=responses(*JSON_PROBLEMS, *_CHANGED_GROUP_PROBLEMS),
)
def ignore(
    collection: CollectionInPath,
    group: GroupInPath,
    caller: ChangeSubjects,
    body: Annotated[GroupIgnored, Depends(json_body(GroupIgnored))],
    cases: Cases,
    response: Response,
    if_match: IfMatch = None,
) -> ChangedGroup:
    """Leave the group out of the list, whoever joins it; or list it again.

    Undone by `operation_id` within 30 days.
    """
    changed = cases.group_pages.ignore(collection, group, ignored=body.ignored, if_match=if_match)
    shown = ChangedGroup.of_change(changed)
    _tagged(shown, response)
    return shown


@router.post(
    "/groups/regroup",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewRegrouping),
    responses=responses(*JSON_PROBLEMS, *ORDER_PROBLEMS, "unknown-collection", "job-underway"),
)
def regroup(
    collection: CollectionInPath,
    caller: ChangeSubjects,
    body: Annotated[NewRegrouping, Depends(json_body(NewRegrouping))],
    cases: Cases,
    response: Response,
) -> Job:
    """Group all faces without a name anew. Groups made by hand stay as they are; the others keep
    their ids where most of their faces stay together.
    """
    wanted = cases.regrouper.plan(collection)
    job = cases.jobs.submit(
        REGROUPING, caller, parameters=to_json(wanted), collection_id=wanted.collection_id
    )
    return accepted(job, response)


@router.post(
    "/groups/{group}/assign",
    openapi_extra=documented(GroupName),
    responses=responses(
        *JSON_PROBLEMS,
        "unknown-collection",
        "unknown-group",
        "changed-meanwhile",
        "unknown-subject",
        "duplicate-subject",
        "encoder-mismatch",
        "index-unavailable",
        "collection-full",
        *IMAGE_STORE_PROBLEMS,
        "subject-restricted",
        "consent-required",
    ),
)
def assign(
    collection: CollectionInPath,
    group: GroupInPath,
    caller: ChangeSubjects,
    body: Annotated[GroupName, Depends(json_body(GroupName))],
    cases: Cases,
    if_match: IfMatch = None,
) -> Named:
    """Enroll the group's faces into a subject, one that there is or a new one.

    Undone by `operation_id` within 30 days: the faces are of their group again, and what was
    matched because of them is nobody's again.
    """
    named = cases.groups.assign(
        collection,
        group,
        subject_id=body.subject_id,
        new_subject=body.new_subject,
        if_match=if_match,
    )
    return Named.of(named)


@router.delete("/groups/{group}", responses=responses(*CHANGE_PROBLEMS, *_CHANGED_GROUP_PROBLEMS))
def discard(
    collection: CollectionInPath,
    group: GroupInPath,
    caller: Erase,
    cases: Cases,
    if_match: IfMatch = None,
) -> Discarded:
    """Erase the group's faces and their pictures."""
    faces = cases.groups.discard(collection, group, if_match=if_match)
    return Discarded(group_id=group, faces=faces)


def _after_group(cursor: str | None) -> tuple[int, str] | None:
    position = after(cursor)
    if position is None:
        return None
    size, _, group_id = position.partition(":")
    if not (size.isascii() and size.isdigit() and len(size) < 10):
        raise InvalidCursorError(
            "The cursor is not one that this list gave out.", hint="Leave it out to start anew."
        )
    return int(size), group_id
