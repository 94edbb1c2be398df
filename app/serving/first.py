"""The first of a server's processes: it accepts every connection and deals them out in turn.

If each process accepted for itself, whoever is quicker would take most of a burst, or the system
would deal by chance; clients keep their connections, so they would stay with it.
"""

import asyncio
import socket
import sys
from collections.abc import Iterator

import structlog
from uvicorn.config import STARTUP_FAILURE

from app.api.application import Application
from app.serving.companions import Companions
from app.serving.server import Server
from app.settings import Settings

_BACKLOG = 2048
"""Connections that wait to be accepted."""
_PAUSE = 1.0
"""Seconds without accepting when there is no file descriptor for another connection."""
_LOOK = 0.1
"""Seconds between two looks whether somebody lost patience with the end."""

_log = structlog.get_logger(__name__)


class FirstServer(Server):
    """Serves its share itself, and hands the companions theirs."""

    def __init__(
        self, application: Application, settings: Settings, companions: Companions
    ) -> None:
        super().__init__(application, settings)
        self._settings = settings
        self._companions = companions
        self._doors: list[socket.socket] = []
        self._turn = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        try:
            self._doors = list(_listen(self._settings.host, self._settings.port))
        except OSError as error:
            _log.error("cannot-listen", address=self._address(self._settings.port), why=str(error))
            await self.lifespan.shutdown()
            sys.exit(STARTUP_FAILURE)
        for door in self._doors:
            self._open(door)
        self._companions.start()
        port = self._doors[0].getsockname()[1]
        _log.info("serving", address=self._address(port), processes=self._companions.count + 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        for door in self._doors:
            loop.remove_reader(door)
        ending = loop.create_task(self._companions.stop())
        await super().shutdown(sockets=self._doors)
        while not ending.done():
            if self.force_exit:
                self._companions.kill()
            await asyncio.wait([ending], timeout=_LOOK)

    def _open(self, door: socket.socket) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().add_reader(door, self._accept, door)

    def _accept(self, door: socket.socket) -> None:
        try:
            connection, _ = door.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            _log.error("cannot-accept", why=str(error), again_in=_PAUSE)
            loop = asyncio.get_running_loop()
            loop.remove_reader(door)
            loop.call_later(_PAUSE, self._open, door)
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._turn = (self._turn + 1) % (self._companions.ready + 1)
        if self._turn and self._companions.give(self._turn - 1, connection):
            connection.close()  # this process's end of it
        else:
            self.take(connection)

    def _address(self, port: int) -> str:
        host = self._settings.host
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listen(host: str, port: int) -> Iterator[socket.socket]:
    """A socket for each address of the host. Raises OSError."""
    kind, flags = socket.SOCK_STREAM, socket.AI_PASSIVE
    found = socket.getaddrinfo(host or None, port, type=kind, flags=flags)
    for family, address in dict.fromkeys((one[0], one[4]) for one in found):
        door = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
        door.setblocking(False)
        yield door
