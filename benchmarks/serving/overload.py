"""More than the server can do: does it stay honest, and does it come back?"""

import http.client
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import JsonOption, QuickOption, draw_lines, finish, machine
from benchmarks.pictures import PHOTOS, ImagesOption, enlarged, photographs
from benchmarks.serving.load import Load, Outcome, Request, failures, form, generate, send
from benchmarks.serving.server_process import ServerProcess

_CLIENTS = 64
_LARGE = 20.0
"""Megapixels that every fourth client sends."""


def overload(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/overload.json"),
    quick: QuickOption = False,
    deadline: float = 10.0,
) -> None:
    """64 clients, a quarter of them with pictures of 20 megapixels, then a moment of silence."""
    files = photographs(images)
    small = [form("small", "/v1/detect", {"image": file.read_bytes()}) for file in files]
    large = form("large", "/v1/detect", {"image": enlarged(files[0], _LARGE)})

    def choose(client: int, position: int) -> Request:
        return large if client % 4 == 0 else small[position % len(small)]

    with ServerProcess(request_deadline=deadline) as server:
        generate(
            server.port,
            2,
            lambda _, position: small[position % len(small)],
            requests=2 * len(small),
        )
        calm = generate(
            server.port, 1, lambda _, position: small[position], requests=len(small)
        ).figures()
        seconds = 8.0 if quick else 30.0
        load = generate(server.port, _CLIENTS, choose, seconds=seconds, retry_after=1.0)
        recovery = _recovery(server.port, small[0], calm["max"])
    assert not failures(load.outcomes, (200, 503)), failures(load.outcomes, (200, 503))
    panels = {"seconds to an answer": _by_kind(load.outcomes)}
    draw_lines(json_path.with_suffix(".png"), panels, "seconds since the start", points=True)
    finish(json_path, _report(load, calm, recovery, deadline))


def _report(load: Load, calm: dict[str, Any], recovery: float, deadline: float) -> dict[str, Any]:
    accepted = [one for one in load.outcomes if one.status == 200]
    return {
        "ratios": {
            "slowest_accepted_over_deadline": max(one.seconds for one in accepted) / deadline,
            "recovery_over_two_seconds": recovery / 2.0,
            "shed": 1 - len(accepted) / len(load.outcomes),
        },
        "calm": calm,
        "overloaded": load.figures(),
        "statuses": {
            kind: _statuses([one for one in load.outcomes if one.kind == kind])
            for kind in ("small", "large")
        },
        "recovery_seconds": recovery,
        "deadline": deadline,
        "machine": machine(),
    }


def _by_kind(outcomes: list[Outcome]) -> dict[str, dict[float, float]]:
    """Seconds that answers took by the second in which they came, for each kind and status."""
    start = min(one.ended - one.seconds for one in outcomes)
    return {
        kind: {
            one.ended - start: one.seconds
            for one in sorted(outcomes, key=lambda one: one.ended)
            if f"{one.kind} {one.status}" == kind
        }
        for kind in ("small 200", "small 503", "large 200", "large 503")
    }


def _statuses(outcomes: list[Outcome]) -> dict[str, Any]:
    times: dict[str, list[float]] = {}
    for one in outcomes:
        times.setdefault(str(one.status), []).append(one.seconds)
    return {status: {"count": len(values), "max": max(values)} for status, values in times.items()}


def _recovery(port: int, request: Request, usual: float) -> float:
    """Seconds from the end of the load until a request takes no longer than usual."""
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        start = time.perf_counter()
        status, _ = send(connection, request)
        if status == 200 and time.perf_counter() - start <= 1.5 * usual:
            return start - begin
