"""An id for every request: in its answer, in every line that the log has of it, in its errors."""

import re
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.request_context import working_on

_HEADER = "X-Request-Id"
_SOURCE = "X-Facet-Source"
_LABEL = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?")
"""Labels of sources, of formats that have no field for them; another one is none."""
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """ASGI middleware; takes the id that the client sends, if it is one and well-formed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        request_id = _taken(headers.getlist(_HEADER)) or uuid4().hex
        source = headers.get(_SOURCE, "")

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[_HEADER] = request_id
            await send(message)

        with working_on(request_id, source if _LABEL.fullmatch(source) else ""):
            await self._app(scope, receive, named)


def _taken(sent: list[str]) -> str | None:
    return sent[0] if len(sent) == 1 and _WELL_FORMED.fullmatch(sent[0]) else None
