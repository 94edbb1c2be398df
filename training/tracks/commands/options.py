"""Options of the commands on tracks, and what they all do with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from models.registry.curve import ThresholdCurve
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from training.kit import checkpoints
from training.kit.options import set_threads
from training.kit.recipe import ConfigError
from training.kit.recipes import read_recipe, recipe_file
from training.kit.run_files import BEST
from training.tracks.material import Filmed, film_people
from training.tracks.recipe import TracksConfig

HeldOutPairsOption = Annotated[
    Path | None,
    typer.Option(
        "--pairs",
        exists=True,
        dir_okay=False,
        help="fold, first, second, same. Without it, a fifth of the people are held out.",
    ),
]
HeldOutOption = Annotated[
    str, typer.Option("--folds", help="People of these folds of the pairs are held out.")
]
QualityOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        parser=recipe_file,
        metavar="RECIPE",
        help="In place of a run: nothing learned, frames weighed by quality.",
    ),
]


def filmed_by(recipe: TracksConfig, data: list[Path], cache: Path | None, threads: int) -> Filmed:
    """Clips of the people in the data, by the encoder of the recipe."""
    set_threads(threads)
    return film_people(
        data, open_registry(cache), recipe.encoder, pad=recipe.pad, ignore=recipe.ignore
    )


def curve_of(recipe: TracksConfig, cache: Path | None) -> ThresholdCurve:
    """Curve of the encoder of the recipe."""
    return open_registry(cache).manifest(recipe.encoder, EncoderManifest).threshold_curve


def recipe_of(directory: Path) -> TracksConfig:
    """Read the recipe of a run. Raises CheckpointError."""
    return TracksConfig.model_validate(checkpoints.load(directory / BEST)["config"])


def recipes_of(runs: Sequence[Path], config: Path | None) -> list[TracksConfig]:
    """Read the recipes of runs, or the one given in their place. Raises ConfigError."""
    if bool(runs) == (config is not None):
        raise ConfigError("Give either --run or --config.")
    return [read_recipe(config, TracksConfig)] if config else [recipe_of(run) for run in runs]
