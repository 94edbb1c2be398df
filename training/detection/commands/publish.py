"""`python -m training publish-detector …`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from models.registry.locations import open_registry
from training.detection.publication import publish_detector as publish
from training.kit.options import CacheOption, ManifestsOption, console, errors_reported
from training.kit.places import IntoOption
from training.publish.card_file import NameOption, VersionOption, read_card
from training.publish.places import Places
from training.publish.reports import read_reports


def publish_detector(
    weights: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    card: Annotated[
        Path,
        typer.Option(
            help="TOML: description, limits, training_data, recipe, \\[licence], \\[proposals].",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: NameOption = None,
    version: VersionOption = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `evaluate` for manifest and card.")
    ] = None,
    precision: Annotated[Literal["fp16", "fp32"], typer.Option()] = "fp16",
    into: IntoOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Publish weights of `train-detector` as a detector: weights, manifest and model card."""
    with errors_reported():
        texts = read_card(card, name, version)
        metrics = read_reports(figures or [])
        registry = open_registry(cache, (*(manifests or ()), *([into] if into else ())))
        published, path = publish(
            weights, texts, registry, Places.under(into),
            metrics=metrics, precision=precision,
        )  # fmt: skip
    console.print(f"{published.key} is published; its card: {path}", soft_wrap=True)
