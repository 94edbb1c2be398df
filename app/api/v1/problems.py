"""Errors as `application/problem+json` (RFC 9457), and which of them routes may answer."""

from collections.abc import Sequence
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.kit.access import ACCESS_PROBLEMS
from app.api.kit.admission import ADMISSION_PROBLEMS
from app.api.kit.body.reading import BODY_PROBLEMS
from app.api.kit.problem_kinds import STATUS
from app.api.kit.problems import Problem as AnyProblem

PROBLEM_TYPE = "application/problem+json"
SCHEMA = "Problem"
"""Name of the model below in the description."""
CODES = "x-codes"
"""In the description, beside a response: the codes that it may have."""

WRITING_PROBLEMS = ("storage-full", "storage-read-only")
IMAGE_STORE_PROBLEMS = ("images-unavailable", "images-of-another")
"""Codes of routes that keep or show pictures."""
INDEX_PROBLEMS = ("index-unavailable", "encoder-mismatch")
MODEL_PROBLEMS = (
    "unknown-model",
    "wrong-task",
    "invalid-manifest",
    "weights-missing",
    "checksum-mismatch",
    "download-failed",
    "invalid-weights",
)
"""What naming or loading a model may answer."""
COMMON_PROBLEMS = (*ACCESS_PROBLEMS, "invalid-request")
"""Of every route: access, and parameters that are wrong."""
CHANGE_PROBLEMS = (*COMMON_PROBLEMS, *WRITING_PROBLEMS)
JSON_PROBLEMS = (*CHANGE_PROBLEMS, *BODY_PROBLEMS)
"""Of routes that change something as a JSON body says."""
PICTURE_PROBLEMS = (
    *COMMON_PROBLEMS,
    *ADMISSION_PROBLEMS,
    *MODEL_PROBLEMS,
    "empty-image",
    "not-an-image",
    "truncated-image",
    "animated-image",
    "image-too-large",
    "too-many-pixels",
    "image-too-demanding",
    "invalid-base64",
    "storage-full",
)
"""Of routes that look at pictures; a large one is decoded by way of a file."""
RECORDING_PROBLEMS = (
    *PICTURE_PROBLEMS,
    "too-many-images",
    "not-a-video",
    "damaged-video",
    "no-frames",
    "video-too-large",
    "video-too-long",
    "too-many-frames",
    "video-too-demanding",
)
DECISION_PROBLEMS = (
    *INDEX_PROBLEMS,
    "invalid-threshold",
    "encoder-not-ready",
    "outside-policy",
    "subject-restricted",
)
FACE_PROBLEMS = ("no-face", "several-faces")
ENROLMENT_PROBLEMS = (
    *INDEX_PROBLEMS,
    *FACE_PROBLEMS,
    *WRITING_PROBLEMS,
    *IMAGE_STORE_PROBLEMS,
    "face-too-small",
    "poor-quality",
    "duplicate-face",
    "resembles-another",
    "outside-policy",
    "subject-restricted",
    "consent-required",
    "collection-full",
    "too-many-images",
    "unknown-collection",
    "unknown-subject",
    "idempotency-conflict",
)
DATE_PROBLEMS = ("no-date", "ambiguous-date", "text-too-long", "unknown-locale")
ORDER_PROBLEMS = ("too-many-jobs", "queue-full", *WRITING_PROBLEMS)
"""What putting a job into the queue may answer."""


class Problem(BaseModel):
    """An error. `code` is stable; the texts may change."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str = ""
    request_id: str = Field("", description="The request's id, as in the header X-Request-Id.")
    errors: list[dict[str, Any]] | None = Field(None, description="Per field, if it is one.")


def answer(problem: AnyProblem) -> JSONResponse:
    """The problem as this format has it."""
    fields = {
        "type": f"urn:facet:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "hint": problem.hint,
        **({"request_id": problem.request_id} if problem.request_id else {}),
        **problem.data,
    }
    headers = dict(problem.headers)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(fields, problem.status, headers, media_type=PROBLEM_TYPE)


def responses(*codes: str, of_jobs: Sequence[str] = ()) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for the codes that a route may answer with.

    `of_jobs` are those of jobs that failed: none of them is a 5xx any more.

    They name the schema, which the description adds: from the model the framework would make a
    validator for every status of every route, which takes half of an application's start.
    """
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(STATUS[code], []).append(code)
    for code in of_jobs:
        by_status.setdefault(STATUS[code] if STATUS[code] < 500 else 409, []).append(code)
    return {
        status: {
            "description": "Problem: " + ", ".join(found),
            "content": {PROBLEM_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA}"}}},
            CODES: found,
        }
        for status, found in sorted(by_status.items())
    }
