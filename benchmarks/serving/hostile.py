"""Honest clients beside attackers: are they answered as quickly, by a server that stays small?"""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer

from app.cli.demo.portraits import cropped, eileen, encoded, grace
from benchmarks.measuring import JsonOption, QuickOption, draw_lines, finish, machine
from benchmarks.serving.attacks import Attackers, Victim
from benchmarks.serving.load import Outcome, Request, form
from benchmarks.serving.server_process import ServerProcess

_CLIENTS = 8
_PAUSE = 0.5
"""Seconds between two requests of an honest client: a server that is busy, and not full."""
_PROBE_PAUSE = 0.1
_SAMPLE_PAUSE = 1.0
_SETTLING = 1.0
"""Seconds at the begin of a spell that belong to neither kind."""
_IDLE_SHARE = 0.25
_COLLECTION = "honest"
_HEALTH = "health"


@dataclass(slots=True)
class Seen:
    """What honest clients, the probe and the watch of memory have seen."""

    outcomes: list[Outcome] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    spells: list[tuple[float, float, bool]] = field(default_factory=list)
    """Begin, end, and whether it was attacked."""

    def within(self, attacked: bool) -> list[Outcome]:
        """Outcomes of requests that began and ended in spells of that kind."""
        return [
            one
            for one in self.outcomes
            for begin, end, kind in self.spells
            if kind is attacked and begin + _SETTLING <= one.ended - one.seconds and one.ended < end
        ]

    def memory_while_attacked(self) -> list[int]:
        return [
            size
            for at, size in self.memory
            for begin, end, attacked in self.spells
            if attacked and begin + _SETTLING <= at < end
        ]


def hostile(
    json_path: JsonOption = Path("benchmarks/results/hostile.json"),
    quick: QuickOption = False,
    minutes: Annotated[float, typer.Option(min=0.5, help="With and without attack.")] = 20,
) -> None:
    """8 clients that detect, recognize, verify and list, with and without attackers beside them."""
    seconds, rounds = (30.0, 2) if quick else (60 * minutes, max(2, round(minutes / 4)))
    seen = Seen()
    with ServerProcess(auth="keys") as server:
        with ThreadPoolExecutor() as pool:
            admin, reader, attacker = pool.map(server.create_key, ("admin", "read", "read"))
        with Attackers(Victim(server.port, attacker, _COLLECTION)) as attackers:
            requests = _gallery(server.port, admin)
            over = threading.Event()
            threads = _observers(server, reader, requests, seen, over)
            try:
                for _ in range(rounds):
                    _spell(seen, seconds * _IDLE_SHARE / rounds, attacked=False)
                    attackers.begin()
                    _spell(seen, seconds * (1 - _IDLE_SHARE) / rounds, attacked=True)
                    attackers.pause()
            finally:
                over.set()
                for thread in threads:
                    thread.join()
            attacks = attackers.stop()
    report = _report(seen) | {
        "attacks": attacks,
        "seconds": seconds,
        "rounds": rounds,
        "clients": _CLIENTS,
        "machine": machine(),
    }
    start = seen.spells[0][0]
    panels = {
        "seconds to an answer": {
            kind: {one.ended - start: one.seconds for one in seen.outcomes if one.kind == kind}
            for kind in sorted({one.kind for one in seen.outcomes})
        },
        "memory, MiB": {"server": {at - start: size / 2**20 for at, size in seen.memory}},
    }
    draw_lines(json_path.with_suffix(".png"), panels, "seconds since the start", points=True)
    finish(json_path, report)


