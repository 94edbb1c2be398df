"""Workers times threads: which setting serves most, and what does too much of both cost?"""

from pathlib import Path
from typing import Any

from benchmarks.measuring import JsonOption, QuickOption, console, draw_bars, finish, machine
from benchmarks.pictures import PHOTOS, ImagesOption, photographs
from benchmarks.serving.http_load import choices
from benchmarks.serving.load import failures, generate
from benchmarks.serving.server_process import ServerProcess

SETTINGS = ((0, 0), (1, 1), (2, 1), (4, 1), (1, 2), (2, 2))
"""Workers and threads; the first are the defaults."""


def threads(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/threads.json"),
    quick: QuickOption = False,
) -> None:
    """Recognition by 16 clients under several settings of FACET_WORKERS and FACET_THREADS."""
    pictures = [file.read_bytes() for file in photographs(images)]
    rounds = 1 if quick else 3
    found: dict[str, list[dict[str, Any]]] = {}
    for _ in range(rounds):
        for workers, per_pass in SETTINGS:
            name = f"{workers} x {per_pass}" if workers else "defaults"
            console.print(f"workers x threads: {name}")
            one = _measure(pictures, workers, per_pass, 2.0 if quick else 8.0)
            found.setdefault(name, []).append(one)
    best = {name: max(runs, key=lambda run: run["throughput"]) for name, runs in found.items()}
    throughput = {name: one["throughput"] for name, one in best.items()}
    processor = {name: one["processor_seconds"] for name, one in best.items()}
    report = {
        "ratios": {
            "two_by_two_over_best": throughput["2 x 2"] / max(throughput.values()),
            "defaults_over_best": throughput["defaults"] / max(throughput.values()),
            # On a busy machine this one is steadier.
            "processor_time_least_over_two_by_two": min(processor.values()) / processor["2 x 2"],
        },
        "throughput": throughput,
        "processor_seconds_per_request": processor,
        "runs": found,
        "machine": machine(),
    }
    draw_bars(
        json_path.with_suffix(".png"),
        {"Time per request, 16 clients": {name: 1 / value for name, value in throughput.items()}},
    )
    finish(json_path, report)


def _measure(pictures: list[bytes], workers: int, per_pass: int, seconds: float) -> dict[str, Any]:
    with ServerProcess(workers=workers, threads=per_pass, request_deadline=300) as server:
        choose = choices(server.port, pictures)["recognize"]
        generate(server.port, 16, choose, requests=2 * len(pictures))
        before = server.cpu_seconds()
        load = generate(server.port, 16, choose, seconds=seconds)
        used = server.cpu_seconds() - before
    assert not failures(load.outcomes, (200,)), failures(load.outcomes, (200,))
    return load.figures() | {"processor_seconds": used / len(load.outcomes)}
