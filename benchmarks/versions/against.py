"""Another version of the service beside this one: the same requests, in measured."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.progress import track
from rich.table import Table

from app.serving.launching import Child, Process
from benchmarks.measuring import JsonOption, QuickOption, console, draw_lines, finish, machine
from benchmarks.pictures import PHOTOS, ImagesOption, photographs
from benchmarks.serving.http_load import OPERATIONS, Choice, choices
from benchmarks.serving.load import Request, failures, generate, once
from benchmarks.serving.server_process import ServerProcess

_LEVELS = (1, 16, 64)
_SECONDS, _ROUNDS = 3.0, 4
_QUICK_SECONDS, _QUICK_ROUNDS = 1.5, 1
_SUCCESS = (200, 201)


@dataclass(slots=True)
class Measured:
    """All turns of one version with one operation and so many clients."""

    throughputs: list[float] = field(default_factory=list)
    """Requests a second, by turn."""
    requests: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds that all processes of the server used."""

    @property
    def throughput(self) -> float:
        return self.requests / self.seconds

    @property
    def processor_each(self) -> float:
        """Seconds of processor time of a request."""
        return self.processor / self.requests


class Contender:
    """A running server of one version, and what its clients ask."""

    def __init__(self, server: ServerProcess, pictures: Sequence[bytes]) -> None:
        self._server = server
        described = once(server.port, Request("", "/openapi.json", b"", "application/json"), "GET")
        repeats = b'"allow_repeats"' in described[1]
        self._asked = choices(server.port, pictures, repeats=repeats)
        generate(server.port, 4, self._asked["mixed"], requests=4 * len(pictures))  # warm

    def take(self, operation: str, clients: int, seconds: float, measured: Measured) -> None:
        """Be loaded for some seconds; every answer must be a success."""
        choice: Choice = self._asked[operation]
        before = self._server.cpu_seconds()
        load = generate(self._server.port, clients, choice, seconds=seconds)
        measured.processor += self._server.cpu_seconds() - before
        assert not failures(load.outcomes, _SUCCESS), failures(load.outcomes, _SUCCESS)[:3]
        measured.requests += len(load.outcomes)
        measured.seconds += load.seconds
        measured.throughputs.append(len(load.outcomes) / load.seconds)


def against(
    other: Annotated[Path, typer.Argument(help="A checkout of another version.")],
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/against.json"),
    quick: QuickOption = False,
) -> None:
    """Load this version and another one with 1, 16 and 64 clients, in turns; 7 minutes.

    The other one runs by its own environment (`.venv`) if it has one, else by this one's.
    """
    pictures = [file.read_bytes() for file in photographs(images)]
    seconds = _QUICK_SECONDS if quick else _SECONDS
    settings: dict[str, Any] = {"request_deadline": 300}
    with ExitStack() as stack:
        servers = {
            "other": ServerProcess(_spawn_of(other), **settings),
            "this": ServerProcess(**settings),
        }
        contenders = {
            name: Contender(stack.enter_context(server), pictures)
            for name, server in servers.items()
        }
        found = _loaded(contenders, seconds, _QUICK_ROUNDS if quick else _ROUNDS)
    _show(found)
    draw_lines(json_path.with_suffix(".png"), _panels(found), "clients")
    finish(json_path, _report(found) | {"seconds": seconds, "machine": machine()})


Found = dict[tuple[str, int], dict[str, Measured]]
"""By operation and clients, the turns of each version."""


def _loaded(contenders: Mapping[str, Contender], seconds: float, rounds: int) -> Found:
    found: Found = {
        (operation, clients): {name: Measured() for name in contenders}
        for operation in OPERATIONS
        for clients in _LEVELS
    }
    plan = [(number, *one) for number in range(rounds) for one in found]
    for number, operation, clients in track(plan, "Loading in turns", console=console):
        # Who goes first changes, so that neither always finds the machine warm.
        order = list(contenders) if number % 2 == 0 else list(contenders)[::-1]
        for name in order:
            measured = found[operation, clients][name]
            contenders[name].take(operation, clients, seconds, measured)
    return found


def _spawn_of(checkout: Path) -> Any:
    """Starts `facet` of another checkout."""
    own = checkout / ".venv" / "bin" / "python"
    interpreter = str(own.absolute()) if own.exists() else sys.executable
    place = str(checkout.absolute())

    def spawn(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
        command = ("env", "-C", place, interpreter, "-m", "app.cli", *arguments)
        return Child(command, {**environment, "PYTHONPATH": place}, log)

    return spawn


def _ratios(found: Found) -> dict[str, dict[str, float]]:
    """This version over the other one: throughput, its median by round, inverse processor time."""
    ratios: dict[str, dict[str, float]] = {}
    for (operation, clients), by_name in found.items():
        this, other = by_name["this"], by_name["other"]
        rounds = zip(this.throughputs, other.throughputs, strict=True)
        ratios[f"{operation}, {clients} clients"] = {
            "throughput": this.throughput / other.throughput,
            "median of rounds": median(mine / theirs for mine, theirs in rounds),
            "processor time": other.processor_each / this.processor_each,
        }
    return ratios


def _show(found: Found) -> None:
    table = Table("", "other/s", "this/s", "ratio", "median of rounds", "processor, ms", "ratio")
    for (name, ratios), by_name in zip(_ratios(found).items(), found.values(), strict=True):
        this, other = by_name["this"], by_name["other"]
        table.add_row(
            name,
            f"{other.throughput:.1f}",
            f"{this.throughput:.1f}",
            f"{ratios['throughput']:.3f}",
            f"{ratios['median of rounds']:.3f}",
            f"{1000 * other.processor_each:.1f} {1000 * this.processor_each:.1f}",
            f"{ratios['processor time']:.3f}",
        )
    console.print(table)


def _report(found: Found) -> dict[str, Any]:
    ratios = _ratios(found)
    throughputs = {name: figures["throughput"] for name, figures in ratios.items()}
    return {
        "ratios": throughputs | {"least": min(throughputs.values())},
        "all_ratios": ratios,
        "load_average": os.getloadavg(),
        "turns": {
            f"{operation}, {clients} clients": {
                name: {
                    "throughput": measured.throughput,
                    "throughputs": measured.throughputs,
                    "processor_seconds": measured.processor_each,
                }
                for name, measured in by_name.items()
            }
            for (operation, clients), by_name in found.items()
        },
    }


def _panels(found: Found) -> dict[str, dict[str, dict[int, float]]]:
    """Ratios of throughput and of processor time by operation and clients."""
    ratios = _ratios(found)
    panels: dict[str, dict[str, dict[int, float]]] = {}
    for figure in ("throughput", "processor time"):
        lines: dict[str, dict[int, float]] = {}
        for operation, clients in found:
            value = ratios[f"{operation}, {clients} clients"][figure]
            lines.setdefault(operation, {})[clients] = value
        panels[f"{figure}, this version over the other"] = lines
    return panels
