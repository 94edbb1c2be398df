"""`python -m training export RUN …`."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from models.registry.errors import InvalidManifestError
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from training.encoders.publication.candidate import measured_curve
from training.encoders.publication.encoder import Description, Published, export
from training.encoders.publication.luminance import seeing_luminance
from training.encoders.publication.onnx_file import write_onnx
from training.encoders.publication.origin import Origin, origin_of
from training.kit.options import (
    CacheOption,
    ManifestsOption,
    ThreadsOption,
    errors_reported,
    set_threads,
)
from training.kit.places import IntoOption, new_file
from training.publish.card_file import NameOption, VersionOption, read_card
from training.publish.curve import curve_of
from training.publish.places import Places
from training.publish.precision import LARGEST_CHANGE
from training.publish.reports import read_report, read_reports

_console = Console(stderr=True)
_TEXTS = ("name", "version", "description", "limits", "training_data", "recipe", "licence")


def export_command(
    run: Annotated[
        Path, typer.Argument(exists=True, help="Directory of `train`, or a checkpoint.")
    ],
    card: Annotated[
        Path,
        typer.Option(
            help="TOML with description, limits, training_data, and perhaps recipe and "
            "\\[licence]; for weights from scratch \\[licence] is needed.",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: NameOption = None,
    version: VersionOption = None,
    base: Annotated[
        str | None,
        typer.Option(help="Key of the encoder that a checkpoint without a run began as."),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Faces to measure half precision on.", exists=True, file_okay=False),
    ] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Of the network, where it is not that of --base.")
    ] = None,
    luminance: Annotated[
        bool,
        typer.Option(
            "--luminance", help="Let it see luminance alone, if it learnt from grey pictures."
        ),
    ] = False,
    pad: Annotated[float, typer.Option(min=0, max=2, help="As in `evaluate`.")] = 0.0,
    precision: Annotated[
        Literal["auto", "fp16", "fp32"], typer.Option(help="auto: fp16 if it costs nothing.")
    ] = "auto",
    calibration: Annotated[
        Path | None,
        typer.Option(
            help="Report of `evaluate calibrate --json`; else what it wrote into the run."
        ),
    ] = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `evaluate` for manifest and card.")
    ] = None,
    into: IntoOption = None,
    onnx: Annotated[
        Path | None,
        typer.Option(
            callback=new_file, help="Write an ONNX file as well, of normalised embeddings."
        ),
    ] = None,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Publish a run of `train` as an encoder: weights, manifest and model card."""
    places = Places.under(into)
    with errors_reported():
        set_threads(threads)
        registry = open_registry(cache, [*(manifests or ()), *([into] if into else ())])
        origin = origin_of(run, registry, base, architecture)
        curve = measured_curve(run) if calibration is None else curve_of(read_report(calibration))
        state = seeing_luminance(origin.state, origin.like) if luminance else origin.state
        published = export(
            state,
            origin.like,
            registry,
            _description(read_card(card, name, version), origin, curve, figures or []),
            places,
            pictures=pictures,
            pad=pad,
            precision=None if precision == "auto" else precision,
        )
        if onnx is not None:
            registry.refresh()
            encoder = registry.manifest(published.manifest.key, EncoderManifest)
            write_onnx(registry.load(encoder.key), encoder, onnx)
    _report(published)


def _description(
    card: dict[str, Any], origin: Origin, curve: dict[str, Any] | None, figures: list[Path]
) -> Description:
    known: dict[str, Any] = {}
    if origin.recipe is not None:
        known["recipe"] = origin.recipe
    if origin.licence is not None:
        known["licence"] = origin.licence.model_dump()
    texts = known | card
    missing = [field for field in _TEXTS if field not in texts]
    unknown = sorted(set(texts) - set(_TEXTS))
    if missing or unknown:
        trouble = (
            f"lacks {', '.join(missing)}" if missing else f"has no use for {', '.join(unknown)}"
        )
        raise InvalidManifestError(
            f"The card {trouble}.",
            hint="Weights trained from scratch have the licence that you give them: write "
            "[licence] with name, url and commercial."
            if "licence" in missing
            else "",
        )
    return Description(**texts, metrics=read_reports(figures), curve=curve)


def _report(published: Published) -> None:
    manifest = published.manifest
    _console.print(f"{manifest.key} is published: {manifest.path}", soft_wrap=True)
    _console.print(f"Its card: {published.card}", soft_wrap=True)
    measured = (
        "not measured; give --pictures to find out whether half precision would do"
        if published.change is None
        else f"half precision moves cosines by {published.change:.1e} at most, "
        f"where {LARGEST_CHANGE:.0e} are allowed"
    )
    _console.print(f"Weights in {published.precision} ({measured}).")
    if not manifest.calibrated:
        _console.print(
            "It has no threshold curve, so no collection can be on it yet: python -m training "
            f"evaluate calibrate --encoder {manifest.key} --manifests {manifest.directory} "
            "--images FACES --write",
            soft_wrap=True,
        )
