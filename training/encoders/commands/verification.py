"""`evaluate verification`."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table

from training.encoders.commands.options import (
    ChipOptions,
    EncoderOptions,
    LeftOutOption,
    PairOptions,
)
from training.encoders.measuring.embedding import embed
from training.encoders.measuring.groups import group_report, read_groups
from training.encoders.measuring.verification import verification_report
from training.kit.option_groups import with_groups
from training.kit.options import JsonOption, console, errors_reported
from training.kit.run_files import write_json
from training.measure.labels import read_left_out
from training.measure.plots import draw_histogram, draw_roc


@with_groups
def verification(
    *,
    measured: EncoderOptions,
    material: PairOptions,
    without: LeftOutOption = None,
    output: JsonOption,
    groups: Annotated[
        Path | None,
        typer.Option(
            "--groups", exists=True, dir_okay=False, help="TSV or CSV: identity and its group."
        ),
    ] = None,
    group_column: Annotated[
        str, typer.Option("--group-column", help="Column of --groups to report by.")
    ] = "group",
    chips: ChipOptions,
) -> None:
    """Accuracy, ROC and error rates over labelled pairs of pictures."""
    with errors_reported():
        use = measured.setup(chips)
        everything = material.compared()
        taken = everything.without(read_left_out(without))
        table = taken.pairs
        group_of = read_groups(groups, group_column) if groups else None
        gallery = embed(use, taken.paths, taken.names)
        figures = verification_report(gallery, table)
        report = use.options() | {"pairs_from": taken.origin} | figures
        if len(taken.paths) < len(everything.paths):
            whole = embed(use, everything.paths, everything.names)
            report["left_out"] = len(everything.paths) - len(taken.paths)
            report["with_left_out"] = verification_report(whole, everything.pairs)["fnmr"]
        if group_of is not None:
            report["groups"] = group_report(gallery, table, group_of, report["thresholds"])
    scores = {"all pairs": gallery.similarities(table)}
    same = np.array([pair.same for pair in table])
    write_json(output, report)
    draw_roc(output.with_name(f"{output.stem}-roc.png"), scores, same)
    draw_histogram(output.with_name(f"{output.stem}-scores.png"), scores, same)
    _print(report)


def _print(report: dict[str, Any]) -> None:
    table = Table("figure", "value")
    for name, value in report.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        if name not in {"confidence_95", "groups"}:
            for part, number in parts:
                shown = f"{number:.4f}" if isinstance(number, float) else str(number)
                table.add_row(f"{name} {part}".strip(), shown + _interval(report, name, part))
    console.print(table)
    for group, figures in report.get("groups", {}).items():
        rates = ", ".join(
            f"{kind.upper()} {'unknown' if rate is None else f'{rate:.4f}'}"
            for kind in ("fnmr", "fmr")
            for rate in [figures[kind]["1e-3"]]
        )
        console.print(f"{group}: {figures['identities']} people, at FMR 1e-3 of all: {rates}")


def _interval(report: dict[str, Any], name: str, part: str) -> str:
    bounds = report["confidence_95"].get(name)
    bounds = bounds.get(part) if isinstance(bounds, dict) else bounds
    return f"  [{bounds[0]:.4f}, {bounds[1]:.4f}]" if bounds else ""
