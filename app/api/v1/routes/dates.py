"""Dates in texts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.answers.dates import DateAnswer
from app.api.kit.access import Cases, Detect
from app.api.kit.admission import ADMISSION_PROBLEMS, Admission
from app.api.kit.body.reading import documented, json_body
from app.api.v1.problems import COMMON_PROBLEMS, DATE_PROBLEMS, MODEL_PROBLEMS, responses
from app.api.v1.schemas.dates import DateRequest

router = APIRouter(prefix="/sequences", tags=["sequences"])

_PNG = "image/png"
_PROBLEMS = (
    *COMMON_PROBLEMS,
    *ADMISSION_PROBLEMS,
    *MODEL_PROBLEMS,
    *DATE_PROBLEMS,
    "no-attention",
)


@router.post(
    "/dates",
    response_model=DateAnswer,
    openapi_extra=documented(DateRequest),
    responses={
        200: {"content": {_PNG: {}}, "description": "The answer, or its attention as a picture."},
        **responses(*_PROBLEMS),
    },
)
async def read_date(
    request: Request,
    caller: Detect,
    body: Annotated[DateRequest, Depends(json_body(DateRequest))],
    cases: Cases,
) -> Response | DateAnswer:
    """The dates in a text of any of many languages and several calendars, as ISO 8601.

    `date` is the first; all stand in `dates`, each with its place and its calendar. With
    `Accept: image/png`, a heat map of what the network looked at.
    """
    run = Admission(request).run
    reading = await run(cases.dates.read, body.text, body.options())
    if _PNG in request.headers.get("accept", ""):
        return Response(await run(cases.dates.picture, reading), media_type=_PNG)
    return DateAnswer.of(reading)
