"""A load generator: so many clients, each with one connection, each asking again and again."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from statistics import quantiles
from typing import Any
from uuid import uuid4

_TIMEOUT = 120


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be sent; `kind` groups it in reports."""

    kind: str
    path: str
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What became of one request; status 0 when the connection broke."""

    kind: str
    status: int
    seconds: float
    ended: float


@dataclass(slots=True)
class Load:
    """What a run of many clients has found."""

    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        """Throughput of what succeeded, and the spread of its latencies in seconds."""
        good = sorted(one.seconds for one in self.outcomes if one.status in (200, 201))
        report: dict[str, Any] = {
            "requests": len(self.outcomes),
            "statuses": dict(Counter(str(one.status) for one in self.outcomes)),
            "throughput": len(good) / self.seconds if self.seconds else 0.0,
        }
        if len(good) > 1:
            cuts = quantiles(good, n=100, method="inclusive")
            report |= {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": good[-1]}
        return report


def form(kind: str, path: str, fields: Mapping[str, bytes | str]) -> Request:
    """A multipart request; bytes become files."""
    boundary = uuid4().hex
    body = b""
    for name, value in fields.items():
        file = '; filename="image"' if isinstance(value, bytes) else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        body += head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return Request(kind, path, body, f"multipart/form-data; boundary={boundary}")


def send(
    connection: http.client.HTTPConnection, request: Request, method: str = "POST"
) -> tuple[int, bytes]:
    """Status and body of the answer."""
    headers = {**request.headers, "Content-Type": request.content_type}
    connection.request(method, request.path, request.body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def once(port: int, request: Request, method: str = "POST") -> tuple[int, bytes]:
    """Status and body of the answer, on a connection of its own."""
    return send(http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT), request, method)


def ask(port: int, path: str, fields: Mapping[str, Any]) -> Any:
    """POST JSON and return the JSON of the answer, which must be a success."""
    request = Request("", path, json.dumps(fields).encode(), "application/json")
    status, body = once(port, request)
    assert status in (200, 201), body
    return json.loads(body)


def generate(
    port: int,
    clients: int,
    choose: Callable[[int, int], Request],
    *,
    seconds: float | None = None,
    requests: int | None = None,
    retry_after: float = 0.0,
    watch: Callable[[int], None] | None = None,
) -> Load:
    """Load a server with so many clients for some seconds, or until so many requests are done.

    `choose` gives the request of a client's number and a running number; `watch` is told after
    each how many are done. After a 503 a client waits for `retry_after` seconds.
    """
    load, numbers, over = Load(), count(), threading.Event()
    lock = threading.Lock()

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        while not over.is_set():
            position = next(numbers)
            if requests is not None and position >= requests:
                break
            outcome = _outcome(connection, choose(number, position))
            with lock:
                load.outcomes.append(outcome)
                if watch is not None:
                    watch(len(load.outcomes))
            if outcome.status == 503 and retry_after:
                over.wait(retry_after)
        connection.close()

    begin = time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    if seconds is not None:
        time.sleep(seconds)
        over.set()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - begin
    return load


def _outcome(connection: http.client.HTTPConnection, request: Request) -> Outcome:
    start = time.perf_counter()
    try:
        status, _ = send(connection, request)
    except (OSError, http.client.HTTPException):
        connection.close()
        status = 0
    end = time.perf_counter()
    return Outcome(request.kind, status, end - start, end)


def failures(outcomes: Sequence[Outcome], expected: Sequence[int]) -> list[str]:
    """Outcomes of statuses that were not expected, for a message."""
    return [f"{one.kind}: {one.status}" for one in outcomes if one.status not in expected]
