"""`python -m training masks publish`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from models.registry.locations import open_registry
from training.kit.options import CacheOption, ManifestsOption, console, errors_reported
from training.kit.places import IntoOption
from training.kit.run_files import FIGURES
from training.masks.publication import publish_teller
from training.masks.recipe import MasksConfig
from training.publish.card_file import NameOption, VersionOption, read_card
from training.publish.places import Places
from training.publish.reports import read_reports


def publish(
    run: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="`--out` of train.")],
    card: Annotated[
        Path,
        typer.Option(
            help="TOML with description, limits, training_data, recipe and \\[licence].",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: NameOption = None,
    version: VersionOption = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `masks evaluate`.")
    ] = None,
    into: IntoOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Publish a run as a teller of masks: weights, manifest and model card."""
    with errors_reported():
        content = json.loads((run / FIGURES).read_text(encoding="utf-8"))
        recipe = MasksConfig.model_validate(content["config"])
        texts, metrics = read_card(card, name, version), read_reports(figures or [])
        registry = open_registry(cache, tuple(manifests or ()))
        published, path = publish_teller(run, recipe, texts, metrics, registry, Places.under(into))
    console.print(f"{published.key} is published; its card: {path}", soft_wrap=True)
