"""`python -m training dates publish`."""

from pathlib import Path
from typing import Annotated

import typer

from models.registry.locations import open_registry
from training.dates.publication import publish_reader
from training.dates.recipe import DatesConfig
from training.kit import checkpoints
from training.kit.options import CacheOption, ManifestsOption, console, errors_reported
from training.kit.places import IntoOption
from training.kit.run_files import LAST
from training.publish.card_file import NameOption, VersionOption, read_card
from training.publish.places import Places
from training.publish.reports import read_reports


def publish(
    run: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="`--out` of train.")],
    card: Annotated[
        Path,
        typer.Option(
            help="TOML with description, limits, training_data, \\[licence] and the "
            "probabilities refused_from and least_probability.",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: NameOption = None,
    version: VersionOption = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `evaluate sequence`.")
    ] = None,
    into: IntoOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Publish a run's averaged weights as a reader of dates: weights and manifest."""
    with errors_reported():
        content = checkpoints.load(run / LAST)
        recipe = DatesConfig.model_validate(content["config"])
        registry = open_registry(cache, tuple(manifests or ()))
        texts, metrics = read_card(card, name, version), read_reports(figures or [])
        manifest = publish_reader(
            content["average"], recipe, texts, metrics, registry, Places.under(into)
        )
    console.print(f"{manifest.key} is published.")
