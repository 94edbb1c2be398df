"""Recordings: recognise the people in one, or enrol somebody from it."""

from fastapi import APIRouter, Request, Response, status

from app.answers.enrolment import Enrolment
from app.answers.sequences import SequenceRecognition
from app.api.kit.access import Cases, Enroll, Recognize
from app.api.kit.admission import admit
from app.api.kit.body.reading import documented
from app.api.v1.paths import CollectionInPath
from app.api.v1.problems import (
    DECISION_PROBLEMS,
    ENROLMENT_PROBLEMS,
    RECORDING_PROBLEMS,
    responses,
)
from app.api.v1.routes.faces import IdempotencyKey, enrolment_response, stored
from app.api.v1.schemas.sequences import SequenceEnrolRequest, SequenceRecognizeRequest

router = APIRouter(prefix="/collections/{collection}/sequences", tags=["sequences"])


@router.post(
    "/recognize",
    openapi_extra=documented(SequenceRecognizeRequest),
    responses=responses(
        *RECORDING_PROBLEMS,
        *DECISION_PROBLEMS,
        "unknown-collection",
        "unknown-subject",
    ),
)
async def recognize(
    request: Request, collection: CollectionInPath, caller: Recognize, cases: Cases
) -> SequenceRecognition:
    """Recognize the people in a recording. Frames of one face are a track, with one verdict."""
    body, admission = await admit(request, SequenceRecognizeRequest, heavy=True)
    result = await admission.run(
        cases.recording_recognizer.recognize,
        collection,
        body.recording(),
        body.options(),
        body.tracks(),
    )
    return SequenceRecognition.of(result)


@router.post(
    "/enroll",
    status_code=status.HTTP_201_CREATED,
    response_model=Enrolment,
    openapi_extra=documented(SequenceEnrolRequest),
    responses=responses(*RECORDING_PROBLEMS, *ENROLMENT_PROBLEMS),
)
async def enrol(
    request: Request,
    collection: CollectionInPath,
    caller: Enroll,
    cases: Cases,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Enrol the person of a recording: the track's template, with its best frames.

    One answer per frame, the best first. When all are refused, the first refusal is the status.
    """
    body, admission = await admit(request, SequenceEnrolRequest, heavy=True)
    outcome = await admission.run(
        cases.recording_enroller.enrol,
        collection,
        body.subject,
        body.recording(),
        body.enrolment(),
        stored(caller, idempotency_key),
    )
    return enrolment_response(outcome)
