"""Enrolled faces: enrol, list, look at, erase."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response, status
from fastapi.responses import JSONResponse

from app.answers.enrolment import Enrolment
from app.answers.gallery import Face, Page, Receipt
from app.api.kit.access import Browse, Cases, Enroll, Erase, LookAtPictures
from app.api.kit.admission import admit
from app.api.kit.body.reading import documented
from app.api.kit.problems import problem_of
from app.api.v1.paging import Cursor, Limit, after_number, page
from app.api.v1.paths import CollectionInPath, DryRun, FaceInPath, SubjectInPath
from app.api.v1.problems import (
    CHANGE_PROBLEMS,
    COMMON_PROBLEMS,
    ENROLMENT_PROBLEMS,
    IMAGE_STORE_PROBLEMS,
    PICTURE_PROBLEMS,
    answer,
    responses,
)
from app.api.v1.schemas.requests import EnrolRequest
from app.services.enrolling.enrolment import EnrolmentOutcome
from app.services.enrolling.judging import EnrolmentResult
from app.services.gallery.idempotency import Idempotency, StoredAnswer
from app.services.keys import Principal

router = APIRouter(prefix="/collections/{collection}", tags=["faces"])

WIRE_FORMAT = "native"
"""Its name where answers are stored."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        pattern=r"^[!-~]+$",
        max_length=200,
        description="Makes a repeated request harmless: it gets the first answer, for 24 hours.",
    ),
]
_FACE_PROBLEMS = ("unknown-collection", "unknown-face")
_PROBLEMS = (*COMMON_PROBLEMS, *_FACE_PROBLEMS)


@router.post(
    "/subjects/{subject}/faces",
    status_code=status.HTTP_201_CREATED,
    response_model=Enrolment,
    openapi_extra=documented(EnrolRequest),
    responses=responses(*PICTURE_PROBLEMS, *ENROLMENT_PROBLEMS),
)
async def enrol(
    request: Request,
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: Enroll,
    cases: Cases,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Enrol images: one answer each. When all are refused, the first refusal is the status.

    A picture that the subject has already is answered with its face and not stored again; with
    nothing else to store the status is 200.
    """
    body, admission = await admit(request, EnrolRequest)
    outcome = await admission.run(
        cases.enroller.enrol,
        collection,
        subject,
        body.images,
        body.options(),
        stored(caller, idempotency_key),
    )
    return enrolment_response(outcome)


def stored(
    caller: Principal, idempotency_key: str | None
) -> Idempotency[Sequence[EnrolmentResult]] | None:
    """The way in which an enrolment's answer is kept for its repetition; None without a key."""
    if idempotency_key is None:
        return None
    return Idempotency(caller.key_id, idempotency_key, WIRE_FORMAT, _stored_answer)


def _stored_answer(results: Sequence[EnrolmentResult]) -> StoredAnswer:
    body = Enrolment.of(results).model_dump(mode="json")
    return StoredAnswer(status.HTTP_201_CREATED if body["enrolled"] else status.HTTP_200_OK, body)


def enrolment_response(outcome: EnrolmentOutcome) -> Response:
    """One answer per image; when all are refused, the first refusal is the status."""
    if outcome.replayed is not None:
        first = outcome.replayed
        return JSONResponse(first.body, first.status, {"Idempotency-Replayed": "true"})
    given = _stored_answer(outcome.results)
    refusal = outcome.results[0].error
    if refusal is not None and not given.body["enrolled"] and not given.body["already_enrolled"]:
        return answer(problem_of(refusal, results=given.body["results"]))
    return JSONResponse(given.body, given.status)


@router.get(
    "/faces",
    responses=responses(
        *COMMON_PROBLEMS, "unknown-collection", "unknown-subject", "invalid-cursor"
    ),
)
def list_faces(
    collection: CollectionInPath,
    caller: Browse,
    cases: Cases,
    subject: Annotated[str | None, Query(max_length=64, description="Only this one's.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Face]:
    """Enrolled faces, oldest first."""
    rows = cases.faces.list(
        collection, subject_id=subject, after=after_number(cursor), limit=limit + 1
    )
    return page(rows, limit, Face.of, lambda row: str(row.id))


@router.get("/faces/{face:int}", responses=responses(*_PROBLEMS))
def get(collection: CollectionInPath, face: FaceInPath, caller: Browse, cases: Cases) -> Face:
    """One face, without its template."""
    return Face.of(cases.faces.get(collection, face))


@router.get(
    "/faces/{face:int}/image",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The kept image."},
        **responses(*_PROBLEMS, *IMAGE_STORE_PROBLEMS, "image-not-kept", "seal-broken"),
    },
)
def image(
    collection: CollectionInPath, face: FaceInPath, caller: LookAtPictures, cases: Cases
) -> Response:
    """The kept picture of the face, if the collection keeps them."""
    data = cases.faces.image(collection, face)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.delete(
    "/faces/{face:int}", responses=responses(*CHANGE_PROBLEMS, *_FACE_PROBLEMS, "index-unavailable")
)
def erase(
    collection: CollectionInPath,
    face: FaceInPath,
    caller: Erase,
    cases: Cases,
    dry_run: DryRun = False,
) -> Receipt:
    """Erase one face: image, template, index entry, stored answers."""
    return Receipt.of(cases.erasure.face(collection, face, dry_run=dry_run), dry_run=dry_run)
