"""`evaluate detection`."""

from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from rich.progress import track
from rich.table import Table

from models.pipelines.faces.pipeline import face_detector
from models.registry.locations import open_registry
from training.detection.measuring.plots import draw_detection
from training.detection.measuring.report import detection_report, speed_by_size
from training.detection.measuring.truth import (
    KnownPicture,
    composed_pictures,
    labelled_photographs,
)
from training.kit.options import (
    CacheOption,
    JsonOption,
    ManifestsOption,
    TimedThreadsOption,
    console,
    errors_reported,
)
from training.kit.run_files import write_json
from training.measure.errors import EvaluationError


def detection(
    detectors: Annotated[
        list[str], typer.Option("--detector", help="Model key; several are set side by side.")
    ],
    output: JsonOption,
    faces: Annotated[
        list[Path] | None,
        typer.Option("--faces", exists=True, help="Face crops to compose scenes of."),
    ] = None,
    scenes: Annotated[int, typer.Option("--scenes", min=1, help="How many scenes.")] = 200,
    labels: Annotated[
        str, typer.Option("--labels", help="Detector that tells where a crop's face is.")
    ] = "mtcnn@1",
    pictures: Annotated[
        Path | None,
        typer.Option("--pictures", exists=True, file_okay=False, help="Labelled photographs."),
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(
            "--truth",
            exists=True,
            dir_okay=False,
            help="TSV for --pictures: file, left, top, right, bottom, ignored.",
        ),
    ] = None,
    min_face: Annotated[
        int | None,
        typer.Option("--min-face", min=8, help="Pixels; the service's rule if not given."),
    ] = None,
    min_probability: Annotated[float, typer.Option("--min-probability", min=0, max=1)] = 0.9,
    megapixels: Annotated[
        list[float] | None,
        typer.Option("--megapixels", min=0.01, help="Also time the --pictures at this size."),
    ] = None,
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="Runs that are timed.")] = 1,
    threads: TimedThreadsOption = 1,
    seed: Annotated[int, typer.Option("--seed", help="Of the scenes.")] = 1,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Recall, precision, landmark error and speed of face detectors, side by side."""
    with errors_reported():
        if (pictures is None) != (truth is None):
            raise EvaluationError("--pictures and --truth need each other.")
        if faces is None and pictures is None:
            raise EvaluationError("Nothing to measure on: give --faces, or --pictures.")
        torch.set_num_threads(threads)
        registry = open_registry(cache, tuple(manifests or ()))
        found = {registry.manifest(key).key: face_detector(registry, key) for key in detectors}
        material: dict[str, list[KnownPicture]] = {}
        if pictures is not None and truth is not None:
            material["photographs"] = labelled_photographs(pictures, truth)
        if faces is not None:
            material["scenes"] = composed_pictures(faces, scenes, registry, labels, seed)
        report: dict[str, Any] = {
            "min_face": min_face,
            "min_probability": min_probability,
            "threads": threads,
        }
        for name, known in material.items():
            steps = track(known, description=f"Searching {name}", console=console)
            report[name] = detection_report(
                found, steps, min_face=min_face, min_probability=min_probability, repeats=repeats
            )
        if megapixels and "photographs" in material:
            report["milliseconds_by_megapixels"] = speed_by_size(
                found, material["photographs"], megapixels, repeats
            )
    write_json(output, report)
    draw_detection(output.with_suffix(".png"), {n: report[n] for n in material})
    for name in material:
        _print(name, report[name])
    for key, times in report.get("milliseconds_by_megapixels", {}).items():
        shown = ", ".join(f"{size} MP {value:.1f} ms" for size, value in times.items())
        console.print(f"{key}: {shown}")


def _print(name: str, figures: dict[str, dict[str, Any]]) -> None:
    table = Table("figure", *figures, title=name)
    for row in ("faces", "found", "false_positives", "recall", "precision", "average_precision"):
        table.add_row(row, *(_shown(values[row]) for values in figures.values()))
    first = next(iter(figures.values()))
    for size, bucket in first["recall_by_size"].items():
        cells = (_shown(values["recall_by_size"][size]["recall"]) for values in figures.values())
        table.add_row(f"recall {size} px ({bucket['faces']})", *cells)
    for part in ("mean", "median"):
        errors = (values.get("landmark_error", {}).get(part) for values in figures.values())
        table.add_row(f"landmark error, {part}", *(_shown(error) for error in errors))
        times = (values["milliseconds"][part] for values in figures.values())
        table.add_row(f"milliseconds, {part}", *(_shown(value) for value in times))
    console.print(table)


def _shown(value: float | int | None) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
