"""The load generator: requests a real server understands, figures that mean what they say."""

import http.server
import threading
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP

import pytest
from typer.main import get_group

from benchmarks.__main__ import app
from benchmarks.serving.hostile import Seen
from benchmarks.serving.load import Load, Outcome, Request, form, generate
from benchmarks.versions import against


class Echo(http.server.BaseHTTPRequestHandler):
    """Remembers bodies; refuses every third request."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[Message, bytes]] = []  # noqa: RUF012 - shared by all instances on purpose

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers, body))
        self.send_response(503 if len(self.seen) % 3 == 0 else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    Echo.seen.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_forms_are_multipart(port: int) -> None:
    request = form("one", "/path", {"image": b"\x00\xff\r\n", "face": "largest"})
    load = generate(port, 1, lambda *_: request, requests=1)
    assert [one.status for one in load.outcomes] == [200]
    headers, body = Echo.seen[0]
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    assert isinstance(message, EmailMessage)
    image, face = message.iter_parts()
    assert image.get_param("name", header="content-disposition") == "image"
    content = image.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert image.get_filename() and content.rstrip(b"\r\n") == b"\x00\xff"
    assert isinstance(face, EmailMessage)
    assert face.get_filename() is None and face.get_content().strip() == "largest"


def test_every_client_asks_and_refusals_are_counted_apart(port: int) -> None:
    asked: list[tuple[int, int]] = []

    def choose(client: int, position: int) -> Request:
        asked.append((client, position))
        return form("one", "/", {"a": "b"})

    load = generate(port, 3, choose, requests=30)
    assert sorted(position for _, position in asked) == list(range(30))
    figures = load.figures()
    assert figures["statuses"] == {"200": 20, "503": 10}
    assert figures["throughput"] == pytest.approx(20 / load.seconds)


def test_a_server_that_is_gone_is_an_outcome_not_an_end() -> None:
    load = generate(1, 1, lambda *_: form("one", "/", {}), requests=2)
    assert [one.status for one in load.outcomes] == [0, 0]


def test_percentiles_are_those_of_successes() -> None:
    outcomes = [Outcome("one", 200, seconds / 100, 0) for seconds in range(101)]
    load = Load([*outcomes, Outcome("one", 503, 99.0, 0)], seconds=10.0)
    figures = load.figures()
    assert figures["p50"] == pytest.approx(0.5) and figures["p99"] == pytest.approx(0.99)
    assert figures["max"] == 1.0 and figures["throughput"] == pytest.approx(10.1)


def test_every_benchmark_can_be_quick_and_writes_json() -> None:
    benchmarks = dict(get_group(app).commands)
    del benchmarks["fit-embeddings"]  # makes what another one uses
    for name, benchmark in benchmarks.items():
        options = {option for parameter in benchmark.params for option in parameter.opts}
        assert {"--quick", "--json"} <= options, name


def test_spells_with_and_without_attack_are_told_apart() -> None:
    """Requests that began before a spell had settled, or ended after it, belong to neither."""

    def outcome(began: float, ended: float) -> Outcome:
        return Outcome("detect", 200, ended - began, ended)

    seen = Seen(spells=[(0.0, 10.0, False), (10.0, 30.0, True)])
    calm, late, early, attacked = (
        outcome(*times) for times in ((2, 3), (9, 10.5), (10.2, 12), (12, 29))
    )
    seen.outcomes = [calm, late, early, attacked]
    seen.memory = [(5.0, 1), (10.5, 2), (12.0, 3), (29.0, 4), (31.0, 5)]
    assert seen.within(attacked=False) == [calm]
    assert seen.within(attacked=True) == [attacked]
    assert seen.memory_while_attacked() == [3, 4]


class Steady:
    """A version that answers so many requests a second, each for so much processor time."""

    order: list[str] = []  # noqa: RUF012 - shared by all instances on purpose

    def __init__(self, name: str, pace: int, processor: float) -> None:
        self._name, self._pace, self._processor = name, pace, processor

    def take(
        self, operation: str, clients: int, seconds: float, measured: against.Measured
    ) -> None:
        self.order.append(self._name)
        measured.throughputs.append(self._pace)
        measured.requests += round(self._pace * seconds)
        measured.seconds += seconds
        measured.processor += self._processor * self._pace * seconds


def test_versions_take_turns_and_are_compared_by_ratio() -> None:
    Steady.order.clear()
    contenders = {"other": Steady("other", 50, 0.02), "this": Steady("this", 40, 0.01)}
    found = against._loaded(contenders, 2.0, rounds=2)  # type: ignore[arg-type]
    half = len(Steady.order) // 2
    assert Steady.order[:half] == ["other", "this"] * (half // 2)
    assert Steady.order[half:] == ["this", "other"] * (half // 2)
    report = against._report(found)
    figures = {"throughput": 0.8, "median of rounds": 0.8, "processor time": 2.0}
    assert report["all_ratios"]["mixed, 64 clients"] == pytest.approx(figures)
    assert report["ratios"]["least"] == pytest.approx(0.8)
