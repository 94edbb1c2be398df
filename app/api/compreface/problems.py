"""Errors as clients of CompreFace know them: a message and a number, always as JSON."""

from collections.abc import Mapping

from fastapi.responses import JSONResponse

from app.api.kit.problems import Problem

_UNREADABLE = (
    *("not-an-image", "empty-image", "truncated-image", "animated-image", "image-too-demanding"),
)
_CODES: Mapping[str, tuple[int, int]] = {
    "missing-key": (400, 20),
    "invalid-key": (404, 10),
    "expired-key": (404, 10),
    "unknown-collection": (404, 10),
    "insufficient-scope": (403, 0),
    "not-found": (404, 0),
    # Not a 405: this is what clients of that server are used to.
    "method-not-allowed": (404, 0),
    "invalid-request": (400, 26),
    "invalid-json": (400, 26),
    "invalid-base64": (400, 26),
    "unsupported-media-type": (400, 26),
    "face-too-small": (400, 26),
    "poor-quality": (400, 26),
    "no-face": (400, 28),
    "several-faces": (400, 31),
    "unknown-face": (404, 11),
    "subject-without-faces": (404, 44),
    "unknown-subject": (404, 42),
    "duplicate-subject": (400, 43),
    **dict.fromkeys(_UNREADABLE, (400, 21)),
}
"""Status and number by code of this service; others keep their status."""
_VALIDATION, _SERVER = 26, 41
_ABSENT = ("Field required", "is missing")
_MISSING = {"subject": 33, "file": 34, "source_image": 34, "target_image": 34}


def answer(problem: Problem) -> JSONResponse:
    """The problem as this format has it."""
    status = problem.status
    status, number = _CODES.get(problem.code, (status, _SERVER if status >= 500 else _VALIDATION))
    if problem.code == "invalid-request":
        number = _missing(problem) or number
    message = f"{problem.detail} {problem.hint}".strip()
    return JSONResponse({"message": message, "code": number}, status, dict(problem.headers))


def _missing(problem: Problem) -> int | None:
    """The number for something that had to be sent, if that is what is wrong."""
    for error in problem.data.get("errors", ()):
        if error["message"] in _ABSENT and error["field"] in _MISSING:
            return _MISSING[error["field"]]
    return None