def _report(seen: Seen) -> dict[str, Any]:
    idle, attacked = (_figures(seen.within(attacked=kind)) for kind in (False, True))
    health = [one for one in seen.within(attacked=True) if one.kind == _HEALTH]
    honest = [one for one in seen.outcomes if one.kind != _HEALTH]
    refused = Counter(f"{one.kind} {one.status}" for one in honest if one.status != 200)
    sizes = seen.memory_while_attacked()
    third = max(1, len(sizes) // 3)
    first, last = median(sizes[:third]), median(sizes[-third:])
    p99 = float(np.percentile([one.seconds for one in health], 99))
    return {
        "ratios": {
            "p95_attacked_over_idle": attacked["all"]["p95"] / idle["all"]["p95"],
            "refused": sum(refused.values()) / len(honest),
            "healthz_p99_over_100_ms": p99 / 0.1,
            "memory_last_third_over_first": last / first,
        },
        "idle": idle,
        "attacked": attacked,
        "refused": dict(refused),
        "healthz": {
            "p99": p99,
            "max": max(one.seconds for one in health),
            "failed": sum(one.status != 200 for one in health),
        },
        "resident_bytes": {"first_third": first, "last_third": last, "peak": max(sizes)},
    }


def _figures(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Count and percentiles of what was answered, in seconds: by kind, and of all but probes."""
    kinds = sorted({one.kind for one in outcomes})
    times = {kind: [one.seconds for one in outcomes if one.kind == kind] for kind in kinds}
    times["all"] = [one.seconds for one in outcomes if one.kind != _HEALTH]
    return {
        kind: {
            "count": len(values),
            "p50": float(np.percentile(values, 50)),
            "p95": float(np.percentile(values, 95)),
            "max": max(values),
        }
        for kind, values in times.items()
        if values
    }


def _spell(seen: Seen, seconds: float, *, attacked: bool) -> None:
    begin = time.perf_counter()
    time.sleep(seconds)
    seen.spells.append((begin, time.perf_counter(), attacked))


def _observers(
    server: ServerProcess, key: str, requests: Sequence[Request], seen: Seen, over: threading.Event
) -> list[threading.Thread]:
    """Honest clients, a probe and a watch over memory, which have begun."""

    def client(number: int) -> None:
        position = number
        while not over.wait(_PAUSE):
            seen.outcomes.append(_ask(server.port, key, requests[position % len(requests)]))
            position += 1

    def probe() -> None:
        while not over.wait(_PROBE_PAUSE):
            seen.outcomes.append(_ask(server.port, "", Request(_HEALTH, "/healthz", b"", "")))

    def watch() -> None:
        while not over.wait(_SAMPLE_PAUSE):
            seen.memory.append((time.perf_counter(), server.resident_bytes()))

    threads = [threading.Thread(target=client, args=[number]) for number in range(_CLIENTS)]
    threads += [threading.Thread(target=probe), threading.Thread(target=watch)]
    for thread in threads:
        thread.start()
    return threads


def _ask(port: int, key: str, request: Request) -> Outcome:
    """On a connection of its own: so clients meet whatever is done to new connections."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if request.content_type:
        headers["Content-Type"] = request.content_type
    method = "POST" if request.content_type else "GET"
    start = time.perf_counter()
    try:
        connection.request(method, request.path, request.body or None, headers)
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    end = time.perf_counter()
    return Outcome(request.kind, status, end - start, end)


def _gallery(port: int, admin: str) -> list[Request]:
    """A collection of two people, and what honest clients ask about it."""
    base = f"/v1/collections/{_COLLECTION}"
    pictures = [encoded(cropped(portrait)) for portrait in (grace(), eileen())]
    _made(port, admin, Request("", "/v1/collections", _json(name=_COLLECTION), "application/json"))
    for name, picture in zip(("Grace", "Eileen"), pictures, strict=True):
        person = Request("", f"{base}/subjects", _json(name=name), "application/json")
        subject = _made(port, admin, person)["id"]
        _made(port, admin, form("", f"{base}/subjects/{subject}/faces", {"images": picture}))
    requests = [Request("list", f"{base}/subjects", b"", "")]
    for one, other in (pictures, pictures[::-1]):
        requests += [
            form("detect", "/v1/detect", {"image": one}),
            form("recognize", f"{base}/recognize", {"image": one}),
            form("verify", "/v1/verify", {"reference": one, "probe": other}),
        ]
    return requests


def _json(**fields: str) -> bytes:
    return json.dumps(fields).encode()


def _made(port: int, key: str, request: Request) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": request.content_type}
    connection.request("POST", request.path, request.body, headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.client.CREATED:
        raise RuntimeError(f"{request.path}: {answer.status} {body[:200]!r}")
    return json.loads(body)
