"""Answers in DeepStack's shapes."""

from collections.abc import Sequence
from typing import Any

from fastapi.responses import JSONResponse

from app.api.kit.problem_kinds import PROBLEM_KINDS
from app.api.kit.problems import Problem
from app.domain.faces import Box, ImageAnalysis

NO_FACE = "No face found in image"
NO_FACE_CODE = 500
"""With HTTP 200; one client takes it for an empty picture by both, word for word."""


def said(**fields: Any) -> JSONResponse:
    """A success. Clients read `predictions` of every answer, so it is never missing."""
    return JSONResponse({"success": True, "code": 200, "predictions": [], **fields})


def failed(error: str, code: int, status: int = 200, **fields: Any) -> JSONResponse:
    """A failure, by default one about faces: of these HTTP knows nothing."""
    body = {"success": False, "error": error, "code": code, "predictions": [], **fields}
    return JSONResponse(body, status)


def answer(problem: Problem) -> JSONResponse:
    """A problem as these clients understand it.

    What concerns the faces of a picture is an HTTP 200 with `success` false, what else is wrong
    with a request a 400 where the native format says 422.
    """
    about_faces = PROBLEM_KINDS[problem.code].subject == "Faces"
    status = 400 if problem.status == 422 else problem.status
    error = f"{problem.detail} {problem.hint}".strip()
    if problem.code == "no-face":
        error, code = NO_FACE, NO_FACE_CODE
    else:
        code = 400 if about_faces else status
    said_more = {"reason": problem.code, "request_id": problem.request_id}
    made = failed(error, code, 200 if about_faces else status, **said_more)
    made.headers.update(problem.headers)
    if status == 401:
        # Basic would make browsers ask for a password, and send it along from then on.
        made.headers["WWW-Authenticate"] = "Bearer"
    return made


def corners(box: Box, analysis: ImageAnalysis) -> dict[str, int]:
    """The box as whole pixels of the picture, cut at its border."""
    return {
        "x_min": round(min(max(box.x, 0.0), analysis.width)),
        "y_min": round(min(max(box.y, 0.0), analysis.height)),
        "x_max": round(min(max(box.x + box.width, 0.0), analysis.width)),
        "y_max": round(min(max(box.y + box.height, 0.0), analysis.height)),
    }


def counted(things: Sequence[Any], word: str) -> str:
    """The number of things in words."""
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"
