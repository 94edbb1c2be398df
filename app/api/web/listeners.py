"""Listeners that a request may come to: the public one, or that for operations alone."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.kit.addresses import path_within
from app.api.kit.errors import NotFoundError
from app.api.kit.wire_format import Formats

OPERATIONS = "operations"
"""The server says so in the state of each connection."""
_HEALTH = frozenset({"/healthz", "/readyz"})
_INSIDE = frozenset({"/metrics", "/docs", "/openapi.json"})
_BELOW_DOCS = "/docs/"


class PerListener:
    """ASGI middleware for a server with two listeners: each answers for its own paths alone.

    That for operations has health, metrics and the description; the public one has health and
    everything else.
    """

    def __init__(self, app: ASGIApp, formats: Formats) -> None:
        self._app, self._formats = app, formats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_answered(scope):
            error = NotFoundError("Not Found", hint="Another listener of the server may have it.")
            await self._formats.refuse(scope, error)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_answered(scope: Scope) -> bool:
    path = path_within(scope)
    inside = path in _INSIDE or path.startswith(_BELOW_DOCS)
    return path in _HEALTH or inside == bool(scope.get("state", {}).get(OPERATIONS))
