"""Style transfers, and the styles that are kept for them."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, status

from app.answers.gallery import Page
from app.answers.jobs import Job
from app.answers.styles import Style
from app.api.kit.access import Cases, ChangeStyles, UseJobs
from app.api.kit.admission import admit
from app.api.kit.body.reading import documented
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.problems import (
    CHANGE_PROBLEMS,
    COMMON_PROBLEMS,
    ORDER_PROBLEMS,
    PICTURE_PROBLEMS,
    WRITING_PROBLEMS,
    responses,
)
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.styles import NewStyle, StyleTransferRequest

StyleInPath = Annotated[
    str, Path(max_length=63, description="The style's name.", examples=["night"])
]

router = APIRouter(tags=["styles"])


@router.post(
    "/style-transfers",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(StyleTransferRequest),
    responses=responses(
        *PICTURE_PROBLEMS,
        *ORDER_PROBLEMS,
        "no-face",
        "unknown-style",
    ),
)
async def transfer(request: Request, caller: UseJobs, cases: Cases, response: Response) -> Job:
    """Paint a picture in the manner of another: a job, with previews on the way."""
    body, admission = await admit(request, StyleTransferRequest)
    job = await admission.run(cases.style_transfers.order, caller, body.request())
    return accepted(job, response)


@router.post(
    "/styles",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=documented(NewStyle),
    responses=responses(*PICTURE_PROBLEMS, *WRITING_PROBLEMS, "duplicate-style", "too-many-styles"),
)
async def create(request: Request, caller: ChangeStyles, cases: Cases) -> Style:
    """Keep a picture as a style, at 2048 pixels at most and without its metadata."""
    body, admission = await admit(request, NewStyle)
    return Style.of(await admission.run(cases.styles.create, body.name, body.image))


@router.get("/styles", responses=responses(*COMMON_PROBLEMS, "invalid-cursor"))
def list_styles(
    caller: UseJobs, cases: Cases, cursor: Cursor = None, limit: Limit = 50
) -> Page[Style]:
    """Styles by name."""
    rows = cases.styles.list(after=after(cursor), limit=limit + 1)
    return page(rows, limit, Style.of, lambda row: row.name)


@router.get("/styles/{style}", responses=responses(*COMMON_PROBLEMS, "unknown-style"))
def get(style: StyleInPath, caller: UseJobs, cases: Cases) -> Style:
    """One style."""
    return Style.of(cases.styles.get(style))


@router.get(
    "/styles/{style}/image",
    response_class=Response,
    responses={
        **responses(*COMMON_PROBLEMS, "unknown-style"),
        200: {"content": {"image/jpeg": {}}, "description": "The picture as it is kept."},
    },
)
def image(style: StyleInPath, caller: UseJobs, cases: Cases) -> Response:
    """The picture of a style."""
    found = cases.styles.picture(style)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.delete(
    "/styles/{style}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(*CHANGE_PROBLEMS, "unknown-style"),
)
def remove(style: StyleInPath, caller: ChangeStyles, cases: Cases) -> None:
    """Remove a style. Transfers under way have a copy."""
    cases.styles.remove(style)
