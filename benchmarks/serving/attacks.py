"""What an attacker sends to a server, round after round, in a process of its own."""

import multiprocessing
import os
import secrets
import select
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

from benchmarks.serving.load import Request, form
from tests.hostile.alone.test_bodies import empty_objects, text_bomb
from tests.hostile.files import PICTURES, RECORDINGS

_TIMEOUT = 60.0
_BLOCK = 65_536
_PREPARATION = 180.0
_HOLD = 20.0
"""Seconds that connections are held which send nothing more."""
_PAUSE = 0.5
"""Seconds between two looks whether the attack goes on."""


Counts = dict[str, dict[str, int]]
"""What came back, by attack and status."""


@dataclass(frozen=True, slots=True)
class Victim:
    """A server, and the attacker's own key, which may read and nothing else."""

    port: int
    key: str
    collection: str


class Attackers:
    """Every attack at once, from another process; belongs to one thread."""

    def __init__(self, victim: Victim) -> None:
        context = multiprocessing.get_context("spawn")
        self._go, self._over, self._ready = context.Event(), context.Event(), context.Event()
        self._results: Queue[Counts] = context.Queue()
        arguments = (victim, self._go, self._over, self._ready, self._results)
        self._process = context.Process(target=_attack, args=arguments, daemon=True)

    def __enter__(self) -> "Attackers":
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._go.clear()
        self._over.set()
        self._process.join(2 * _TIMEOUT)
        self._process.kill()

    def begin(self) -> None:
        """Wait until they are ready, which takes seconds the first time, and let them go."""
        if not self._ready.wait(_PREPARATION):
            raise RuntimeError("the attacks cannot be made ready")
        self._go.set()

    def pause(self) -> None:
        """Let them leave; what they hold is closed."""
        self._go.clear()

    def stop(self) -> Counts:
        """End them for good; what came back, by attack and status."""
        self._go.clear()
        self._over.set()
        return self._results.get(timeout=2 * _TIMEOUT)


@dataclass(frozen=True, slots=True)
class _Attack:
    name: str
    round: Callable[[], str]
    """One round; the status that came back, or `closed`."""
    pause: float
    """Seconds between two rounds."""
    copies: int = 1


def _attack(victim: Victim, go: Event, over: Event, ready: Event, results: "Queue[Counts]") -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)

    def repeat(attack: _Attack) -> None:
        count = counts[attack.name]
        while not over.is_set():
            if not go.wait(_PAUSE):
                continue
            with suppress(OSError):
                count[attack.round()] += 1
            over.wait(attack.pause)

    attacks = list(_attacks(victim, go))
    threads = [
        threading.Thread(target=repeat, args=[one], daemon=True)
        for one in attacks
        for _ in range(one.copies)
    ]
    os.nice(10)  # attackers have machines of their own
    ready.set()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put({name: dict(count) for name, count in counts.items()})


def _attacks(victim: Victim, go: Event) -> Iterator[_Attack]:
    """All of them. Those with a key send one request after the other: a key has no limit."""
    detect, key = "/v1/detect", victim.key
    recordings = f"/v1/collections/{victim.collection}/sequences/recognize"
    large = _head(detect, 90 * 2**20)
    yield _Attack(
        "90 MB of JSON, no key",
        lambda: _send(victim, [large, *[b'{"a":[' + b" " * _BLOCK] * 1400], go),
        0.5,
    )
    for name, token in (("no key", ""), ("a key", key)):
        drops = [_head(detect, 100_000, token), *[b"{"] * 200]
        yield _Attack(
            f"dripping body, {name}",
            partial(_send, victim, drops, go, pause=0.5),
            0.5,
            5,
        )
    yield _Attack("100 idle connections", lambda: _hold(victim, 100, b"", go), 0.1)
    half = _head(detect, 10).removesuffix(b"\r\n") + b"X-Half: "
    yield _Attack("50 half headers", lambda: _hold(victim, 50, half, go), 0.1)
    flood = [half, *[b"X-Flood: " + b"y" * 1000 + b"\r\n"] * 10_000]
    yield _Attack("headers of 10 MB", lambda: _send(victim, flood, go), 0.2)
    yield _Attack("wrong keys", lambda: _request(victim, _listing(), _wrong_key()), 0.02)
    for name, text in (("deep", b"[" * 60_000), ("wide", empty_objects(5 * 2**20))):
        request = Request(name, detect, text, "application/json")
        yield _Attack(f"{name} JSON, a key", partial(_request, victim, request, key), 0.3)
    bomb = form("bomb", "/v1/verify", {"reference": text_bomb(), "probe": text_bomb()})
    yield _Attack("60 MB of text in PNGs, a key", lambda: _request(victim, bomb, key), 0.3)
    for kind, path, name, makers in (
        ("pictures", detect, "image", [file.make for file in PICTURES]),
        ("recordings", recordings, "video", [make for _, make, _ in RECORDINGS]),
    ):
        made = cycle([form(kind, path, {name: make()}) for make in makers])
        yield _Attack(f"hostile {kind}, a key", partial(_request_next, victim, made, key), 0.2)


def _listing() -> Request:
    return Request("list", "/v1/collections", b"", "")


def _wrong_key() -> str:
    return f"facet_{secrets.token_hex(8)}_{secrets.token_urlsafe(32)}"


def _head(path: str, length: int, key: str = "", kind: str = "application/json") -> bytes:
    """Request line and headers of a POST, of a GET without a kind of body."""
    lines = [
        f"{'POST' if kind else 'GET'} {path} HTTP/1.1",
        *("Host: 127.0.0.1", "Connection: close"),
        *([f"Content-Type: {kind}", f"Content-Length: {length}"] if kind else []),
        *([f"Authorization: Bearer {key}"] if key else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _connected(victim: Victim) -> socket.socket:
    return socket.create_connection(("127.0.0.1", victim.port), timeout=_TIMEOUT)


def _request(victim: Victim, request: Request, key: str) -> str:
    head = _head(request.path, len(request.body), key, request.content_type)
    with _connected(victim) as connection:
        with suppress(OSError):  # it may be answered before it has been sent
            connection.sendall(head + request.body)
        return _status(connection)


def _request_next(victim: Victim, requests: Iterator[Request], key: str) -> str:
    return _request(victim, next(requests), key)


def _send(victim: Victim, pieces: Iterable[bytes], go: Event, pause: float = 0.0) -> str:
    """Send them in turn until there is an answer."""
    with _connected(victim) as connection:
        with suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
                if select.select([connection], [], [], pause)[0] or not go.is_set():
                    break
        return _status(connection) if go.is_set() else "left"


def _hold(victim: Victim, count: int, first: bytes, go: Event) -> str:
    with ExitStack() as stack:
        for _ in range(count):
            connection = stack.enter_context(_connected(victim))
            connection.sendall(first)
        end = time.monotonic() + _HOLD
        while go.is_set() and time.monotonic() < end:
            time.sleep(_PAUSE)
    return "held"


def _status(connection: socket.socket) -> str:
    """Of the answer, whose body is read to its end."""
    answer = b""
    with suppress(OSError):
        while block := connection.recv(_BLOCK):
            answer = answer or block
    words = answer[:16].split()
    return words[1].decode() if len(words) > 1 else "closed"
