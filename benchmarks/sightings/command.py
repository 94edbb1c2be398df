"""Do sightings cost the same on every day, however many there are?"""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from matplotlib.figure import Figure

from benchmarks.measuring import JsonOption, QuickOption, finish, machine
from benchmarks.sightings.days import Row, measured_day
from benchmarks.sightings.filling import Filler
from benchmarks.sightings.service import Remembering
from benchmarks.sightings.visitors import Visitors

_BEGUN = 3
"""Days at the end that are compared with the first ones of as large a table."""
Series = dict[str, list[float]]


def sightings(
    days: Annotated[int, typer.Option(min=1, help="Days to go through.")] = 30,
    per_day: Annotated[int, typer.Option(min=1_000, help="Faces of a day.")] = 100_000,
    kept: Annotated[float, typer.Option(help="Days that the collection remembers.")] = 7,
    measured: Annotated[
        int,
        typer.Option(
            min=100,
            help="Faces of a day that are measured, the last; those before are written at once.",
        ),
    ] = 500,
    place: Annotated[
        Path | None, typer.Option(help="Where the database lies; a temporary directory if unset.")
    ] = None,
    json_path: JsonOption = Path("benchmarks/results/sightings.json"),
    quick: QuickOption = False,
) -> None:
    """Insert, group, list and let end so many sightings a day; the clock is moved on."""
    if quick:
        days, per_day, kept, measured = 4, 2_000, 2, 100
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=place) as directory:
        visitors = Visitors(per_day)
        service = Remembering(Path(directory), visitors, kept)
        filler = Filler(service)
        for number in range(1, days + 1):
            rows.append(measured_day(service, visitors.day(), filler, number, measured))
            typer.echo(_line(rows[-1]))
        service.close()
    report: dict[str, Any] = {
        "machine": machine(),
        "days": days,
        "per_day": per_day,
        "kept_days": kept,
        "measured": measured,
        "rows": rows,
        "ratios": _ratios(rows),
    }
    _draw(json_path.with_suffix(".png"), rows)
    finish(json_path, report)


def _line(row: Row) -> str:
    pages = row["pages"]
    slowest = max(pages, key=lambda name: pages[name]["processor_ms"])
    ended = row["retention"]
    return (
        f"day {row['day']:3} {row['kept']:8} kept"
        f"  insertion {row['insertion']['processor_ms']:5.2f} ms"
        f"  grouping {row['grouping']['processor_ms']:5.2f} ms"
        f"  first page {pages['first']['processor_ms']:5.1f} ms"
        f"  {slowest} {pages[slowest]['processor_ms']:6.1f} ms"
        f"  {ended['erased']:7} ended, {ended['processor_ms']:.3f} ms each"
        f"  {row['database_mib']:6.0f} MiB, {row['memory_mib']:4.0f} MiB in memory"
    )


def _ratios(rows: list[Row]) -> dict[str, float]:
    """Processor time of the last days over that of the first ones with as large a table."""
    full = max(row["kept"] for row in rows) * 0.99
    steady = [row for row in rows if row["kept"] >= full and row["retention"]["erased"]]
    if len(steady) < 2 * _BEGUN:
        return {}
    first, last = _series(steady[:_BEGUN]), _series(steady[-_BEGUN:])
    return {
        f"{name}, last days to first": sum(last[name]) / sum(first[name])
        for name in ("insertion", "grouping", "first page", "retention")
    }


def _series(rows: list[Row]) -> Series:
    """Milliseconds of processor time by day."""

    def by_day(*path: str) -> list[float]:
        values = []
        for row in rows:
            value: Any = row
            for name in path:
                value = value[name]
            values.append(value)
        return values

    ms = "processor_ms"
    return {
        "insertion": by_day("insertion", ms),
        "grouping": by_day("grouping", ms),
        "retention": by_day("retention", ms),
        "first page": by_day("pages", "first", ms),
        "deep page": by_day("pages", "deep", ms),
        "page of a source": by_day("pages", "source", ms),
        "page of known": by_day("pages", "known", ms),
        "page of groups": by_day("pages", "groups", ms),
        "quality that none has": by_day("pages", "of no such quality", ms),
    }


def _draw(path: Path, rows: list[Row]) -> None:
    """One panel of a face's costs, one of pages, one of sizes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    series, days = _series(rows), [row["day"] for row in rows]
    of_face = ("insertion", "grouping", "retention")
    panels = {
        "ms a face": {name: series[name] for name in of_face},
        "ms a page of 50": {n: values for n, values in series.items() if n not in of_face},
        "MiB": {
            "database": [row["database_mib"] for row in rows],
            "memory": [row["memory_mib"] for row in rows],
        },
    }
    figure = Figure(figsize=(15, 4), layout="constrained")
    for axes, (title, drawn) in zip(figure.subplots(1, 3), panels.items(), strict=True):
        for name, values in drawn.items():
            axes.plot(days, values, label=name, marker=".")
        axes.set(title=title, xlabel="day")
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)
