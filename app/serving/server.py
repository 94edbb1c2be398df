"""One server process: uvicorn over the application."""

import asyncio
from socket import socket

import uvicorn

from app.api.application import Application
from app.settings import Settings
from app.shared_metrics import remove_shared


class Server(uvicorn.Server):
    """Tells the application when it is about to end, so that streams of events do as well."""

    def __init__(self, application: Application, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                host=settings.host,
                port=settings.port,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=30,
            )
        )
        self._application = application
        self._arriving: set[asyncio.Task[object]] = set()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._application.state.closing = True
        await super().shutdown(sockets)
        remove_shared()  # now, because a signal that ended the server is about to end the process

    def take(self, connection: socket) -> None:
        """Serve a connection that was accepted elsewhere. Belongs to the event loop."""
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        task = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
        self._arriving.add(task)  # the loop itself would forget it
        task.add_done_callback(self._arriving.discard)

    def _protocol(self) -> asyncio.Protocol:
        """What speaks HTTP on a connection."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
