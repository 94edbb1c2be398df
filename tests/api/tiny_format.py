"""A wire format of another make, mounted for tests: its own key, paths, bodies and errors."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app.api.edge import Edge
from app.api.kit.access import Cases, Enroll, Recognize, by_header
from app.api.kit.admission import admit
from app.api.kit.body.files import Image
from app.api.kit.body.reading import json_body
from app.api.kit.problems import Problem
from app.api.kit.wire_format import BodyLimits, WireFormat, below
from app.services.deciding.recognition import RecognitionOptions

PREFIX = "/v1/tiny"  # below the native format's, as that of some clients is


class Question(BaseModel):
    """A picture, and among whom to look."""

    face: Image
    among: str


class Person(BaseModel):
    """Somebody to remember."""

    name: str


_routes = APIRouter(prefix=PREFIX)


@_routes.post("/{collection}/whois")
async def whois(request: Request, collection: str, caller: Recognize, cases: Cases) -> Response:
    body, admission = await admit(request, Question)
    found = await admission.run(
        cases.recognizer.recognize, collection, body.face, RecognitionOptions()
    )
    return JSONResponse({"faces": len(found.faces)})


@_routes.post("/{collection}/people")
def remember(
    collection: str,
    caller: Enroll,
    body: Annotated[Person, Depends(json_body(Person))],
    cases: Cases,
) -> Response:
    made = cases.subjects.create(collection, body.name)
    return JSONResponse({"person": made.subject.id})


@_routes.get("/{collection}/fault")
def fault(collection: str, caller: Recognize) -> Response:
    raise RuntimeError("a fault of the program")


def router(edge: Edge) -> APIRouter:
    """Its routes, and one that is over the edge alone."""
    made = APIRouter()
    made.include_router(_routes)

    @made.get(f"{PREFIX}/limits")
    def limits() -> Response:
        return JSONResponse({"images": edge.settings.max_images_per_request})

    return made


def answer(problem: Problem) -> Response:
    """Everything that is wrong is a 400, but for keys; the real status is told in words."""
    status = 401 if problem.status == 401 else 400 if problem.status < 500 else 500
    body = {"fault": {"kind": problem.code.upper(), "says": problem.detail}}
    return JSONResponse(body, status, dict(problem.headers))


TINY = WireFormat(
    name="tiny",
    takes=below(PREFIX),
    router=router,
    authenticate=by_header("X-Tiny-Key"),
    answer=answer,
    body_limits=BodyLimits(without_files=200, with_files=500_000),
    sent_headers=("X-Tiny-Key",),
)
