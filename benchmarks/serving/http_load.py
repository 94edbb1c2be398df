"""A real server under clients: throughput and latency, beside the bare pipeline in this process."""

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Annotated, Any

import typer
from rich.progress import track

from app.bootstrap.capacity import Capacity
from app.bootstrap.use_cases import open_use_cases
from app.domain.faces import AnalysisOptions
from app.settings import Settings
from app.vision.running.threads import set_threads
from benchmarks.measuring import JsonOption, QuickOption, console, draw_lines, finish, machine
from benchmarks.pictures import PHOTOS, ImagesOption, photographs
from benchmarks.serving.load import Load, Request, ask, failures, form, generate
from benchmarks.serving.server_process import ServerProcess
from models.registry.locations import open_registry

OPERATIONS = ("detect", "verify", "recognize", "enrol", "mixed")
_PART_SECONDS = 4.0
"""Seconds of each turn when two things are measured in turns."""
Choice = Callable[[int, int], Request]


def http(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/http.json"),
    quick: QuickOption = False,
    workers: Annotated[int, typer.Option(help="FACET_WORKERS of the server.")] = 0,
    threads: Annotated[int, typer.Option(help="FACET_THREADS of the server.")] = 0,
    batch_wait: Annotated[float, typer.Option(help="FACET_BATCH_WAIT of the server.")] = 0.0,
    runtime: Annotated[str, typer.Option(help="FACET_RUNTIME of the server.")] = "auto",
    processes: Annotated[int, typer.Option(help="FACET_PROCESSES of the server.")] = 0,
) -> None:
    """Load a server with 1, 4, 16 and 64 clients; the clients share its cores."""
    pictures = [file.read_bytes() for file in photographs(images)]
    settings = {"workers": workers, "threads": threads, "batch_wait": batch_wait}
    settings |= {"runtime": runtime, "request_deadline": 300}  # type: ignore[dict-item]
    settings |= {"processes": processes}
    seconds = 2.0 if quick else 8.0
    levels = (1, 16) if quick else (1, 4, 16, 64)
    bare = Bare(pictures, settings)
    report: dict[str, Any] = {"operations": {name: {} for name in OPERATIONS}}
    with ServerProcess(**settings) as server:
        asked = choices(server.port, pictures)
        generate(server.port, 4, asked["mixed"], requests=4 * len(pictures))  # warm
        plan = [(name, clients) for clients in levels for name in OPERATIONS]
        for name, clients in track(plan, "Loading", console=console):
            load = generate(server.port, clients, asked[name], seconds=seconds)
            assert not failures(load.outcomes, (200, 201, 503)), failures(load.outcomes, (200, 201))
            report["operations"][name][str(clients)] = load.figures()
        report |= _against(bare, server, asked["recognize"], 2 if quick else 6)
    report |= {
        "processes": server.processes,
        "settings": settings,
        "images": len(pictures),
        "machine": machine(),
    }
    draw_lines(
        json_path.with_suffix(".png"),
        {
            "requests per second": _series(report, "throughput", 1),
            "p50, milliseconds": _series(report, "p50", 1000),
            "p99, milliseconds": _series(report, "p99", 1000),
        },
        "clients",
    )
    finish(json_path, report)


def _against(
    bare: "Bare", server: ServerProcess, recognition: Choice, rounds: int
) -> dict[str, Any]:
    """Recognition by 16 clients beside the bare pipeline, in turns: machines change their pace."""
    inside, together, used = [], Load(), 0.0
    for _ in range(rounds):
        inside.append(bare.throughput(_PART_SECONDS))
        before = server.cpu_seconds()
        load = generate(server.port, 16, recognition, seconds=_PART_SECONDS)
        used += server.cpu_seconds() - before
        together.outcomes += load.outcomes
        together.seconds += load.seconds
    figures = together.figures()
    assert not failures(together.outcomes, (200,)), failures(together.outcomes, (200,))
    return {
        "ratios": {
            "http_over_pipeline": figures["throughput"] / mean(inside),
            "p99_over_p50": figures["p99"] / figures["p50"],
            "processor_time_pipeline_over_http": bare.processor_seconds()
            / (used / figures["requests"]),
        },
        "recognize_16_in_turns": figures,
        "pipeline_throughput": inside,
    }


