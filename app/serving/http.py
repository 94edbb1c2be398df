"""HTTP as uvicorn speaks it, with limits on what a client may send and how long it may take.

uvicorn bounds neither the headers nor the time in which they come. It calls the `on_…` methods
here from its parser, as in all versions since 0.34; pyproject.toml names the range tried.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from app.api.kit.errors import HeadersTooLargeError, InvalidHttpError, RequestTimeoutError
from app.api.kit.problems import problem_of
from app.api.v1.problems import answer
from app.api.web.security_headers import SECURITY_HEADERS
from app.domain.errors import FacetError
from app.platform.telemetry import CLOSED_CONNECTIONS
from app.serving.connections import Connections
from app.serving.limits import ConnectionLimits

_FAREWELL = 1.0
"""Seconds in which a refused client may still read why; what it sends meanwhile is thrown away."""

Phase = Literal["waiting", "headers", "body"]


class _TooLargeError(Exception):
    """Ends the parsing of a header block."""


class HttpConnection(HttpToolsProtocol):
    """One connection; its time runs out wherever the client is the one who is awaited."""

    def __init__(
        self,
        connection: socket.socket,
        connections: Connections,
        limits: ConnectionLimits,
        *,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
    ) -> None:
        super().__init__(config=config, server_state=server_state, app_state=app_state)
        self._connection = connection
        self._connections = connections
        self._limits = limits
        self._phase: Phase = "waiting"
        self._header_bytes = 0
        self._unparsed = 0
        self._begun = False
        self._deaf = False  # what else comes is thrown away
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        connections.enter(self, "idle")

    # --- the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._begun = True
        self._within(self._limits.header_time, self._end, "no-request")

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.forget(self)
        for timer in (self._deadline, self._stalled):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def drop(self) -> None:
        """End it at once, while its encryption is still being agreed on as well."""
        if self._begun:
            self.transport.abort()
        else:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._unparsed += len(data)
        super().data_received(data)
        # A header, a trailer or what surrounds a chunk of a body does not come to its end.
        if self._unparsed > self._limits.header_bytes and not self._deaf:
            self._refuse_headers()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self._limits.stall, self._abort, "unread-answer")

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    # --- the parser's calls

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._phase = "headers"
        self._header_bytes = self._unparsed = 0
        self._within(self._limits.header_time, self._headers_late)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_header(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase == "headers":  # a trailer would change the headers of a running request
            super().on_header(name, value)
            self._count_header(len(name) + len(value) + len(": \r\n"))

    def on_headers_complete(self) -> None:
        self._phase = "body"
        self._unparsed = 0
        self._forget_deadline()
        self._connections.enter(self, "receiving")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._phase = "waiting"
        self._unparsed = 0
        super().on_message_complete()
        if self.cycle.response_complete:
            self._rest()
        else:
            self._connections.enter(self, "working")

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._within(self._limits.stall, self._abort, "unread-answer")
        elif not self.cycle.response_complete:  # the next one had been sent already
            self._connections.enter(self, "working")
        elif self._phase == "body":
            self._connections.enter(self, "receiving")
            self._within(self._limits.header_time, self._abort, "answered-before-sent")
        elif self._phase == "waiting":
            self._rest()

    def _unsupported_upgrade_warning(self) -> None:
        """Answer as if nothing else had been asked for, and end the connection then."""
        self._deaf = True
        self.cycle.keep_alive = False

    # --- limits

    def _rest(self) -> None:
        """Wait for the next request."""
        self._connections.enter(self, "idle")
        self._within(self._limits.keep_alive, self._end, "")

    def _within(self, seconds: float, otherwise: Callable[..., None], *arguments: str) -> None:
        self._forget_deadline()
        self._deadline = self.loop.call_later(seconds, otherwise, *arguments)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _count_header(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > self._limits.header_bytes:
            raise _TooLargeError

    def _headers_late(self) -> None:
        seconds = self._limits.header_time
        self._refuse(RequestTimeoutError(f"The headers did not arrive within {seconds:g} seconds."))

    def _refuse_headers(self) -> None:
        limit = self._limits.header_bytes
        self._refuse(
            HeadersTooLargeError(f"The request line and headers have more than {limit} bytes.")
        )

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be parsed; the parser ends here for too large headers as well."""
        if self._header_bytes > self._limits.header_bytes:
            self._refuse_headers()
        else:
            self._refuse(InvalidHttpError("This is not an HTTP request."))

    def _refuse(self, error: FacetError) -> None:
        """Answer with a problem, unless another answer is under way, and end the connection.

        What it asked for is not known yet, so every wire format gets the native one's shape.
        """
        self._deaf = True
        CLOSED_CONNECTIONS.labels(error.slug).inc()
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()
            return
        refusal = answer(problem_of(error, {**SECURITY_HEADERS, "Connection": "close"}))
        headers = [*self.server_state.default_headers, *refusal.raw_headers]
        lines = [STATUS_LINE[refusal.status_code], *(b"%s: %s\r\n" % pair for pair in headers)]
        self.transport.write(b"".join([*lines, b"\r\n", bytes(refusal.body)]))
        self._connections.enter(self, "idle")
        self._within(_FAREWELL, self.transport.abort)

    def _end(self, reason: str) -> None:
        """Close it; at once if the client does not read what it has still to be sent."""
        if reason:
            CLOSED_CONNECTIONS.labels(reason).inc()
        self.transport.close()
        self._within(self._limits.stall, self.transport.abort)

    def _abort(self, reason: str) -> None:
        CLOSED_CONNECTIONS.labels(reason).inc()
        self.transport.abort()
