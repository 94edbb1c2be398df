"""`python -m training export CHECKPOINT …`."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from models.errors import ReportedError
from models.registry.errors import InvalidManifestError
from models.registry.locations import open_registry
from training.export.checkpoint import read_checkpoint
from training.export.onnx_file import write_onnx
from training.export.precision import LARGEST_CHANGE
from training.export.publication import Description, Places, Published, export, read_reports

_console = Console(stderr=True)


def export_command(
    checkpoint: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    name: Annotated[str, typer.Option(help="Of the encoder: small letters, digits, dashes.")],
    version: Annotated[int, typer.Option(min=1)],
    base: Annotated[str, typer.Option(help="Key of the encoder that training started from.")],
    card: Annotated[
        Path,
        typer.Option(
            help="TOML with description, limits, training_data, recipe and perhaps [licence].",
            exists=True,
            dir_okay=False,
        ),
    ],
    pictures: Annotated[
        Path | None,
        typer.Option(help="Faces to measure half precision on.", exists=True, file_okay=False),
    ] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Of the network, where it is not that of --base.")
    ] = None,
    pad: Annotated[float, typer.Option(min=0, max=2, help="As in `evaluate`.")] = 0.0,
    precision: Annotated[
        Literal["auto", "fp16", "fp32"], typer.Option(help="auto: fp16 if it costs nothing.")
    ] = "auto",
    calibration: Annotated[
        Path | None, typer.Option(help="Report of `evaluate calibrate --json`.")
    ] = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `evaluate` for manifest and card.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="Directory; the project's models/ if not given.")
    ] = None,
    onnx: Annotated[Path | None, typer.Option(help="Write an ONNX file as well.")] = None,
    cache: Annotated[Path | None, typer.Option(envvar="FACET_MODEL_CACHE_DIR")] = None,
    manifests: Annotated[
        list[Path] | None, typer.Option(help="More manifest directories.", file_okay=False)
    ] = None,
) -> None:
    """Publish a checkpoint as an encoder: weights, manifest and model card."""
    places = Places.under(into)
    extra = [*(manifests or ()), *([into] if into else ())]
    try:
        registry = open_registry(cache, extra)
        published = export(
            read_checkpoint(checkpoint),
            base,
            registry,
            _description(card, name, version, architecture, calibration, figures or []),
            places,
            pictures=pictures,
            pad=pad,
            precision=None if precision == "auto" else precision,
        )
        if onnx is not None:
            registry = open_registry(cache, [places.manifests, *(manifests or ())])
            write_onnx(registry.load(published.manifest.key), published.manifest, onnx)
    except ReportedError as error:
        _console.print(f"[red]{error.slug}[/red]: {error}")
        sys.exit(2)
    _report(published)


def _description(
    card: Path,
    name: str,
    version: int,
    architecture: str | None,
    calibration: Path | None,
    figures: list[Path],
) -> Description:
    try:
        texts: dict[str, Any] = tomllib.loads(card.read_text(encoding="utf-8"))
        return Description(
            name=name,
            version=version,
            architecture=architecture,
            metrics=read_reports(figures),
            calibration=None if calibration is None else json.loads(calibration.read_text("utf-8")),
            **texts,
        )
    except (OSError, ValueError, TypeError) as error:
        raise InvalidManifestError(f"{card} or a report cannot be used: {error}") from error


def _report(published: Published) -> None:
    manifest = published.manifest
    path = manifest.directory / f"{manifest.name}-{manifest.version}.toml"
    _console.print(f"{manifest.key} is published: {path}", soft_wrap=True)
    _console.print(f"Its card: {published.card}", soft_wrap=True)
    measured = (
        "not measured; give --pictures to find out whether half precision would do"
        if published.change is None
        else f"half precision moves cosines by {published.change:.1e} at most, "
        f"where {LARGEST_CHANGE:.0e} are allowed"
    )
    _console.print(f"Weights in {published.precision} ({measured}).")
    if manifest.curve is None:
        _console.print("It has no threshold curve: `evaluate calibrate`, then --calibration.")