class Bare:
    """The way from pictures to embeddings without HTTP, database and index."""

    def __init__(self, pictures: Sequence[bytes], settings: dict[str, Any]) -> None:
        self._pictures = pictures
        self._directory = tempfile.TemporaryDirectory(prefix="facet-benchmark-")
        given = Settings(
            data_dir=Path(self._directory.name),
            master_key_file=Path(self._directory.name) / "master.key",
            model_cache_dir=open_registry().cache_dir.absolute(),
            **settings,
        )
        self._capacity = Capacity.of(given)
        set_threads(self._capacity.threads)
        self._detection = open_use_cases(given).detection
        self.throughput(0.5)

    def throughput(self, seconds: float) -> float:
        """Pictures per second, by as many threads as a server has workers."""
        done = [0] * self._capacity.workers
        begin = time.perf_counter()

        def work(number: int) -> None:
            position = number
            while time.perf_counter() - begin < seconds:
                picture = self._pictures[position % len(self._pictures)]
                self._detection.embed(picture, AnalysisOptions())
                done[number] += 1
                position += self._capacity.workers

        threads = [threading.Thread(target=work, args=(i,)) for i in range(len(done))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(done) / (time.perf_counter() - begin)

    def processor_seconds(self) -> float:
        """Of one picture, on average; on a busy machine steadier than the throughput."""
        begin = time.process_time()
        for picture in self._pictures:
            self._detection.embed(picture, AnalysisOptions())
        return (time.process_time() - begin) / len(self._pictures)


def choices(port: int, pictures: Sequence[bytes], *, repeats: bool = True) -> dict[str, Choice]:
    """A gallery with a subject per picture, and for every operation what a client asks next.

    Faces are enrolled in another collection, so that no recognition pays for those before it.
    Without `repeats` enrolments do not ask for them, as versions before 0.2 do not know them.
    """
    gallery, enrolments = _enrolments(port, "benchmark", pictures, repeats)
    generate(port, 1, lambda _, position: enrolments[position], requests=len(pictures))
    _, enrolments = _enrolments(port, "enrolled", pictures, repeats)
    requests = {
        "detect": [form("detect", "/v1/detect", {"image": one}) for one in pictures],
        "verify": [
            form("verify", "/v1/verify", {"reference": one, "probe": one, "face": "largest"})
            for one in pictures
        ],
        "recognize": [
            form("recognize", f"{gallery}/recognize", {"image": one}) for one in pictures
        ],
        "enrol": enrolments,
    }
    kinds = ("recognize", "detect", "recognize", "verify", "recognize", "enrol")
    requests["mixed"] = [
        requests[kinds[i % len(kinds)]][i % len(pictures)]
        for i in range(len(kinds) * len(pictures))
    ]

    def choice(name: str) -> Choice:
        return lambda _, position: requests[name][position % len(requests[name])]

    return {name: choice(name) for name in OPERATIONS}


def _enrolments(
    port: int, collection: str, pictures: Sequence[bytes], repeats: bool
) -> tuple[str, Sequence[Request]]:
    """The path of a new collection with a subject per picture, and how each is enrolled."""
    ask(port, "/v1/collections", {"name": collection})
    base = f"/v1/collections/{collection}"
    enrolments = []
    for number, picture in enumerate(pictures):
        subject = ask(port, f"{base}/subjects", {"name": f"subject {number}"})["id"]
        fields: dict[str, bytes | str] = {"images": picture, "face": "largest"}
        fields |= {"duplicates": "ignore", "min_quality": "0"}
        fields |= {"allow_repeats": "true"} if repeats else {}
        enrolments.append(form("enrol", f"{base}/subjects/{subject}/faces", fields))
    return base, enrolments


def _series(report: dict[str, Any], figure: str, factor: float) -> dict[str, dict[int, float]]:
    """By operation, clients to the figure."""
    return {
        name: {
            int(clients): factor * figures[figure]
            for clients, figures in levels.items()
            if figure in figures
        }
        for name, levels in report["operations"].items()
    }
