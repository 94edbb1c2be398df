"""Failures of requests as answers in the shape of their wire format."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.edge import Edge
from app.api.kit.addresses import path_within, route_template
from app.api.kit.errors import InternalError, MethodNotAllowedError, NotFoundError
from app.api.kit.problems import fields_error, invalid_fields, problem_of
from app.api.kit.wire_format import HEADERS, Formats, Mounted
from app.domain.errors import FacetError
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import NO_SPACE, StorageFullError
from app.platform.failures import note_logged
from models.errors import ReportedError

_HTTP_ERRORS: dict[int, type[FacetError]] = {404: NotFoundError, 405: MethodNotAllowedError}
_log = structlog.get_logger(__name__)


class RequestBoundary:
    """ASGI middleware, innermost: finds the request's format, and answers unexpected errors.

    They end here, so that the server does not end the connection behind a complete answer. An
    answer that has begun cannot be taken back: then the end of the connection says that it is
    not whole.
    """

    def __init__(self, app: ASGIApp, edge: Edge, formats: Formats) -> None:
        self._app, self._edge, self._formats = app, edge, formats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        mounted = Mounted(self._edge, self._formats.of(scope))
        mounted.enter(scope)
        mounted.wire_format.normalize(scope)
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start" and HEADERS in scope:
                MutableHeaders(scope=message).update(scope[HEADERS])
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            method, route = scope["method"], route_template(scope)
            _log.error("internal-error", method=method, route=route, exc_info=error)
            note_logged(error)
            if begun:
                raise
            answer = mounted.wire_format.answer(problem_of(_internal_error()))
            await answer(scope, receive, send)


def install(app: FastAPI) -> None:
    """Answer every expected error of the application, and the framework's own, alike."""

    @app.exception_handler(ReportedError)
    async def reported(request: Request, error: ReportedError) -> Response:
        return _answer(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid_request(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, fields_error(error.errors()))

    @app.exception_handler(ValidationError)
    async def invalid_model(request: Request, error: ValidationError) -> Response:
        return _answer(request, invalid_fields(error))

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        kind = _HTTP_ERRORS.get(error.status_code, InvalidRequestError)
        headers = dict(error.headers or {})
        if "Allow" in headers:
            headers["Allow"] = allowed_methods(app, path_within(request.scope)) or headers["Allow"]
        return _answer(request, kind(str(error.detail)), headers)

    @app.exception_handler(OSError)
    async def system_error(request: Request, error: OSError) -> Response:
        if error.errno not in NO_SPACE:
            raise error
        full = StorageFullError(
            "There is no room left on the server's disk.",
            hint="Free disk space or raise the quota, then try again.",
        )
        return _answer(request, full)


def allowed_methods(app: FastAPI, path: str) -> str:
    """Every described method of the path; the framework names those of the first route alone.

    A path of fixed words goes before one whose parameter could have such a value.
    """
    paths = app.openapi()["paths"].items()
    for template, operations in sorted(paths, key=lambda one: one[0].count("{")):
        pattern, _, _ = compile_path(template)
        if pattern.match(path):
            return ", ".join(sorted(operations)).upper()
    return ""


def _answer(
    request: Request, error: ReportedError, headers: dict[str, str] | None = None
) -> Response:
    return Mounted.of(request).wire_format.answer(problem_of(error, headers))


def _internal_error() -> InternalError:
    return InternalError(
        "The server made a mistake; it has been logged.",
        hint="Please report it with the request's id.",
    )
