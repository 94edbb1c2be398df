"""`python -m training export-tracks`."""

from pathlib import Path
from typing import Annotated

import typer

from models.registry.locations import open_registry
from training.kit.options import (
    CacheOption,
    DataOption,
    ThreadsOption,
    console,
    errors_reported,
    numbers_of,
)
from training.kit.places import IntoOption
from training.kit.recipe import ConfigError
from training.kit.recipes import read_recipe, recipe_file
from training.publish.card_file import NameOption, VersionOption, read_card
from training.tracks.commands.options import (
    HeldOutOption,
    HeldOutPairsOption,
    filmed_by,
    recipe_of,
)
from training.tracks.material import split_people
from training.tracks.publication import publish_aggregator
from training.tracks.recipe import TracksConfig


def export_tracks(
    card: Annotated[
        Path,
        typer.Option(
            "--card",
            exists=True,
            dir_okay=False,
            help="TOML: description, limits, training_data, \\[licence].",
        ),
    ],
    data: DataOption,
    name: NameOption = None,
    version: VersionOption = None,
    pairs: HeldOutPairsOption = None,
    run: Annotated[
        Path | None,
        typer.Option("--run", exists=True, file_okay=False, help="Directory of `train-tracks`."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            parser=recipe_file,
            metavar="RECIPE",
            help="In place of a run: weigh by quality.",
        ),
    ] = None,
    folds: HeldOutOption = "4,5",
    figures: Annotated[
        Path | None, typer.Option("--figures", exists=True, help="Report of `evaluate tracks`.")
    ] = None,
    into: IntoOption = None,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
) -> None:
    """Publish an aggregator: weights, and a manifest with the curve of people held out."""
    with errors_reported():
        if (run is None) == (config is None):
            raise ConfigError("Give either --run or --config.")
        texts = read_card(card, name, version)
        recipe = recipe_of(run) if run else read_recipe(config or Path(), TracksConfig)
        filmed = filmed_by(recipe, data, cache, threads)
        _, validation, held = split_people(
            filmed, pairs, numbers_of("--folds", folds), recipe.validation.share, recipe.seed
        )
        manifest = publish_aggregator(
            run,
            recipe,
            filmed,
            (validation, held),
            texts,
            open_registry(cache, [into] if into else []),
            figures=figures,
            into=into,
        )
    console.print(f"{manifest.key} is published in {manifest.directory}", soft_wrap=True)
