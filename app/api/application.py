"""The ASGI application: routes, errors, limits and request metrics around the use cases."""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool

from app.api.kit import description, problems
from app.api.kit.admission import PixelCounter
from app.api.kit.executor import BoundedExecutor
from app.api.kit.intake import BodyIntake, BodyMemory, BodyPace
from app.api.kit.request_log import RequestLog
from app.api.v1.routes import (
    collections,
    dates,
    faces,
    jobs,
    models,
    operations,
    recognition,
    reencodings,
    sequences,
    styles,
    subjects,
)
from app.api.web import documentation
from app.api.web.around import Application
from app.api.web.listeners import PerListener
from app.api.web.local_only import LocalOnly
from app.platform.version import VERSION
from app.services.use_cases import UseCases
from app.settings import Settings

_DESCRIPTION = """
Face recognition that you own: enrol faces, verify claims, recognise people, and get an honest
*unknown* at a false-match rate you choose. Images come as multipart files or base64 in JSON.
Errors are `application/problem+json` with a stable `code`.
"""


class Background(Protocol):
    """What runs beside the requests for as long as the application is up."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


_ROOMS = (
    recognition,
    sequences,
    dates,
    collections,
    subjects,
    faces,
    models,
    reencodings,
    styles,
    jobs,
)
"""Routes of the first version of the API, in the order of its description."""


def create_app(
    use_cases: UseCases,
    settings: Settings,
    *,
    workers: int,
    count_pixels: PixelCounter,
    background: Sequence[Background],
) -> Application:
    """The application; `workers` requests may run networks at once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(use_cases.operations.start)
        for work in background:
            work.start()
        yield
        for work in background:
            await run_in_threadpool(work.stop)
        app.state.executor.close()
        await run_in_threadpool(use_cases.operations.stop)

    app = Application(
        title="Facet",
        version=VERSION,
        summary="A self-hosted face recognition service.",
        description=_DESCRIPTION,
        lifespan=lifespan,
        openapi_url=None,
    )
    app.state.use_cases = use_cases
    app.state.settings = settings
    app.state.closing = False
    app.state.streams = threading.BoundedSemaphore(settings.job_streams)
    app.state.executor = BoundedExecutor(
        workers,
        settings.queue,
        seconds=settings.request_deadline,
    )
    app.state.count_pixels = count_pixels
    problems.install(app)
    description.install(app)
    v1 = APIRouter(prefix="/v1")
    for room in _ROOMS:
        v1.include_router(room.router)
    app.include_router(v1)
    app.include_router(operations.router)
    if settings.metrics == "on":
        hidden = bool(settings.operations_port)
        app.include_router(operations.metrics_router, include_in_schema=not hidden)
    app.include_router(documentation.index_router)
    if settings.docs == "on":
        app.include_router(documentation.router)
    app.add_middleware(
        BodyIntake,
        pace=BodyPace(settings.body_grace, settings.body_rate, settings.body_timeout),
        memory=BodyMemory(max(settings.max_body_memory, settings.max_request_bytes)),
    )
    if settings.operations_port:
        app.add_middleware(PerListener)
    if settings.auth == "off":
        app.add_middleware(LocalOnly, origins=settings.cors_origins)
    app.add_middleware(RequestLog)
    return app
