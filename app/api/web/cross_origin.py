"""Pages of other origins that may call the service (CORS): none unless the operator names them."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SENT = ("Content-Type", "Idempotency-Key", "Last-Event-ID", "X-Request-Id")
_READ = ("Location", "Retry-After", "X-Request-Id")
_SECONDS = 600


def allow_origins(app: ASGIApp, origins: Collection[str], headers: Collection[str]) -> ASGIApp:
    """The application, answering pages of these origins; they send keys, never cookies.

    `headers` are those that they may send beside the usual ones, such as those of keys.
    """
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=tuple(origins),
        allow_methods=_METHODS,
        allow_headers=(*_SENT, *headers),
        expose_headers=_READ,
        allow_credentials=False,
        max_age=_SECONDS,
    )
