"""DeepStack's face routes: find, recognise, register, list, delete, compare."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.deepstack import shapes, work
from app.api.deepstack.callers import collection_of
from app.api.deepstack.forms import Form, FormFormat
from app.api.edge import Edge
from app.api.kit.access import AtEdge, Cases, Reader, Writer
from app.api.kit.admission import Admission, admit_as

_routes = APIRouter(prefix="/v1/vision/face")


async def _reading_from(edge: AtEdge, caller: Reader, cases: Cases) -> str:
    return await run_in_threadpool(collection_of, cases, caller, edge.settings.deepstack_collection)


async def _writing_to(edge: AtEdge, caller: Writer, cases: Cases) -> str:
    return await run_in_threadpool(collection_of, cases, caller, edge.settings.deepstack_collection)


ReadingFrom = Annotated[str, Depends(_reading_from)]
"""The caller's collection, found before anything of the body is read."""
WritingTo = Annotated[str, Depends(_writing_to)]


def router(edge: Edge) -> APIRouter:
    """The routes, which read the edge of each request."""
    return _routes


@_routes.post("")
async def detect(request: Request, edge: AtEdge, caller: Reader, cases: Cases) -> Response:
    form, admission = await _received(request, edge, 1, 1)
    started = time.perf_counter()
    return shapes.said(**await admission.run(work.detect, cases, form), **_took(started))


@_routes.post("/recognize")
async def recognize(request: Request, edge: AtEdge, place: ReadingFrom, cases: Cases) -> Response:
    form, admission = await _received(request, edge, 1, 1)
    started = time.perf_counter()
    found = await admission.run(work.recognize, cases, place, form)
    if not found["predictions"]:
        return shapes.failed(shapes.NO_FACE, shapes.NO_FACE_CODE, **_took(started))
    return shapes.said(**found, **_took(started))


@_routes.post("/register")
async def register(request: Request, edge: AtEdge, place: WritingTo, cases: Cases) -> Response:
    form, admission = await _received(request, edge, 1, edge.settings.max_images_per_request)
    done = await admission.run(work.register, cases, place, form)
    if "error" in done:
        return shapes.failed(code=400, **done)
    return shapes.said(**done)


@_routes.post("/match")
async def match(request: Request, edge: AtEdge, caller: Reader, cases: Cases) -> Response:
    form, admission = await _received(request, edge, 2, 2)
    return shapes.said(**await admission.run(work.match, cases, form))


@_routes.post("/list")
@_routes.get("/list")
async def list_faces(request: Request, edge: AtEdge, place: ReadingFrom, cases: Cases) -> Response:
    if request.method == "POST":
        await _received(request, edge, 0, 0)
    return shapes.said(**await run_in_threadpool(work.names, cases, place))


@_routes.post("/delete")
async def delete(request: Request, edge: AtEdge, place: WritingTo, cases: Cases) -> Response:
    form, _ = await _received(request, edge, 0, 0)
    return shapes.said(**await run_in_threadpool(work.delete, cases, place, form))


async def _received(request: Request, edge: Edge, least: int, most: int) -> tuple[Form, Admission]:
    """The form with so many pictures, and how to have work done on it."""
    return await admit_as(request, FormFormat(edge.settings, least, most))


def _took(started: float) -> dict[str, Any]:
    return {"inferenceMs": round((time.perf_counter() - started) * 1000)}
