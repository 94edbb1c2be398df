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
from training.publish.card_file import NameOption, VersionOption, read_card
from training.tracks.commands.options import (
    HeldOutOption,
    HeldOutPairsOption,
    QualityOption,
    filmed_by,
    recipes_of,
)
from training.tracks.material import split_people
from training.tracks.publication import publish_aggregator


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
    config: QualityOption = None,
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
        texts = read_card(card, name, version)
        (recipe,) = recipes_of([run] if run else [], config)
        filmed = filmed_by(recipe, data, cache, threads)
        _, validation, held = split_people(
            filmed, pairs, numbers_of("--folds", folds), recipe.validation.share, recipe.seed
        )
        # Where nothing was trained here, the encoder may still know the others.
        strangers = (validation, held) if run else (held,)
        manifest = publish_aggregator(
            run,
            recipe,
            filmed,
            strangers,
            texts,
            open_registry(cache, [into] if into else []),
            figures=figures,
            into=into,
        )
    console.print(f"{manifest.key} is published in {manifest.directory}", soft_wrap=True)
