"""Errors as `application/problem+json` (RFC 9457), from the one table of slugs and statuses."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException

from app.api.kit.addresses import path_within, route_template
from app.api.kit.description import allowed_methods
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import NO_ROOM, StorageFullError
from app.domain.jobs import Failure
from app.platform.failures import tell_once
from models.errors import ReportedError

STATUS: Mapping[str, int] = {
    # images
    "empty-image": 422,
    "not-an-image": 422,
    "truncated-image": 422,
    "animated-image": 422,
    "image-too-large": 413,
    "too-many-pixels": 413,
    "image-too-demanding": 413,
    "too-many-images": 413,
    # recordings
    "not-a-video": 422,
    "damaged-video": 422,
    "no-frames": 422,
    "video-too-large": 413,
    "video-too-long": 413,
    "too-many-frames": 413,
    "video-too-demanding": 413,
    # faces
    "no-face": 422,
    "several-faces": 422,
    "face-too-small": 422,
    "poor-quality": 422,
    "duplicate-face": 409,
    # the gallery
    "unknown-collection": 404,
    "unknown-subject": 404,
    "unknown-face": 404,
    "image-not-kept": 404,
    "subject-without-faces": 409,
    "duplicate-collection": 409,
    "duplicate-subject": 409,
    "encoder-mismatch": 409,
    # styles
    "unknown-style": 404,
    "duplicate-style": 409,
    "too-many-styles": 409,
    # requests
    "invalid-request": 422,
    "invalid-json": 400,
    "invalid-base64": 422,
    "invalid-cursor": 422,
    "invalid-threshold": 422,
    "idempotency-conflict": 409,
    "request-too-large": 413,
    "request-timeout": 408,
    "headers-too-large": 431,
    "invalid-http": 400,
    "foreign-host": 421,
    "foreign-origin": 403,
    "unsupported-media-type": 415,
    "not-found": 404,
    "method-not-allowed": 405,
    # jobs
    "unknown-job": 404,
    "job-not-finished": 409,
    "job-settled": 409,
    "job-cancelled": 409,
    "job-underway": 409,
    "result-expired": 410,
    "too-many-jobs": 429,
    "worker-lost": 409,
    "job-timeout": 409,
    "job-crashed": 409,
    "job-not-started": 409,
    "faces-left-out": 409,
    # dates in texts
    "no-date": 422,
    "ambiguous-date": 422,
    "no-attention": 422,
    "text-too-long": 422,
    "unknown-locale": 422,
    # keys
    "missing-key": 401,
    "invalid-key": 401,
    "expired-key": 401,
    "insufficient-scope": 403,
    "unknown-key": 404,
    # models
    "unknown-model": 404,
    "wrong-task": 422,
    "invalid-manifest": 503,
    "weights-missing": 503,
    "checksum-mismatch": 503,
    "download-failed": 503,
    "invalid-weights": 503,
    "model-exists": 409,
    "encoder-not-ready": 409,
    "index-in-use": 409,
    "unwritable-place": 409,
    # the server's own trouble: passing, so a 503 with Retry-After
    "overloaded": 503,
    "queue-full": 503,
    "deadline-exceeded": 503,
    "storage-full": 503,
    "storage-read-only": 503,
    "database-locked": 503,
    "database-unavailable": 503,
    "index-unavailable": 503,
    "internal-error": 500,
}
BODY_PROBLEMS = (
    "invalid-json",
    "invalid-request",
    "request-too-large",
    "request-timeout",
    "unsupported-media-type",
    "overloaded",
)
"""Codes that reading a body may answer."""
RETRY_AFTER_SECONDS = {
    "overloaded": 1,
    "deadline-exceeded": 1,
    "database-locked": 1,
    "too-many-jobs": 5,
    "queue-full": 10,
}
_RETRY_AFTER_DEFAULT = 30
_MOST_FIELDS, _DEEPEST, _LONGEST_NAME, _LONGEST_MESSAGE = 50, 10, 100, 300
"""Bounds on what is told about wrong fields."""
_HTTP_SLUGS = {404: "not-found", 405: "method-not-allowed", 400: "invalid-request"}

_log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """An error. `code` is stable; the texts may change."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str = ""
    errors: list[dict[str, Any]] | None = Field(None, description="Per field, if it is one.")


