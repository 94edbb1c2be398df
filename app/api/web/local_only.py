"""Refusals while auth is off: no page from elsewhere gets through somebody's browser."""

import ipaddress
import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.kit.errors import ForeignHostError, ForeignOriginError
from app.api.kit.wire_format import Formats
from app.domain.errors import FacetError

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?")
_OWN_SITES = frozenset({"same-origin", "none"})
"""A page of the service itself, and no page at all."""


class LocalOnly:
    """ASGI middleware that answers local names and pages of its own alone.

    A foreign name that leads here (DNS rebinding) is a 421; a request that a page of another
    origin causes is a 403, unless the origin is one of those allowed.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str], formats: Formats) -> None:
        self._app, self._origins, self._formats = app, origins, formats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is not None:
            await self._formats.refuse(scope, refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> FacetError | None:
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not _is_local(hosts[0]):
            return ForeignHostError(
                "While auth is off, only localhost, 127.0.0.1 and [::1] are answered.",
                hint="Use one of these names, or turn auth on (FACET_AUTH=keys).",
            )
        if origins and all(origin.lower() in self._origins for origin in origins):
            return None
        own = f"{scope['scheme']}://{hosts[0]}".lower()
        sites = headers.getlist("sec-fetch-site")
        if any(origin.lower() != own for origin in origins) or not _OWN_SITES.issuperset(sites):
            return ForeignOriginError(
                "While auth is off, no page of another origin is answered.",
                hint="Allow the page's origin by FACET_CORS_ORIGINS, or open the address yourself.",
            )
        return None


def _is_local(host: str) -> bool:
    """Whether the `Host` header names this machine as seen from itself."""
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match["name"].strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
