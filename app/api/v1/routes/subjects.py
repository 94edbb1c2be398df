"""Subjects of a collection."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response, status

from app.answers.corrections import Merged
from app.answers.gallery import Page, Receipt, Subject
from app.api.kit.access import Browse, Cases, ChangeSubjects, Enroll, Erase, MergeSubjects
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.paths import CollectionInPath, DryRun, IfMatch, SubjectInPath
from app.api.v1.problems import (
    CHANGE_PROBLEMS,
    COMMON_PROBLEMS,
    DATE_PROBLEMS,
    JSON_PROBLEMS,
    MODEL_PROBLEMS,
    responses,
)
from app.api.v1.schemas.gallery import Merge, NewSubject, SubjectChanges
from app.api.v1.schemas.instants import Instant
from app.domain.metadata import written_conditions
from app.domain.people.listing import ConsentState, SubjectFilter

router = APIRouter(prefix="/collections/{collection}/subjects", tags=["subjects"])

_PROBLEMS = (*COMMON_PROBLEMS, "unknown-collection")
_CHANGE_PROBLEMS = (*JSON_PROBLEMS, "unknown-collection", "duplicate-subject")
_BIRTH_DATE_PROBLEMS = (*DATE_PROBLEMS, *MODEL_PROBLEMS)


Faces = Annotated[int | None, Query(ge=0, le=1_000_000)]


def _wanted(
    name: Annotated[str | None, Query(max_length=2_000, description="The whole name.")] = None,
    external_id: Annotated[str | None, Query(max_length=2_000)] = None,
    name_prefix: Annotated[str | None, Query(max_length=200)] = None,
    where: Annotated[
        str | None,
        Query(
            max_length=2_000,
            description="Metadata that they have, with exactly these values, as a JSON object.",
            examples=['{"department": "sales"}'],
        ),
    ] = None,
    min_faces: Annotated[Faces, Query(description="Faces that they have at least.")] = None,
    max_faces: Annotated[Faces, Query(description="At most; 0: who has none.")] = None,
    restricted: Annotated[bool | None, Query(description="Whether they are restricted.")] = None,
    consent: Annotated[
        ConsentState | None,
        Query(description="The basis they are kept on: none is recorded, it holds, it has ended."),
    ] = None,
    since: Annotated[Instant | None, Query(description="When made, inclusive.")] = None,
    until: Annotated[Instant | None, Query(description="When made, exclusive.")] = None,
) -> SubjectFilter:
    return SubjectFilter(
        name=name,
        external_id=external_id,
        name_prefix=name_prefix,
        where={} if where is None else written_conditions(where),
        min_faces=min_faces,
        max_faces=max_faces,
        restricted=restricted,
        consent=consent,
        since=since,
        until=until,
    )


def _tagged(subject: Subject, response: Response) -> Subject:
    response.headers["ETag"] = f'"{subject.version}"'
    return subject


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=documented(NewSubject),
    responses=responses(*_CHANGE_PROBLEMS, *_BIRTH_DATE_PROBLEMS, "collection-full"),
)
def create(
    collection: CollectionInPath,
    caller: Enroll,
    body: Annotated[NewSubject, Depends(json_body(NewSubject))],
    cases: Cases,
    response: Response,
) -> Subject:
    """Make a subject; its faces are enrolled next."""
    made = cases.subjects.create(
        collection, body.name, external_id=body.external_id, metadata=body.metadata
    )
    return _tagged(Subject.of(made), response)


@router.get("", responses=responses(*_PROBLEMS, "invalid-cursor", "sealed-collection"))
def list_subjects(
    collection: CollectionInPath,
    caller: Browse,
    cases: Cases,
    wanted: Annotated[SubjectFilter, Depends(_wanted)],
    cursor: Cursor = None,
    limit: Limit = 50,
    order: Annotated[Literal["oldest", "newest"], Query(description="By their making.")] = "oldest",
) -> Page[Subject]:
    """Subjects, all of them or those that meet every condition. `name_prefix`, the beginning of a
    name, is refused by a sealed collection.
    """
    rows = cases.subjects.list(
        collection, wanted, after=after(cursor), limit=limit + 1, newest_first=order == "newest"
    )
    return page(rows, limit, Subject.of, lambda row: row.subject.id)


@router.get("/{subject}", responses=responses(*_PROBLEMS, "unknown-subject"))
def get(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: Browse,
    cases: Cases,
    response: Response,
) -> Subject:
    """One subject."""
    return _tagged(Subject.of(cases.subjects.get(collection, subject)), response)


@router.patch(
    "/{subject}",
    openapi_extra=documented(SubjectChanges),
    responses=responses(
        *_CHANGE_PROBLEMS, *_BIRTH_DATE_PROBLEMS, "unknown-subject", "changed-meanwhile"
    ),
)
def update(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: ChangeSubjects,
    body: Annotated[SubjectChanges, Depends(json_body(SubjectChanges))],
    cases: Cases,
    response: Response,
    if_match: IfMatch = None,
) -> Subject:
    """Change name, external id or metadata."""
    changes = body.model_dump(exclude_unset=True)
    changed = cases.subjects.update(collection, subject, changes, if_match=if_match)
    return _tagged(Subject.of(changed), response)


@router.post(
    "/{subject}/merge",
    openapi_extra=documented(Merge),
    responses=responses(
        *_CHANGE_PROBLEMS,
        "unknown-subject",
        "subject-restricted",
        "index-unavailable",
        "changed-meanwhile",
    ),
)
def merge(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: MergeSubjects,
    body: Annotated[Merge, Depends(json_body(Merge))],
    cases: Cases,
    response: Response,
    if_match: IfMatch = None,
) -> Merged:
    """Take over the faces of another subject, which is then removed.

    Undone by `operation_id` within 30 days.
    """
    merged = cases.corrections.merge(collection, subject, body.subject_id, if_match=if_match)
    shown = Merged.of_merge(merged)
    _tagged(shown, response)
    return shown


@router.delete(
    "/{subject}",
    responses=responses(
        *CHANGE_PROBLEMS, "unknown-collection", "unknown-subject", "index-unavailable"
    ),
)
def erase(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: Erase,
    cases: Cases,
    dry_run: DryRun = False,
) -> Receipt:
    """Erase the subject: images, templates, index entries, stored answers."""
    receipt = cases.erasure.subject(collection, subject, dry_run=dry_run)
    return Receipt.of(receipt, dry_run=dry_run)
