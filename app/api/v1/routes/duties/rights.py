"""Rights of subjects: consent, restriction, retention, and a copy of everything kept of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from fastapi.responses import StreamingResponse

from app.answers.duties.rights import RetentionRun, Rights
from app.answers.jobs import Job
from app.api.kit.access import Admin, Browse, Cases, ChangeSubjects, ExportSubject
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import CollectionInPath, SubjectInPath
from app.api.v1.problems import (
    CHANGE_PROBLEMS,
    COMMON_PROBLEMS,
    JSON_PROBLEMS,
    ORDER_PROBLEMS,
    responses,
)
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.rights import NewRetentionRun, RightsChanges
from app.services.jobs.parameters import to_json
from app.services.people.retention_jobs import RETENTION, RetentionParameters

router = APIRouter(prefix="/collections/{collection}", tags=["rights"])
_SUBJECT = ("unknown-collection", "unknown-subject")


@router.get("/subjects/{subject}/rights", responses=responses(*COMMON_PROBLEMS, *_SUBJECT))
def get_rights(
    collection: CollectionInPath, subject: SubjectInPath, caller: Browse, cases: Cases
) -> Rights:
    """The basis on which the subject is kept, for how long, and whether it is restricted."""
    return Rights.of(cases.subject_rights.get(collection, subject))


@router.patch(
    "/subjects/{subject}/rights",
    openapi_extra=documented(RightsChanges),
    responses=responses(*JSON_PROBLEMS, *_SUBJECT),
)
def change_rights(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: ChangeSubjects,
    body: Annotated[RightsChanges, Depends(json_body(RightsChanges))],
    cases: Cases,
) -> Rights:
    """Record or withdraw consent, restrict the subject, or say how long it is kept."""
    changes = body.model_dump(exclude_unset=True)
    return Rights.of(cases.subject_rights.change(collection, subject, changes))


@router.get(
    "/subjects/{subject}/export",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/zip": {}}, "description": "Everything kept of them."},
        **responses(*COMMON_PROBLEMS, *_SUBJECT),
    },
)
def export_subject(
    collection: CollectionInPath, subject: SubjectInPath, caller: ExportSubject, cases: Cases
) -> StreamingResponse:
    """A zip of the subject's data, pictures, and every line of the audit record about them."""
    pieces = cases.subject_exporter.export(collection, subject)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="subject.zip"',
    }
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


@router.get("/retention", responses=responses(*COMMON_PROBLEMS, "unknown-collection"))
def list_expired(collection: CollectionInPath, caller: Admin, cases: Cases) -> RetentionRun:
    """Whom the next run of retention would erase; servers run it every hour."""
    return RetentionRun.of(cases.retention.run(collection, dry_run=True), dry_run=True)


@router.post(
    "/retention",
    responses=responses(*CHANGE_PROBLEMS, "unknown-collection", "index-unavailable"),
)
def run_retention(collection: CollectionInPath, caller: Admin, cases: Cases) -> RetentionRun:
    """Erase now whose time is over, each with a receipt."""
    return RetentionRun.of(cases.retention.run(collection), dry_run=False)


@router.post(
    "/retention/jobs",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewRetentionRun),
    responses=responses(*JSON_PROBLEMS, *ORDER_PROBLEMS, "unknown-collection", "job-underway"),
)
def order_retention(
    collection: CollectionInPath,
    caller: Admin,
    body: Annotated[NewRetentionRun, Depends(json_body(NewRetentionRun))],
    cases: Cases,
    response: Response,
) -> Job:
    """Erase whose time is over as a job, however many they are; its result is that of `POST`."""
    wanted = RetentionParameters(cases.collections.get(collection).id, body.limit)
    job = cases.jobs.submit(
        RETENTION, caller, parameters=to_json(wanted), collection_id=wanted.collection_id
    )
    return accepted(job, response)
