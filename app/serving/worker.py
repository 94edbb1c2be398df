"""`python -m app.serving.worker`: a server process that is given its connections.

It ends when the acceptor does, whose end closes the channel between them.
"""

import asyncio
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from app.platform.loading import loading
from app.platform.logs import configure_logging
from app.serving.heartbeats import Silence, give_sign
from app.settings import Settings
from models.errors import ReportedError

with loading():
    from app.bootstrap.application import open_application
    from app.serving.server import Server

if TYPE_CHECKING:
    from app.api.application import Application

_log = structlog.get_logger(__name__)


class WorkerServer(Server):
    """Listens to the acceptor instead of a port."""

    def __init__(
        self,
        application: "Application",
        settings: Settings,
        channel: socket.socket,
        processes: int,
    ) -> None:
        super().__init__(application, settings, processes)
        self._interval = Silence.of(settings).interval
        self._channel = channel

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup()
        self._channel.setblocking(False)
        asyncio.get_running_loop().add_reader(self._channel, self._receive)
        self._channel.send(b"r")
        self._give_signs()

    def _give_signs(self) -> None:
        with suppress(OSError):  # the end of the acceptor is noticed by the reader
            give_sign(self._channel)
            asyncio.get_running_loop().call_later(self._interval, self._give_signs)

    def _receive(self) -> None:
        try:
            word, descriptors, _, _ = socket.recv_fds(self._channel, 1, 1)
        except BlockingIOError:
            return
        except ConnectionError:
            word, descriptors = b"", []
        for descriptor in descriptors:
            self.take(socket.socket(fileno=descriptor))
        if not word:
            asyncio.get_running_loop().remove_reader(self._channel)
            self.should_exit = True


def main(descriptor: int, processes: int) -> int:
    """Serve what comes through the socket with that file descriptor; returns the exit status."""
    settings = Settings()
    configure_logging(settings.log_format)
    try:
        application = open_application(settings, processes=processes, with_jobs=False)
    except ReportedError as error:
        _log.error("server-process-fails", code=error.slug, why=error.message)
        return 2
    channel = socket.socket(fileno=descriptor)
    WorkerServer(application, settings, channel, processes).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
