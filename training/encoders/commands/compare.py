"""`compare`: encoders side by side."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.table import Table

from models.registry.manifests.encoders import EncoderManifest
from training.data.chips import ChipSet
from training.encoders.commands.options import ChipOptions, MirrorOption, PairOptions
from training.encoders.measuring.embedding import chips_of, encoder_of, gallery_of
from training.encoders.measuring.pairing import Compared
from training.encoders.measuring.robustness import robustness_report
from training.encoders.measuring.setup import Setup
from training.encoders.measuring.sheets import draw_impostors, draw_projection
from training.encoders.measuring.verification import verification_report
from training.kit.option_groups import with_groups
from training.kit.options import console, errors_reported
from training.kit.places import new_directory
from training.kit.run_files import write_json
from training.measure.encoding import encode_chips
from training.measure.errors import EvaluationError
from training.measure.plots import draw_det, draw_histogram, draw_roc


@with_groups
def compare(
    *,
    encoders: Annotated[
        list[str],
        typer.Argument(metavar="KEY KEY …", help="Model keys, or directories of runs of `train`."),
    ],
    material: PairOptions,
    output: Annotated[
        Path, typer.Option("-o", "--output", file_okay=False, callback=new_directory)
    ],
    with_robustness: Annotated[
        bool, typer.Option("--robustness", help="Also measure under covers and degradations.")
    ] = False,
    mirror: MirrorOption = None,
    chips: ChipOptions,
) -> None:
    """Encoders side by side: a table, ROC, DET, scores, nearest impostors, a projection."""
    with errors_reported():
        if len(set(encoders)) < len(encoders):
            raise EvaluationError("An encoder is named twice.")
        taken = material.compared()
        uses = {key: chips.setup(key, mirror) for key in encoders}
        for use in uses.values():
            use.registry.manifest(use.encoder, EncoderManifest)
        measured = {key: _measure(use, taken, with_robustness) for key, use in uses.items()}
    _write(output, measured, np.array([pair.same for pair in taken.pairs]))
    console.print(f"Pairs: {taken.origin}.")


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """All there is to show of one encoder."""

    report: dict[str, Any]
    scores: NDArray[np.float64]
    chips: ChipSet
    embeddings: NDArray[np.float32]


def _measure(use: Setup, taken: Compared, with_robustness: bool) -> _Measured:
    chips, network = chips_of(use, taken.paths), encoder_of(use)
    embeddings = encode_chips(network, chips.chips, use.encoder)
    gallery = gallery_of(chips, embeddings, taken.paths, taken.names)
    figures = verification_report(gallery, taken.pairs)
    report = use.options() | {"pairs_from": taken.origin} | figures
    if with_robustness:
        report["robustness"] = robustness_report(
            gallery, chips, taken.pairs, partial(encode_chips, network)
        )
    return _Measured(report, gallery.similarities(taken.pairs), chips, embeddings)


def _write(output: Path, measured: dict[str, _Measured], same: NDArray[np.bool_]) -> None:
    reports = {key: one.report for key, one in measured.items()}
    scores = {key: one.scores for key, one in measured.items()}
    cuts = {key: one.chips for key, one in measured.items()}
    faces = {key: one.embeddings for key, one in measured.items()}
    rows = _rows(reports)
    write_json(output / "comparison.json", reports)
    (output / "comparison.md").write_text(_markdown(list(reports), rows), encoding="utf-8")
    draw_roc(output / "roc.png", scores, same)
    draw_det(output / "det.png", scores, same)
    draw_histogram(output / "scores.png", scores, same)
    draw_impostors(output / "impostors.png", cuts, faces)
    draw_projection(output / "projection.png", cuts, faces)
    shown = Table("figure", *reports)
    for name, values in rows:
        shown.add_row(name, *values)
    console.print(shown)


def _rows(reports: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """(name, one text per encoder) of every figure to compare."""
    first = next(iter(reports.values()))
    rows = [
        (name, [_with_interval(report, name) for report in reports.values()])
        for name in ("accuracy", "auc", "eer")
    ]
    for kind, what in (("tar_at_far", "TAR at FAR"), ("fnmr", "FNMR at FMR")):
        rows += [
            (f"{what} {rate}", [f"{report[kind][rate]:.4f}" for report in reports.values()])
            for rate in first[kind]
        ]
    for name, figures in first.get("robustness", {}).items():
        rows += [
            (
                f"{name}: FNMR at FMR {rate}",
                [f"{report['robustness'][name]['fnmr'][rate]:.4f}" for report in reports.values()],
            )
            for rate in figures["fnmr"]
        ]
    rows.append(("undetected", [str(report["undetected"]) for report in reports.values()]))
    return rows


def _with_interval(report: dict[str, Any], name: str) -> str:
    low, high = report["confidence_95"][name]
    return f"{report[name]:.4f} [{low:.4f}, {high:.4f}]"


def _markdown(keys: list[str], rows: list[tuple[str, list[str]]]) -> str:
    lines = [["figure", *keys], ["---"] * (len(keys) + 1), *([name, *v] for name, v in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
