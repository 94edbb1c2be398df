"""Options of the commands on tracks, and what they all do with them."""

from pathlib import Path
from typing import Annotated

import typer

from models.registry.curve import ThresholdCurve
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from training.kit import checkpoints
from training.kit.options import set_threads
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
