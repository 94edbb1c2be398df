"""Pages of other origins that may call the service (CORS): none unless the operator names them."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

_METHODS = ("GET", "POST", "PATCH", "DELETE")
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "X-Request-Id")
_READ = ("Location", "Retry-After", "X-Request-Id")
_SECONDS = 600


def allow_origins(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """The application, answering pages of these origins; they send keys, never cookies."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=tuple(origins),
        allow_methods=_METHODS,
        allow_headers=_SENT,
        expose_headers=_READ,
        allow_credentials=False,
        max_age=_SECONDS,
    )
