"""What a client may send before it is answered, how long it may take, and who gives way to whom."""

import time
from collections.abc import Iterator

import pytest

from app.serving.acceptor import Acceptor
from tests.integration.connections.acceptors import (
    GET,
    answer_on,
    connect,
    dribble,
    read,
    serving,
    wait_until,
)


@pytest.fixture
def server() -> Iterator[Acceptor]:
    with serving() as running:
        yield running


def test_who_sends_nothing_is_let_go(server: Acceptor) -> None:
    assert read(connect(server)) == b""


def test_empty_lines_are_not_a_request(server: Acceptor) -> None:
    connection = connect(server)
    dribble(connection, b"\r\n" * 100)
    assert read(connection) == b""


@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_headers_have_to_come_in_time(server: Acceptor, pause: float) -> None:
    connection = connect(server)
    connection.sendall(b"GET /healthz HTTP/1.1\r\n")
    if pause:
        dribble(connection, b"X-Header: " + b"x" * 100)
    answer = read(connection)
    assert answer.startswith(b"HTTP/1.1 408 ") or pause  # lost when the client went on sending
    assert b'"code":"request-timeout"' in answer or pause


def test_the_next_request_has_to_come_in_time(server: Acceptor) -> None:
    connection = connect(server)
    connection.sendall(GET)
    assert read(connection).count(b"HTTP/1.1 200") == 1
    connection = connect(server)
    connection.sendall(GET + GET[:20])
    answer = read(connection)
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
    connection = connect(server)
    connection.sendall(flood)
    answer = read(connection)
    assert answer.startswith(b"HTTP/1.1 431 ") and b'"code":"headers-too-large"' in answer


@pytest.mark.parametrize("what", [b"0\r\nX: ", b"0\r\nX: y\r\nX: ", b"5;x="], ids=["one", "2", "3"])
def test_what_surrounds_a_body_has_a_size(server: Acceptor, what: bytes) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = connect(server)
    connection.sendall(head)
    connection.sendall(what + b"x" * 30_000)
    time.sleep(0.05)
    try:
        for _ in range(100):
            connection.sendall(b"x" * 10_000)
    except ConnectionError:
        pass
    assert b"200 OK" not in read(connection)


def test_trailers_change_no_headers(server: Acceptor) -> None:
    head = b"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = connect(server)
    connection.sendall(head + b"2\r\nab\r\n0\r\nAuthorization: Bearer other\r\n\r\n")
    answer = read(connection)
    assert b"200 OK" in answer and b"authorization" not in answer


def test_an_answered_body_need_not_come(server: Acceptor) -> None:
    connection = connect(server)
    connection.sendall(b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    dribble(connection, b"x" * 200)
    assert read(connection).count(b"HTTP/1.1") <= 1


def test_a_short_rest_of_an_answered_body_harms_nobody(server: Acceptor) -> None:
    connection = connect(server)
    connection.sendall(b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
    answer_on(connection)
    connection.sendall(b"abc" + GET)
    assert b"HTTP/1.1 200" in answer_on(connection)
    connection.close()


def test_who_does_not_read_is_let_go(server: Acceptor) -> None:
    connection = connect(server)
    connection.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
    wait_until(lambda: len(server.connections) == 1)
    wait_until(lambda: len(server.connections) == 0)
    connection.close()


def test_many_requests_at_once_are_answered(server: Acceptor) -> None:
    connection = connect(server)
    for _ in range(40):
        connection.sendall(GET * 50 + GET[:30])
        connection.sendall(GET[30:])
    assert read(connection).count(b"HTTP/1.1 200") == 40 * 51


def test_another_protocol_is_not_spoken(server: Acceptor) -> None:
    connection = connect(server)
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    connection.sendall(GET[:-2] + upgrade + b"\x81\x85garbage" * 100)
    answer = read(connection)
    assert answer.startswith(b"HTTP/1.1 200") and b"connection: close" in answer


def test_what_is_not_http_is_told_so(server: Acceptor) -> None:
    connection = connect(server)
    connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
    answer = read(connection)
    assert answer.startswith(b"HTTP/1.1 400 ") and b'"code":"invalid-http"' in answer


def test_the_longest_idle_gives_way() -> None:
    with serving(max_connections=4, header_timeout=60, keep_alive_timeout=60) as server:
        first = connect(server)
        first.sendall(GET)
        answer_on(first)
        idle = [connect(server) for _ in range(20)]
        wait_until(lambda: len(server.connections) == 4)
        idle[-1].sendall(GET)
        assert b"HTTP/1.1 200" in answer_on(idle[-1])
        assert read(first) == b""  # its turn came first
        assert read(idle[0]) == b""
        for connection in idle:
            connection.close()


def test_who_is_being_answered_stays() -> None:
    with serving(max_connections=2, stall_timeout=60) as server:
        busy = [connect(server) for _ in range(2)]
        for connection in busy:
            connection.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(10)
        assert read(connect(server)) == b""
        assert all(connection.recv(10) for connection in busy)
        for connection in busy:
            connection.close()
