"""One server process: uvicorn over the application."""

import asyncio
from socket import socket

import uvicorn

from app.api.application import Application
from app.api.web.listeners import OPERATIONS
from app.platform.shared_metrics import remove_shared
from app.platform.telemetry import CLOSED_CONNECTIONS
from app.serving.connections import Connections
from app.serving.http import HttpConnection
from app.serving.limits import ConnectionLimits
from app.settings import Settings


class Server(uvicorn.Server):
    """Serves the connections that it is given; it listens nowhere itself.

    It tells the application when it is about to end, so that streams of events do as well.
    """

    def __init__(self, application: Application, settings: Settings, processes: int = 1) -> None:
        """Make one of so many processes, which takes its share of the connections."""
        super().__init__(
            uvicorn.Config(
                application,
                host=settings.host,
                port=settings.port,
                http=HttpConnection,
                ws="none",
                log_config=None,
                access_log=False,  # its lines have paths and queries, which name people
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=30,
                ssl_certfile=settings.tls_cert,
                ssl_keyfile=settings.tls_key,
            )
        )
        self.limits = ConnectionLimits.of(settings, processes)
        self.connections = Connections(self.limits.connections)
        self._application = application
        self._arriving: set[asyncio.Task[object]] = set()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets=[])

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._application.edge.closing.set()
        await super().shutdown(sockets)
        remove_shared()  # now, because a signal that ended the server is about to end the process

    def take(self, connection: socket, *, operations: bool = False) -> None:
        """Serve a connection that was accepted elsewhere. Belongs to the event loop.

        `operations`: it came to the listener for operations alone.
        """
        if not self.connections.make_way():
            CLOSED_CONNECTIONS.labels("all-busy").inc()
            connection.close()
            return
        connection.setblocking(False)
        protocol = HttpConnection(
            connection,
            self.connections,
            self.limits,
            config=self.config,
            server_state=self.server_state,
            app_state={**self.lifespan.state, OPERATIONS: operations},
        )
        task = asyncio.get_running_loop().create_task(self._begin(connection, protocol))
        self._arriving.add(task)  # the loop itself would forget it
        task.add_done_callback(self._arriving.discard)

    async def _begin(self, connection: socket, protocol: HttpConnection) -> None:
        """Agree on encryption, if there is any; what comes then is the protocol's."""
        encryption = self.config.ssl
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=encryption,
                ssl_handshake_timeout=self.limits.header_time if encryption else None,
            )
        except OSError:  # the client is gone, does not speak TLS or takes too long over it
            self.connections.forget(protocol)
            connection.close()
