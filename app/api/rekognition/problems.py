"""Errors by their types, with the sentences that clients compare."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi.responses import JSONResponse

from app.api.kit.problems import Problem
from app.platform.request_context import current_request

MEDIA_TYPE = "application/x-amz-json-1.1"
NO_FACES = "There are no faces in the image. Should be at least 1."
_PASSING = frozenset(
    {
        "overloaded",
        "queue-full",
        "deadline-exceeded",
        "database-locked",
        "images-unavailable",
        "too-many-jobs",
        "request-timeout",
    }
)

_INVALID = "InvalidParameterException"
_FORMAT = "InvalidImageFormatException"
_TOO_LARGE = "ImageTooLargeException"
_NOT_FOUND = "ResourceNotFoundException"
_TYPES: Mapping[str, str] = {
    "missing-key": "MissingAuthenticationTokenException",
    "invalid-key": "UnrecognizedClientException",
    "expired-key": "ExpiredTokenException",
    "invalid-signature": "InvalidSignatureException",
    "expired-signature": "InvalidSignatureException",
    "replayed-request": "InvalidSignatureException",
    "insufficient-scope": "AccessDeniedException",
    "foreign-host": "AccessDeniedException",
    "foreign-origin": "AccessDeniedException",
    "unknown-target": "UnknownOperationException",
    "method-not-allowed": "UnknownOperationException",
    "not-found": "UnknownOperationException",
    "unsupported-media-type": "UnknownOperationException",
    "invalid-json": "SerializationException",
    "invalid-cursor": "InvalidPaginationTokenException",
    "empty-image": _FORMAT,
    "not-an-image": _FORMAT,
    "truncated-image": _FORMAT,
    "animated-image": _FORMAT,
    "invalid-base64": "SerializationException",
    "image-too-large": _TOO_LARGE,
    "too-many-pixels": _TOO_LARGE,
    "image-too-demanding": _TOO_LARGE,
    "request-too-large": _TOO_LARGE,
    "unreadable-object": "InvalidS3ObjectException",
    "unknown-collection": _NOT_FOUND,
    "unknown-subject": _NOT_FOUND,
    "subject-without-faces": _NOT_FOUND,
    "duplicate-collection": "ResourceAlreadyExistsException",
    "duplicate-subject": "ConflictException",
    "idempotency-conflict": "IdempotentParameterMismatchException",
    "encoder-mismatch": "ConflictException",
    "storage-full": "ServiceQuotaExceededException",
    "collection-full": "ServiceQuotaExceededException",
    **dict.fromkeys(_PASSING, "ThrottlingException"),
}
_SENTENCES: Mapping[str, Callable[[Problem], str]] = {
    "no-face": lambda problem: NO_FACES,
    "unknown-collection": lambda problem: (
        f"The collection id: {problem.data.get('collection', '')} does not exist"
    ),
    "duplicate-collection": lambda problem: (
        f"The collection id: {problem.data.get('collection', '')} already exists"
    ),
    "unknown-face": lambda problem: "faceId was not found in the collection.",
    "not-an-image": lambda problem: "Request has invalid image format",
}


def answer(problem: Problem) -> JSONResponse:
    """The problem as this format has it: 400, or 5xx for the server's own trouble."""
    sentence = _SENTENCES.get(problem.code)
    message = sentence(problem) if sentence else f"{problem.detail} {problem.hint}".strip()
    status = problem.status if problem.status >= 500 else 400
    kind = _TYPES.get(problem.code) or _otherwise(problem.status)
    body = {"__type": kind, "message": message}
    return respond(body, status, dict(problem.headers))


def respond(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An answer of the format, with the request's id where its clients look for it."""
    named = {"x-amzn-requestid": current_request().request_id, **(headers or {})}
    return JSONResponse(body, status, named, media_type=MEDIA_TYPE)


def _otherwise(status: int) -> str:
    if status == 429:
        return "ProvisionedThroughputExceededException"
    return "InternalServerError" if status >= 500 else _INVALID
