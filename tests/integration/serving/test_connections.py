"""What a client may send before it is answered, how long it may take, and who gives way to whom."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from app.serving.acceptor import Acceptor
from app.serving.heartbeats import Silence
from app.serving.tls import check_certificate
from app.serving.workers import Workers
from app.settings import Settings

_SHORT = 0.4
_SOON = 5.0
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _application() -> Any:
    application: Any = FastAPI()
    application.edge = SimpleNamespace(closing=threading.Event())

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
    short = {"header_timeout": _SHORT, "keep_alive_timeout": _SHORT, "stall_timeout": _SHORT}
    given = Settings(**{"port": 0, **short, **settings})
    server = Acceptor(_application(), given, Workers(0, {}, Silence.of(given)))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _wait_until(lambda: server.started and bool(server._public))
        server.port = server._public[0].getsockname()[1]  # type: ignore[attr-defined]
        yield server
    finally:
        server.should_exit = True
        thread.join(_SOON)
        assert not thread.is_alive()


@pytest.fixture
def server() -> Iterator[Acceptor]:
    with serving() as running:
        yield running


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 2 * _SOON
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _connect(server: Any) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=_SOON)


def _read(connection: socket.socket) -> bytes:
    """All until the server ends the connection."""
    parts = []
    with closing(connection):
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionError:
            pass
    return b"".join(parts)


def _answer(connection: socket.socket) -> bytes:
    """What has come up to the end of one short answer."""
    answer = b""
    while b"\r\n\r\n" not in answer or not answer.partition(b"\r\n\r\n")[2]:
        part = connection.recv(65536)
        assert part, answer
        answer += part
    return answer


def _dribble(connection: socket.socket, data: bytes) -> None:
    """Send a byte at a time, as long as anybody takes them."""
    try:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)
    except OSError:
        return


def test_who_sends_nothing_is_let_go(server: Acceptor) -> None:
    assert _read(_connect(server)) == b""


def test_empty_lines_are_not_a_request(server: Acceptor) -> None:
    connection = _connect(server)
    _dribble(connection, b"\r\n" * 100)
    assert _read(connection) == b""


@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_headers_have_to_come_in_time(server: Acceptor, pause: float) -> None:
    connection = _connect(server)
    connection.sendall(b"GET /healthz HTTP/1.1\r\n")
    if pause:
        _dribble(connection, b"X-Header: " + b"x" * 100)
    answer = _read(connection)
    assert answer.startswith(b"HTTP/1.1 408 ") or pause  # lost when the client went on sending
    assert b'"code":"request-timeout"' in answer or pause


def test_the_next_request_has_to_come_in_time(server: Acceptor) -> None:
    connection = _connect(server)
    connection.sendall(GET)
    assert _read(connection).count(b"HTTP/1.1 200") == 1
    connection = _connect(server)
    connection.sendall(GET + GET[:20])
    answer = _read(connection)
    assert answer.count(b"HTTP/1.1 200") == 1 and answer.count(b"HTTP/1.1 408") == 1


@pytest.mark.parametrize(
    "flood",
    [
        b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 400_000,
        b"GET /healthz HTTP/1.1\r\n" + b"X-Short: y\r\n" * 40_000,
        b"GET /" + b"x" * 400_000,
        b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 40_000 + b"\r\n\r\n",
    ],
    ids=["one", "many", "address", "just-too-large"],
)
def test_headers_have_a_size(server: Acceptor, flood: bytes) -> None:
    connection = _connect(server)
    connection.sendall(flood)
    answer = _read(connection)
    assert answer.startswith(b"HTTP/1.1 431 ") and b'"code":"headers-too-large"' in answer


@pytest.mark.parametrize("what", [b"0\r\nX: ", b"0\r\nX: y\r\nX: ", b"5;x="], ids=["one", "2", "3"])
def test_what_surrounds_a_body_has_a_size(server: Acceptor, what: bytes) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = _connect(server)
    connection.sendall(head)
    connection.sendall(what + b"x" * 30_000)
    time.sleep(0.05)
    try:
        for _ in range(100):
            connection.sendall(b"x" * 10_000)
    except ConnectionError:
        pass
    assert b"200 OK" not in _read(connection)


def test_trailers_change_no_headers(server: Acceptor) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = _connect(server)
    connection.sendall(head + b"2\r\nab\r\n0\r\nAuthorization: Bearer other\r\n\r\n")
    answer = _read(connection)
    assert b"200 OK" in answer and b"authorization" not in answer


def test_an_answered_body_need_not_come(server: Acceptor) -> None:
    connection = _connect(server)
    connection.sendall(b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    _dribble(connection, b"x" * 200)
    assert _read(connection).count(b"HTTP/1.1") <= 1


def test_a_short_rest_of_an_answered_body_harms_nobody(server: Acceptor) -> None:
    connection = _connect(server)
    connection.sendall(b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
    _answer(connection)
    connection.sendall(b"abc" + GET)
    assert b"HTTP/1.1 200" in _answer(connection)
    connection.close()


def test_who_does_not_read_is_let_go(server: Acceptor) -> None:
    connection = _connect(server)
    connection.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _wait_until(lambda: len(server.connections) == 1)
    _wait_until(lambda: len(server.connections) == 0)
    connection.close()


def test_many_requests_at_once_are_answered(server: Acceptor) -> None:
    connection = _connect(server)
    for _ in range(40):
        connection.sendall(GET * 50 + GET[:30])
        connection.sendall(GET[30:])
    assert _read(connection).count(b"HTTP/1.1 200") == 40 * 51


def test_another_protocol_is_not_spoken(server: Acceptor) -> None:
    connection = _connect(server)
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    connection.sendall(GET[:-2] + upgrade + b"\x81\x85garbage" * 100)
    answer = _read(connection)
    assert answer.startswith(b"HTTP/1.1 200") and b"connection: close" in answer


def test_what_is_not_http_is_told_so(server: Acceptor) -> None:
    connection = _connect(server)
    connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
    answer = _read(connection)
    assert answer.startswith(b"HTTP/1.1 400 ") and b'"code":"invalid-http"' in answer


def test_the_longest_idle_gives_way() -> None:
    with serving(max_connections=4, header_timeout=60, keep_alive_timeout=60) as server:
        first = _connect(server)
        first.sendall(GET)
        _answer(first)
        idle = [_connect(server) for _ in range(20)]
        _wait_until(lambda: len(server.connections) == 4)
        idle[-1].sendall(GET)
        assert b"HTTP/1.1 200" in _answer(idle[-1])
        assert _read(first) == b""  # its turn came first
        assert _read(idle[0]) == b""
        for connection in idle:
            connection.close()


def test_who_is_being_answered_stays() -> None:
    with serving(max_connections=2, stall_timeout=60) as server:
        busy = [_connect(server) for _ in range(2)]
        for connection in busy:
            connection.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(10)
        assert _read(_connect(server)) == b""
        assert all(connection.recv(10) for connection in busy)
        for connection in busy:
            connection.close()


def _certificate(directory: Path) -> dict[str, Path]:
    made = trustme.CA().issue_cert("localhost")
    made.cert_chain_pems[0].write_to_path(directory / "cert.pem")
    made.private_key_pem.write_to_path(directory / "key.pem")
    return {"tls_cert": directory / "cert.pem", "tls_key": directory / "key.pem"}


def test_https_is_spoken(tmp_path: Path) -> None:
    with serving(**_certificate(tmp_path), max_connections=4) as server:
        context = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        secret = context.wrap_socket(_connect(server), server_hostname="localhost")
        secret.sendall(GET)
        assert b"HTTP/1.1 200" in _answer(secret)
        secret.close()
        plain = _connect(server)
        plain.sendall(GET)
        assert b"200" not in _read(plain)
        assert _read(_connect(server)) == b""  # a handshake has to come in time too
        silent = [_connect(server) for _ in range(8)]
        _wait_until(lambda: len(server.connections) == 0)
        for connection in silent:
            connection.close()


def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    usable = _certificate(tmp_path)
    check_certificate(Settings(**usable))
    (tmp_path / "other").mkdir()
    other = _certificate(tmp_path / "other")["tls_key"]
    for cert, key in ((usable["tls_cert"], other), (tmp_path / "none.pem", usable["tls_key"])):
        with pytest.raises(ValueError, match="cannot be used for TLS"):
            check_certificate(Settings(tls_cert=cert, tls_key=key))
