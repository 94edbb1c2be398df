"""Counts, times and log lines of requests: by route, with nobody's data."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.kit.addresses import route_template
from app.platform.request_context import note_caller
from app.platform.telemetry import REQUEST_SECONDS, REQUESTS

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = structlog.get_logger(__name__)


class RequestLog:
    """ASGI middleware; tells of requests by route, since paths and queries name people."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        start = time.perf_counter()
        status = 500
        note_caller(address=(scope.get("client") or ("",))[0])

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - start
            route = route_template(scope)
            # Any word can be sent as a method; each would become a time series.
            method = scope["method"] if scope["method"] in _METHODS else "other"
            REQUESTS.labels(method, route, status).inc()
            REQUEST_SECONDS.labels(method, route).observe(seconds)
            _log.info(
                "request", method=method, route=route, status=status, seconds=round(seconds, 4)
            )
