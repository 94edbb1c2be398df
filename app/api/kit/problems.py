"""Errors as every wire format is given them, to be put into its own words and shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.api.kit.problem_kinds import PROBLEM_KINDS
from app.domain.errors.requests import InvalidRequestError
from app.domain.jobs import Failure
from app.platform.request_context import current_request
from models.errors import ReportedError

RETRY_AFTER_SECONDS = {
    "overloaded": 1,
    "rate-exceeded": 1,
    "deadline-exceeded": 1,
    "database-locked": 1,
    "too-many-jobs": 5,
    "queue-full": 10,
}
_RETRY_AFTER_DEFAULT = 30
_MOST_FIELDS, _DEEPEST, _LONGEST_NAME, _LONGEST_MESSAGE = 50, 10, 100, 300
"""Bounds on what is said about wrong fields."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One error, with everything that an answer may say about it."""

    code: str
    """The slug, which is stable; the texts may change."""
    status: int
    """Status of HTTP, as the native format has it."""
    title: str
    detail: str
    hint: str
    request_id: str
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """`Retry-After` and `Allow`, where they belong to the error."""


def problem_of(
    error: ReportedError, headers: Mapping[str, str] | None = None, **data: Any
) -> Problem:
    """The problem that an expected failure is."""
    return _problem(
        error.slug,
        PROBLEM_KINDS[error.slug].status,
        error.message,
        error.hint,
        {**error.data, **data},
        headers or {},
    )


def problem_of_job(failure: Failure) -> Problem:
    """The problem of a job that failed earlier.

    A 5xx would say that asking again may help; whatever the server's trouble was then, it does
    not. Jobs of another version may have failed by slugs that are unknown here.
    """
    kind = PROBLEM_KINDS.get(failure.slug)
    status = kind.status if kind is not None and kind.status < 500 else 409
    return _problem(failure.slug, status, failure.message, failure.hint, failure.data, {})


def _problem(
    code: str,
    status: int,
    detail: str,
    hint: str,
    data: Mapping[str, Any],
    headers: Mapping[str, str],
) -> Problem:
    kind = PROBLEM_KINDS.get(code)
    if status in (429, 503):
        seconds = RETRY_AFTER_SECONDS.get(code, _RETRY_AFTER_DEFAULT)
        headers = {**headers, "Retry-After": str(seconds)}
    return Problem(
        code=code,
        status=status,
        title=kind.title if kind else code,
        detail=detail,
        hint=hint or (kind.hint if kind else ""),
        request_id=current_request().request_id,
        data=data,
        headers=headers,
    )


def invalid_fields(error: ValidationError) -> InvalidRequestError:
    """The error that a model's refusal is to a client."""
    return fields_error(error.errors(include_url=False, include_context=False, include_input=False))


def fields_error(errors: Sequence[Any]) -> InvalidRequestError:
    """Name the wrong fields, without repeating what was sent, and no more than can be read."""
    fields = [
        {
            "field": ".".join(str(part)[:_LONGEST_NAME] for part in error["loc"][:_DEEPEST]),
            "message": error["msg"].removeprefix("Value error, ")[:_LONGEST_MESSAGE],
        }
        for error in errors[:_MOST_FIELDS]
    ]
    said = (": ".join(filter(None, (field["field"], field["message"]))) for field in fields)
    detail = "; ".join(said)[:2000]
    if len(errors) > len(fields):
        detail += f"; and {len(errors) - len(fields)} fields more"
    return InvalidRequestError(detail, errors=fields)
