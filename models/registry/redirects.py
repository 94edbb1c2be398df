"""Redirects of downloads: none from https to http, and none to where only insiders get.

The server that a manifest states may stand anywhere: whoever wrote the manifest has chosen it.
"""

import socket
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.request import getproxies

import httpx

from models.public_addresses import Network, may_call
from models.registry.errors import DownloadFailedError

_PORTS = {"http": 80, "https": 443}


class Redirects:
    """Redirects that a download from the stated address may follow."""

    def __init__(self, stated: str, allowed: Sequence[Network] = ()) -> None:
        """`allowed` are networks that may be sent on to although they are not public."""
        self._stated = _server(httpx.URL(stated))
        self._allowed = allowed

    def refuse(self, response: httpx.Response) -> None:
        """Raise DownloadFailedError for a redirect that may not be followed."""
        if not response.has_redirect_location:
            return
        target = response.url.join(response.headers["Location"])
        if response.url.scheme == "https" and target.scheme != "https":
            raise DownloadFailedError(
                f"{response.url.host} sends on from https to {target.scheme}, which is not "
                "followed.",
                hint="Name an address in the manifest that is https to its end.",
                host=response.url.host,
            )
        if _server(target) != self._stated and _is_literal(target.host):
            self._look(target.host, [target.host])

    def address(self, url: httpx.URL) -> str | None:
        """The address to connect to instead of the host's name; None for the stated server.

        Raises DownloadFailedError unless all that the name stands for may be called, and OSError
        for a name that stands for nothing.
        """
        if _server(url) == self._stated:
            return None
        found = socket.getaddrinfo(url.host, _port(url), type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        self._look(url.host, addresses)
        return addresses[0]

    def _look(self, host: str, addresses: Sequence[str]) -> None:
        for one in addresses:
            if not may_call(ip_address(one.partition("%")[0]), self._allowed):
                raise DownloadFailedError(
                    f"The address sends on to {host}, which is not public, and that is not "
                    "followed.",
                    hint="Name the last address in the manifest, or allow its network by "
                    "FACET_DOWNLOAD_NETWORKS.",
                    host=host,
                )


class _Looking(httpx.BaseTransport):
    """Connects to the very address that was looked at."""

    def __init__(self, redirects: Redirects) -> None:
        self._redirects = redirects
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, of which there is one for each redirect."""
        try:
            address = self._redirects.address(request.url)
        except OSError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        if address is not None:
            request = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close connections."""
        self._inner.close()


def transport(redirects: Redirects) -> httpx.BaseTransport | None:
    """Transport that looks first; None where proxies of the environment connect."""
    if any(getproxies().get(kind) for kind in ("http", "https", "all")):
        return None
    return _Looking(redirects)


def _server(url: httpx.URL) -> tuple[str, int]:
    return url.host, _port(url)


def _port(url: httpx.URL) -> int:
    return url.port or _PORTS.get(url.scheme, 0)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
