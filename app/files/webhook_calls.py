"""Calls to addresses that administrators name: one request, to an address that is allowed."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from models.public_addresses import Address, Network, may_call

_SECONDS = 10.0
"""Of one call, from its first byte to the status of the answer."""
_LOOKUP_SECONDS = 3.0
"""Seconds that an administrator waits for a name to be resolved."""


class RefusedAddressError(OSError):
    """The name stands for an address that may not be called."""


class WebhookCalls:
    """Posts by HTTP. Names are resolved once, and the address that was looked at is the one that is
    connected to; redirects are not followed, proxies of the environment not used.
    """

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        seconds: float = _SECONDS,
        lookup_seconds: float = _LOOKUP_SECONDS,
    ) -> None:
        """`allowed` are networks that may be called although they are not public."""
        self._allowed = allowed
        self._seconds = seconds
        self._lookup_seconds = lookup_seconds

    def call(self, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        """Post the body; what was wrong, or None where the answer was a 2xx."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = _Connection(self, parts.hostname or "", _port(parts), parts.scheme == "https")
        timer = threading.Timer(self._seconds, connection.give_up)
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", path, body, {"User-Agent": "facet-webhooks", **headers})
            status = connection.getresponse().status
        except RefusedAddressError as error:
            return str(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return f"The call failed: {type(error).__name__}."
        finally:
            timer.cancel()
            connection.close()
        if 200 <= status < 300:
            return None
        if 300 <= status < 400:
            return f"The answer was {status}: redirects are not followed."
        return f"The answer was {status}."

    def is_refused(self, url: str) -> bool:
        """Whether the address may not be called, as far as is known within a few seconds: not for
        a name that stands for nothing yet, which each call looks up anew.
        """
        parts = urlsplit(url)
        refused = threading.Event()

        def look() -> None:
            try:
                self.resolved(parts.hostname or "", _port(parts))
            except RefusedAddressError:
                refused.set()
            except (OSError, UnicodeError):
                pass  # it stands for nothing yet

        looking = threading.Thread(target=look, name="webhook-lookup", daemon=True)
        looking.start()
        looking.join(self._lookup_seconds)  # resolvers have no time limit of their own
        return refused.is_set()

    def resolved(self, host: str, port: int) -> str:
        """An address of the host. Raises RefusedAddressError unless all it has may be called."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        for one in addresses:
            if not self.may_call(ip_address(one.partition("%")[0])):
                raise RefusedAddressError(
                    "The name stands for an address that is not public; FACET_WEBHOOK_NETWORKS "
                    "allows some."
                )
        return addresses[0]

    def may_call(self, address: Address) -> bool:
        """Whether the address is public, or in a network that is allowed."""
        return may_call(address, self._allowed)


class _Connection(http.client.HTTPConnection):
    """One that connects to the address that was looked at."""

    def __init__(self, calls: WebhookCalls, host: str, port: int, encrypted: bool) -> None:
        super().__init__(host, port, timeout=_SECONDS)
        self._calls, self._encrypted = calls, encrypted
        self._given_up = False

    def connect(self) -> None:
        """Resolve, look, connect, and encrypt where the address says so."""
        address = self._calls.resolved(self.host, self.port)
        self.sock = socket.create_connection((address, self.port), self.timeout)
        if self._encrypted:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        if self._given_up:
            raise TimeoutError

    def give_up(self) -> None:
        """End it, however far it is: an answer that drips would never time out."""
        self._given_up = True
        open_one = self.sock
        if open_one is not None:
            with suppress(OSError):
                open_one.shutdown(socket.SHUT_RDWR)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