def problem_response(
    code: str,
    detail: str,
    *,
    hint: str = "",
    headers: Mapping[str, str] | None = None,
    status: int | None = None,
    **data: Any,
) -> JSONResponse:
    """The answer for a slug, with the status of `STATUS` unless another is given."""
    status = status or STATUS[code]
    fields = {
        "type": f"urn:facet:problem:{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        "hint": hint,
        **data,
    }
    extra = dict(headers or {})
    if status in (429, 503):
        extra["Retry-After"] = str(RETRY_AFTER_SECONDS.get(code, _RETRY_AFTER_DEFAULT))
    if status == 401:
        extra["WWW-Authenticate"] = "Bearer"
    return JSONResponse(fields, status, extra, media_type="application/problem+json")


def reported_error_response(error: ReportedError, **data: Any) -> JSONResponse:
    """The answer for an expected failure."""
    return problem_response(error.slug, error.message, hint=error.hint, **{**error.data, **data})


def failure_response(failure: Failure) -> JSONResponse:
    """The answer for a job that failed earlier.

    A 5xx would say that asking again may help; whatever the server's trouble was then, it does
    not.
    """
    status = STATUS.get(failure.slug, 409)
    return problem_response(
        failure.slug,
        failure.message,
        hint=failure.hint,
        status=status if status < 500 else 409,
        **failure.data,
    )


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""

    @app.exception_handler(ReportedError)
    async def reported(_: Request, error: ReportedError) -> JSONResponse:
        return reported_error_response(error)

    @app.exception_handler(RequestValidationError)
    async def invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
        return reported_error_response(_invalid_fields(error.errors()))

    @app.exception_handler(ValidationError)
    async def invalid_model(_: Request, error: ValidationError) -> JSONResponse:
        return reported_error_response(invalid_fields(error))

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        slug = _HTTP_SLUGS.get(error.status_code, "invalid-request")
        headers = dict(error.headers or {})
        if "Allow" in headers:
            headers["Allow"] = allowed_methods(app, path_within(request.scope)) or headers["Allow"]
        return problem_response(slug, str(error.detail), headers=headers)

    @app.exception_handler(OSError)
    async def system_error(_: Request, error: OSError) -> JSONResponse:
        if error.errno not in NO_ROOM:
            raise error
        return problem_response(
            StorageFullError.slug,
            "There is no room left on the server's disk.",
            hint="Free disk space or raise the quota, then try again.",
        )

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> JSONResponse:
        route = route_template(request.scope)
        _log.error("internal-error", method=request.method, route=route, exc_info=error)
        tell_once(error)
        return problem_response(
            "internal-error",
            "The server made a mistake; it has been logged.",
            hint="Please report it with the time of the request.",
        )


def invalid_fields(error: ValidationError) -> InvalidRequestError:
    """What tells of a model's refusal."""
    return _invalid_fields(
        error.errors(include_url=False, include_context=False, include_input=False)
    )


def _invalid_fields(errors: Sequence[Any]) -> InvalidRequestError:
    """Name the wrong fields, without repeating what was sent, and no more than can be read."""
    fields = [
        {
            "field": ".".join(str(part)[:_LONGEST_NAME] for part in error["loc"][:_DEEPEST]),
            "message": error["msg"][:_LONGEST_MESSAGE],
        }
        for error in errors[:_MOST_FIELDS]
    ]
    detail = "; ".join(f"{field['field']}: {field['message']}" for field in fields)[:2000]
    if len(errors) > len(fields):
        detail += f"; and {len(errors) - len(fields)} fields more"
    return InvalidRequestError(detail, errors=fields)


def responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for the slugs that a route may answer with."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    return {
        status: {
            "model": Problem,
            "description": "Problem: " + ", ".join(slugs),
            "content": {"application/problem+json": {}},
        }
        for status, slugs in sorted(by_status.items())
    }
