"""`python -m training evaluate …`."""

import json
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from platformdirs import user_cache_path
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from models.errors import ReportedError
from models.pipelines.face_pipeline import face_detector, face_encoder
from models.registry.registry import Registry
from training.evaluate.calibration import Calibration, calibrate
from training.evaluate.gallery import (
    EvaluationError,
    Gallery,
    embed_images,
    find_images,
    read_pairs,
)
from training.evaluate.impostors import cross_identity_histogram
from training.evaluate.manifest_update import describe_method, update_curve
from training.evaluate.plots import draw_histogram, draw_roc
from training.evaluate.verification import verification_report

app = typer.Typer(no_args_is_help=True, help="Measure encoders on pictures of known people.")
_console = Console(stderr=True)

EncoderOption = Annotated[str, typer.Option("--encoder", help="Model key, name@version.")]
DetectorOption = Annotated[
    str | None, typer.Option("--detector", help="Model key; the registry's default if not given.")
]
ImagesOption = Annotated[
    Path, typer.Option("--images", exists=True, file_okay=False, help="One folder per person.")
]
PadOption = Annotated[
    float,
    typer.Option("--pad", min=0, max=2, help="Replicate the border by this share of the size."),
]
MirrorOption = Annotated[
    bool | None,
    typer.Option("--mirror/--no-mirror", help="Overrides the manifest's mirror averaging."),
]
CacheOption = Annotated[
    Path | None,
    typer.Option("--cache", envvar="FACET_MODEL_CACHE", help="Where converted weights are kept."),
]
ManifestsOption = Annotated[
    list[Path] | None,
    typer.Option("--manifests", exists=True, file_okay=False, help="More manifest directories."),
]


@app.command()
def verification(
    encoder: EncoderOption,
    images: ImagesOption,
    pairs: Annotated[Path, typer.Option("--pairs", exists=True, dir_okay=False)],
    output: Annotated[Path, typer.Option("--json", help="Figures; pictures go beside it.")],
    detector: DetectorOption = None,
    pad: PadOption = 0.0,
    mirror: MirrorOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Accuracy, ROC and error rates over labelled pairs of pictures."""
    with _errors_reported():
        registry = _registry(cache, manifests)
        table = read_pairs(pairs)
        names = {name for pair in table for name in (pair.first, pair.second)}
        gallery = _embed(
            registry, find_images(images, names), encoder, detector, pad=pad, mirror=mirror
        )
        report = _options(registry, encoder, detector, pad, mirror)
        report |= verification_report(gallery, table)
    scores, same = gallery.similarities(table), np.array([pair.same for pair in table])
    _write_json(output, report)
    draw_roc(output.with_name(f"{output.stem}-roc.png"), scores, same)
    draw_histogram(output.with_name(f"{output.stem}-scores.png"), scores, same)
    _print_report(report)


@app.command(name="calibrate")
def calibration(
    encoder: EncoderOption,
    images: ImagesOption,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", help="Use only the pictures named here.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--json")] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="Manifest file to write the curve into.")
    ] = None,
    data: Annotated[str, typer.Option("--data", help="Name of the data, for the manifest.")] = "",
    detector: DetectorOption = None,
    pad: PadOption = 0.0,
    mirror: MirrorOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Measure similarity → false-match rate over all comparisons of different people."""
    with _errors_reported():
        registry = _registry(cache, manifests)
        named = (
            None if pairs is None else {n for p in read_pairs(pairs) for n in (p.first, p.second)}
        )
        gallery = _embed(
            registry, find_images(images, named), encoder, detector, pad=pad, mirror=mirror
        )
        faces = gallery.detected
        people = np.asarray(gallery.identities)[faces].tolist()
        try:
            result = calibrate(cross_identity_histogram(gallery.embeddings[faces], people))
        except ValueError as error:
            raise EvaluationError(f"{error}.") from error
        provenance = f"{data or images.name}: {len(people)} faces of {len(set(people))} people"
        if manifest is not None:
            update_curve(manifest, result, provenance)
    if output is not None:
        options = _options(registry, encoder, detector, pad, mirror)
        counts = {"images": len(faces), "undetected": int((~faces).sum())}
        _write_json(output, options | counts | _as_json(result, provenance))
    _print_curve(result)


def _registry(cache: Path | None, manifests: Sequence[Path] | None) -> Registry:
    return Registry(cache or user_cache_path("facet") / "models", tuple(manifests or ()))


def _embed(
    registry: Registry,
    paths: Sequence[Path],
    encoder: str,
    detector: str | None,
    *,
    pad: float,
    mirror: bool | None,
) -> Gallery:
    """Detect, align and encode the main face of every picture, with a progress bar."""
    finder = face_detector(registry, detector)
    embedder = face_encoder(registry, encoder, mirror=mirror)
    embeddings, detected = [], []
    with Progress(console=_console) as progress:
        task = progress.add_task("Encoding", total=len(paths))
        for chunk, part, found in embed_images(paths, finder, embedder, pad=pad):
            embeddings.append(part)
            detected.append(found)
            progress.advance(task, len(chunk))
    return Gallery(
        tuple(path.name for path in paths),
        tuple(path.parent.name for path in paths),
        np.concatenate(embeddings),
        np.concatenate(detected),
    )


def _options(
    registry: Registry, encoder: str, detector: str | None, pad: float, mirror: bool | None
) -> dict[str, Any]:
    manifest = registry.manifest(encoder)
    return {
        "encoder": manifest.key,
        "detector": registry.manifest(detector or registry.default("detect-faces")).key,
        "mirror": manifest.mirror if mirror is None else mirror,
        "pad": pad,
    }


def _as_json(result: Calibration, provenance: str) -> dict[str, Any]:
    return {
        "points": result.points,
        "tail_from": result.tail_from,
        "impostor_comparisons": result.comparisons,
        "method": describe_method(result),
        "data": provenance,
    }


def _write_json(path: Path, report: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _print_report(report: dict[str, Any]) -> None:
    table = Table("figure", "value")
    for name, value in report.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, number in parts:
            shown = f"{number:.4f}" if isinstance(number, float) else str(number)
            table.add_row(f"{name} {part}".strip(), shown)
    _console.print(table)


def _print_curve(result: Calibration) -> None:
    table = Table("FMR", "similarity", "how")
    for similarity, fmr in result.points:
        table.add_row(
            f"{fmr:.0e}",
            f"{similarity:.5f}",
            "fitted" if similarity > result.tail_from else "counted",
        )
    _console.print(table)
    _console.print(f"{result.comparisons:,} comparisons; {describe_method(result)}.")


@contextmanager
def _errors_reported() -> Any:
    """Expected failures end the command with one line and status 2."""
    try:
        yield
    except ReportedError as error:
        _console.print(f"[red]{error.slug}[/red]: {error}")
        sys.exit(2)
