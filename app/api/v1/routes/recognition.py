"""Verification, recognition, detection and embedding."""

from fastapi import APIRouter, Request

from app.answers.analysis import Detection, Embeddings
from app.answers.comparisons import Verification
from app.answers.decisions import Recognition
from app.api.kit.access import Cases, Detect, Embed, Recognize, Verify
from app.api.kit.admission import admit
from app.api.kit.body.reading import documented
from app.api.v1.paths import CollectionInPath, SubjectInPath
from app.api.v1.problems import (
    DECISION_PROBLEMS,
    FACE_PROBLEMS,
    PICTURE_PROBLEMS,
    responses,
)
from app.api.v1.schemas.requests import (
    ClaimRequest,
    DetectRequest,
    EmbedRequest,
    RecognizeRequest,
    VerifyRequest,
)

router = APIRouter(tags=["recognition"])


@router.post(
    "/verify",
    openapi_extra=documented(VerifyRequest),
    responses=responses(*PICTURE_PROBLEMS, *DECISION_PROBLEMS, *FACE_PROBLEMS),
)
async def verify(request: Request, caller: Verify, cases: Cases) -> Verification:
    """Compare two images: do they show the same person?"""
    body, admission = await admit(request, VerifyRequest)
    verdict = await admission.run(
        cases.verifier.compare, body.reference, body.probe, body.options(body.encoder)
    )
    return Verification.of(verdict)


@router.post(
    "/collections/{collection}/subjects/{subject}/verify",
    openapi_extra=documented(ClaimRequest),
    responses=responses(
        *PICTURE_PROBLEMS,
        *DECISION_PROBLEMS,
        *FACE_PROBLEMS,
        "unknown-collection",
        "unknown-subject",
        "subject-without-faces",
    ),
)
async def verify_claim(
    request: Request,
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: Verify,
    cases: Cases,
) -> Verification:
    """Compare an image with the subject whom it is claimed to show."""
    body, admission = await admit(request, ClaimRequest)
    verdict = await admission.run(
        cases.verifier.claim, collection, subject, body.image, body.options(body.encoder)
    )
    return Verification.of(verdict)


@router.post(
    "/collections/{collection}/recognize",
    openapi_extra=documented(RecognizeRequest),
    responses=responses(
        *PICTURE_PROBLEMS,
        *DECISION_PROBLEMS,
        "unknown-collection",
        "unknown-subject",
    ),
)
async def recognize(
    request: Request, collection: CollectionInPath, caller: Recognize, cases: Cases
) -> Recognition:
    """Compare every face of an image with the collection: who is it, or nobody?"""
    body, admission = await admit(request, RecognizeRequest)
    result = await admission.run(cases.recognizer.recognize, collection, body.image, body.options())
    return Recognition.of(result)


@router.post(
    "/detect", openapi_extra=documented(DetectRequest), responses=responses(*PICTURE_PROBLEMS)
)
async def detect(request: Request, caller: Detect, cases: Cases) -> Detection:
    """Find every face: box, landmarks, pose and quality."""
    body, admission = await admit(request, DetectRequest)
    return Detection.of(await admission.run(cases.detection.detect, body.image, body.analysis()))


@router.post(
    "/embed",
    openapi_extra=documented(EmbedRequest),
    responses=responses(*PICTURE_PROBLEMS),
)
async def embed(request: Request, caller: Embed, cases: Cases) -> Embeddings:
    """Find every face, and give its embedding."""
    body, admission = await admit(request, EmbedRequest)
    return Embeddings.of(
        await admission.run(cases.detection.embed, body.image, body.analysis(body.encoder))
    )
