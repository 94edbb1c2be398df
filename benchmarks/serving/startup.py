"""From `facet serve` to the first answer, with warm caches and an empty gallery."""

from pathlib import Path
from statistics import median

from benchmarks.measuring import JsonOption, QuickOption, draw_bars, finish, machine
from benchmarks.serving.server_process import ServerProcess

_BUDGET = 3.0
"""Seconds."""


def startup(
    json_path: JsonOption = Path("benchmarks/results/startup.json"), quick: QuickOption = False
) -> None:
    """Start a server again and again over one data directory; the first start does not count."""
    seconds, processor, complete = [], [], []
    server = ServerProcess()
    server.start()
    for _ in range(3 if quick else 10):
        server.stop()
        server.launch()
        seconds.append(server.wait_until_ready())
        processor.append(server.cpu_seconds())
        complete.append(server.wait_for_all())
    with_memory = server.resident_bytes()
    server.stop()
    report = {
        "ratios": {
            "start_over_three_seconds": median(seconds) / _BUDGET,
            "processor_time_over_three_seconds": median(processor) / _BUDGET,
        },
        "seconds": seconds,
        "processor_seconds": processor,
        "seconds_until_all_processes_answer": complete,
        "resident_bytes": with_memory,
        "machine": machine(),
    }
    figures = {
        "until ready": median(seconds),
        "processor time": median(processor),
        "until all processes answer": median(complete),
    }
    draw_bars(json_path.with_suffix(".png"), {"Start of a server": figures})
    finish(json_path, report)
