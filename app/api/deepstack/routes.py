"""DeepStack's face routes: find, recognise, register, list, delete, compare."""

import time
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.deepstack import shapes, work
from app.api.deepstack.callers import collection_of
from app.api.deepstack.forms import Form, FormFormat
from app.api.edge import Edge
from app.api.kit.access import AtEdge, Browse, Cases, Detect, Enroll, Erase, Recognize, Verify
from app.api.kit.admission import Admission, admit_as

_routes = APIRouter(prefix="/v1/vision/face")


def router(edge: Edge) -> APIRouter:
    """The routes, which read the edge of each request."""
    return _routes


@_routes.post("")
async def detect(request: Request, edge: AtEdge, caller: Detect, cases: Cases) -> Response:
    form, admission = await _received(request, edge, 1, 1)
    started = time.perf_counter()
    return shapes.said(**await admission.run(work.detect, cases, form), **_took(started))


@_routes.post("/recognize")
async def recognize(request: Request, edge: AtEdge, caller: Recognize, cases: Cases) -> Response:
    place = collection_of(caller, edge.settings.deepstack_collection)
    form, admission = await _received(request, edge, 1, 1)
    started = time.perf_counter()
    found = await admission.run(work.recognize, cases, place, form)
    if not found["predictions"]:
        return shapes.failed(shapes.NO_FACE, shapes.NO_FACE_CODE, **_took(started))
    return shapes.said(**found, **_took(started))


@_routes.post("/register")
async def register(request: Request, edge: AtEdge, caller: Enroll, cases: Cases) -> Response:
    place = collection_of(caller, edge.settings.deepstack_collection)
    form, admission = await _received(request, edge, 1, edge.settings.max_images_per_request)
    done = await admission.run(work.register, cases, place, form)
    if "error" in done:
        return shapes.failed(code=400, **done)
    return shapes.said(**done)


@_routes.post("/match")
async def match(request: Request, edge: AtEdge, caller: Verify, cases: Cases) -> Response:
    form, admission = await _received(request, edge, 2, 2)
    return shapes.said(**await admission.run(work.match, cases, form))


@_routes.post("/list")
@_routes.get("/list")
async def list_faces(request: Request, edge: AtEdge, caller: Browse, cases: Cases) -> Response:
    place = collection_of(caller, edge.settings.deepstack_collection)
    if request.method == "POST":
        await _received(request, edge, 0, 0)
    return shapes.said(**await run_in_threadpool(work.names, cases, place))


@_routes.post("/delete")
async def delete(request: Request, edge: AtEdge, caller: Erase, cases: Cases) -> Response:
    place = collection_of(caller, edge.settings.deepstack_collection)
    form, _ = await _received(request, edge, 0, 0)
    return shapes.said(**await run_in_threadpool(work.delete, cases, place, form))


async def _received(request: Request, edge: Edge, least: int, most: int) -> tuple[Form, Admission]:
    """The form with so many pictures, and how to have work done on it."""
    return await admit_as(request, FormFormat(edge.settings, least, most))


def _took(started: float) -> dict[str, Any]:
    return {"inferenceMs": round((time.perf_counter() - started) * 1000)}
