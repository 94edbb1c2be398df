"""Timing side by side, and writing down what came out."""

import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, ScalarFormatter
from rich.console import Console

console = Console(stderr=True)
JsonOption = Annotated[
    Path, typer.Option("--json", help="Where the figures go; a picture lands beside it.")
]
QuickOption = Annotated[bool, typer.Option(help="Under a minute: rough figures.")]


def side_by_side(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of processor time of each, taking turns.

    All threads of this process count and no other process does, so a busy machine disturbs
    little; on one thread it is the time that passes on an idle machine. One more round goes
    first and does not count: caches fill and lazy parts load.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, work in contestants.items():
            start = time.process_time()
            work()
            seconds[name].append(time.process_time() - start)
    return {name: median(values[1:]) for name, values in seconds.items()}


def machine() -> dict[str, Any]:
    """Where the figures come from."""
    return {
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def finish(path: Path, report: Mapping[str, Any]) -> None:
    """Write the report, and tell its ratios and where it lies."""
    write_report(path, report)
    for name, ratio in report["ratios"].items():
        typer.echo(f"{name}: {ratio:.3g}")
    typer.echo(f"written: {path}, {path.with_suffix('.png')}")


def write_report(path: Path, report: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")


def draw_bars(path: Path, groups: Mapping[str, Mapping[str, float]]) -> None:
    """One panel per group of seconds by name; the peer's bars have a colour of their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(9, 1 + 0.55 * sum(map(len, groups.values()))), layout="constrained")
    panels = figure.subplots(
        len(groups), 1, squeeze=False, height_ratios=[len(bars) for bars in groups.values()]
    )
    for axes, (title, bars) in zip(panels[:, 0], groups.items(), strict=True):
        colours = ["tab:orange" if name.startswith("dlib") else "tab:blue" for name in bars]
        drawn = axes.barh(list(bars), [1000 * value for value in bars.values()], color=colours)
        axes.bar_label(drawn, fmt="%.3g", padding=3)
        axes.margins(x=0.12)
        axes.invert_yaxis()
        axes.set(title=title, xlabel="milliseconds, less is better")
    figure.savefig(path, dpi=120)


def draw_lines(
    path: Path,
    panels: Mapping[str, Mapping[str, Mapping[Any, float]]],
    across: str,
    *,
    points: bool = False,
) -> None:
    """One panel each of lines by name, from {x: y}; both axes logarithmic.

    With `points` they are not connected; then, and with many, the axes are linear.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(2.5 + 4.5 * len(panels), 4), layout="constrained")
    for axes, (title, lines) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        for name, values in lines.items():
            style = {"marker": ".", "linestyle": ""} if points else {"marker": "o"}
            axes.plot(list(values), list(values.values()), label=name, **style)
        ticks = sorted({x for values in lines.values() for x in values})
        axes.set(title=title, xlabel=across)
        if not points and len(ticks) < 20:
            axes.set(xscale="log", yscale="log")
            axes.set_xticks(ticks, [str(tick) for tick in ticks])
            axes.minorticks_off()
            axes.yaxis.set_major_formatter(ScalarFormatter())
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.grid(alpha=0.3)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right upper")
    figure.savefig(path, dpi=120)


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if not listing.exists():
        return platform.processor()
    names = [line for line in listing.read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.processor()
