"""Addresses and paths of clients, as proxies give them that the operator trusts."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.api.kit.wire_format import Formats
from app.domain.errors.requests import InvalidRequestError
from app.platform.web_addresses import is_path_prefix

_PREFIX = "X-Forwarded-Prefix"


class Forwarded:
    """ASGI middleware that puts the client's address, scheme and path into their places.

    `X-Forwarded-For`, `-Proto` and `-Prefix` hold from proxies in the given networks alone.
    `root_path` is the prefix of every address where no proxy tells another; paths may come
    with it or without. A proxy that sends a prefix has taken it off the path.
    """

    def __init__(
        self,
        app: ASGIApp,
        proxies: Sequence[IPv4Network | IPv6Network],
        root_path: str,
        formats: Formats,
    ) -> None:
        self._formats = formats
        self._proxies = proxies
        self._root_path = root_path
        self._app: ASGIApp = app
        if proxies:
            trusted = [str(network) for network in proxies]
            self._app = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type, assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        sent = Headers(scope=scope).get(_PREFIX) if self._is_trusted(scope) else None
        prefix = self._root_path if sent is None else sent.rstrip("/")
        if not is_path_prefix(prefix):
            error = InvalidRequestError(
                f"{_PREFIX} is not the start of a path.",
                hint="Let the proxy send the prefix that it takes off, such as /facet.",
            )
            return await self._formats.refuse(scope, error)(scope, receive, send)
        if not prefix:
            return await self._app(scope, receive, send)
        _set_prefix(scope, prefix, taken_off=sent is not None)

        async def prefixed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                location = headers.get("Location", "")
                if location.startswith("/") and not _is_below(location, prefix):
                    headers["Location"] = prefix + location
            await send(message)

        await self._app(scope, receive, prefixed)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            address = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(address in network for network in self._proxies)


def _set_prefix(scope: Scope, prefix: str, *, taken_off: bool) -> None:
    """Set it as ASGI has it: the path holds the prefix, whether or not it arrived so."""
    scope["root_path"] = prefix
    if taken_off or not _is_below(scope["path"], prefix):
        scope["path"] = prefix + scope["path"]
        if scope.get("raw_path") is not None:
            scope["raw_path"] = prefix.encode() + scope["raw_path"]


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")
