"""An acceptor without workers in a thread, and clients that speak to it byte by byte."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from app.serving.acceptor import Acceptor
from app.serving.heartbeats import Silence
from app.serving.workers import Workers
from app.settings import Settings

SHORT = 0.4
SOON = 5.0
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _application() -> Any:
    application = FastAPI()
    setattr(application, "edge", SimpleNamespace(closing=threading.Event()))  # noqa: B010

    @application.get("/healthz")
    async def healthz() -> str:
        return "ok"

    @application.get("/headers")
    async def headers(request: Request) -> list[tuple[str, str]]:
        return list(request.headers.items())

    @application.post("/refused")
    async def refused() -> str:
        return "no"

    @application.post("/body")
    async def body(request: Request) -> dict[str, str]:
        await request.body()
        return dict(request.headers)

    @application.get("/endless")
    async def endless() -> StreamingResponse:
        return StreamingResponse(iter(lambda: b"x" * 65536, b""))

    return application


@contextmanager
def serving(**settings: Any) -> Iterator[Acceptor]:
    """A server of one process in a thread, on a free port that `server.port` tells."""
    short = {"header_timeout": SHORT, "keep_alive_timeout": SHORT, "stall_timeout": SHORT}
    given = Settings(**{"port": 0, **short, **settings})
    server = Acceptor(_application(), given, Workers(0, {}, Silence.of(given)))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started and bool(server._public))
        server.port = server._public[0].getsockname()[1]  # type: ignore[attr-defined]
        yield server
    finally:
        server.should_exit = True
        thread.join(SOON)
        assert not thread.is_alive()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 2 * SOON
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def connect(server: Any) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=SOON)


def read(connection: socket.socket) -> bytes:
    """All until the server ends the connection."""
    parts = []
    with closing(connection):
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionError:
            pass
    return b"".join(parts)


def answer_on(connection: socket.socket) -> bytes:
    """What has come up to the end of one short answer."""
    answer = b""
    while b"\r\n\r\n" not in answer or not answer.partition(b"\r\n\r\n")[2]:
        part = connection.recv(65536)
        assert part, answer
        answer += part
    return answer


def dribble(connection: socket.socket, data: bytes) -> None:
    """Send a byte at a time, as long as anybody takes them."""
    try:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)
    except OSError:
        return
