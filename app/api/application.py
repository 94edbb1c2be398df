"""The ASGI application: wire formats on one edge, and what stands around all of them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from app.api.edge import Edge
from app.api.kit import failures
from app.api.kit.body.intake import BodyIntake, BodyMemory, BodyPace
from app.api.kit.request_id import RequestIds
from app.api.kit.request_log import RequestLog
from app.api.kit.wire_format import Formats, OwnRoutes
from app.api.v1 import description
from app.api.web import console, documentation, operations
from app.api.web.cross_origin import allow_origins
from app.api.web.forwarded import Forwarded
from app.api.web.listeners import PerListener
from app.api.web.local_only import LocalOnly
from app.api.web.security_headers import SecurityHeaders
from app.platform.version import VERSION

_DESCRIPTION = """
Face recognition that you own: enroll faces, verify claims, recognize people, and get an honest
*unknown* at a false-match rate you choose. Images come as multipart files or base64 in JSON.
Errors are `application/problem+json` with a stable `code`; every answer has an `X-Request-Id`.
"""


class Background(Protocol):
    """Work beside the requests for as long as the application is up."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Application(FastAPI):
    """Answers nothing, not even its own errors, without the headers that browsers need."""

    def __init__(self, edge: Edge, formats: Formats, **described: Any) -> None:
        self.edge, self.formats = edge, formats
        super().__init__(**described)

    def build_middleware_stack(self) -> ASGIApp:
        """The stack of the framework, with what also stands around the framework's own errors."""
        settings = self.edge.settings
        stack = super().build_middleware_stack()
        stack = allow_origins(stack, settings.cors_origins, self.formats.sent_headers)
        stack = Forwarded(stack, settings.trusted_proxies, settings.root_path, self.formats)
        return SecurityHeaders(RequestIds(stack))


def create_app(edge: Edge, formats: Formats, background: Sequence[Background]) -> Application:
    """The application of these formats; `background` is started and stopped with it."""
    app = Application(
        edge,
        formats,
        title="Facet",
        version=VERSION,
        summary="A self-hosted face recognition service.",
        description=_DESCRIPTION,
        lifespan=_lifespan(edge, background),
        openapi_url=None,
    )
    failures.install(app)
    description.install(app)
    for one in formats.mounted:
        app.include_router(OwnRoutes(one, edge), include_in_schema=one.described)
    app.include_router(operations.router(edge))
    app.include_router(documentation.router(edge))
    app.include_router(console.router(edge))
    _surround(app)
    return app


def _lifespan(
    edge: Edge, background: Sequence[Background]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(edge.use_cases.operations.start)
        for work in background:
            work.start()
        yield
        for work in background:
            await run_in_threadpool(work.stop)
        edge.executor.close()
        await run_in_threadpool(edge.use_cases.operations.stop)

    return lifespan


def _surround(app: Application) -> None:
    """Put limits, refusals and the log around all routes, the innermost first."""
    settings, formats = app.edge.settings, app.formats
    app.add_middleware(failures.RequestBoundary, edge=app.edge, formats=formats)
    app.add_middleware(
        BodyIntake,
        pace=BodyPace(settings.body_grace, settings.body_rate, settings.body_timeout),
        memory=BodyMemory(max(settings.max_body_memory, settings.max_request_bytes)),
    )
    if settings.operations_port:
        app.add_middleware(PerListener, formats=formats)
    if settings.auth == "off":
        app.add_middleware(LocalOnly, origins=settings.cors_origins, formats=formats)
    app.add_middleware(RequestLog)
