"""The acceptor, a server's first process: it accepts every connection and deals them out in turn.

If each process accepted for itself, whoever is quicker would take most of a burst, or the system
would deal by chance; clients keep their connections, so they would stay with it.
"""

import asyncio
import errno
import socket
import sys
from collections.abc import Iterator

import structlog
from uvicorn.config import STARTUP_FAILURE

from app.api.application import Application
from app.bootstrap.capacity import decoding_bytes
from app.platform.telemetry import PROCESSES
from app.serving.server import Server
from app.serving.workers import Workers
from app.settings import Settings

_BACKLOG = 2048
"""Connections that wait to be accepted."""
_PAUSE = 1.0
"""Seconds without accepting when there is no file descriptor for another connection."""
_SHORT_PAUSE = 0.02
"""The same where an idle connection has just been closed for it."""
_CHECK_INTERVAL = 0.1
"""Seconds between two looks whether the end is asked for a second time."""

_log = structlog.get_logger(__name__)


class Acceptor(Server):
    """Serves its share of the connections itself, and hands the workers theirs."""

    def __init__(self, application: Application, settings: Settings, workers: Workers) -> None:
        super().__init__(application, settings, workers.count + 1)
        self._settings = settings
        self._workers = workers
        self._public: list[socket.socket] = []
        self._operations: list[socket.socket] = []
        self._next = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup()
        settings = self._settings
        self._public = await self._listen(settings.host, settings.port)
        if settings.operations_port:
            host = settings.operations_host or settings.host
            self._operations = await self._listen(host, settings.operations_port)
        for listener in self._listeners:
            self._open(listener)
        self._workers.start()
        PROCESSES.set(1)
        port = self._public[0].getsockname()[1]
        address = self._address(settings.host, port)
        _log.info(
            "serving",
            address=address,
            processes=self._workers.count + 1,
            max_image_pixels=settings.max_image_pixels,
            decoding_bytes=decoding_bytes(settings),
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        for listener in self._listeners:
            loop.remove_reader(listener)
        ending = loop.create_task(self._workers.stop())
        await super().shutdown(sockets=self._listeners)
        while not ending.done():
            if self.force_exit:
                self._workers.kill()
            await asyncio.wait([ending], timeout=_CHECK_INTERVAL)

    @property
    def _listeners(self) -> list[socket.socket]:
        return self._public + self._operations

    async def _listen(self, host: str, port: int) -> list[socket.socket]:
        """A socket for each address of the host; without any the server does not start."""
        try:
            return list(_sockets(host, port))
        except OSError as error:
            _log.error("cannot-listen", address=self._address(host, port), why=str(error))
            await self.lifespan.shutdown()
            sys.exit(STARTUP_FAILURE)

    def _open(self, listener: socket.socket) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            self._wait(listener, error)
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if listener in self._operations:
            self.take(connection, operations=True)
            return
        self._next = (self._next + 1) % (self._workers.ready + 1)
        if self._next and self._workers.give(self._next - 1, connection):
            connection.close()  # this process's end of it
        else:
            self.take(connection)

    def _wait(self, listener: socket.socket, error: OSError) -> None:
        """Accept nothing for a moment: until a file descriptor has become free, it may be."""
        crowded = error.errno in (errno.EMFILE, errno.ENFILE)
        pause = _SHORT_PAUSE if crowded and self.connections.drop_one() else _PAUSE
        if pause == _PAUSE:
            _log.error("cannot-accept", why=str(error), again_in=pause)
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener)
        loop.call_later(pause, self._open, listener)

    def _address(self, host: str, port: int) -> str:
        scheme = "https" if self._settings.tls_cert else "http"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _sockets(host: str, port: int) -> Iterator[socket.socket]:
    """A socket for each address of the host. Raises OSError."""
    kind, flags = socket.SOCK_STREAM, socket.AI_PASSIVE
    found = socket.getaddrinfo(host or None, port, type=kind, flags=flags)
    for family, address in dict.fromkeys((one[0], one[4]) for one in found):
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
        listener.setblocking(False)
        yield listener
