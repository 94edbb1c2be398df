"""`python -m training masks train`."""

from pathlib import Path
from typing import Annotated

import typer

from models.registry.locations import open_registry
from training.kit.options import (
    CacheOption,
    DataOption,
    ManifestsOption,
    RecipeChanges,
    ThreadsOption,
    console,
    errors_reported,
    numbers_of,
    set_threads,
)
from training.kit.places import OutOption
from training.kit.recipe import ConfigError
from training.kit.recipes import RecipeOption, read_recipe
from training.kit.run_files import WEIGHTS
from training.masks.recipe import MasksConfig
from training.masks.trainer import Material
from training.masks.trainer import train as run


def train(
    config: RecipeOption,
    data: DataOption,
    changes: RecipeChanges = None,
    out: OutOption = Path("runs/masks"),
    pairs: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="fold, first, second, same."),
    ] = None,
    exclude_folds: Annotated[
        str, typer.Option(help="People of these folds are not trained on: 4,5.")
    ] = "",
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Train a network that tells masks, on masks that it draws itself."""
    with errors_reported():
        recipe = read_recipe(config, MasksConfig, changes or ())
        if bool(exclude_folds) != (pairs is not None):
            raise ConfigError("--pairs and --exclude-folds need each other.")
        set_threads(threads)
        registry = open_registry(cache, tuple(manifests or ()))
        folds = numbers_of("--exclude-folds", exclude_folds)
        right = run(recipe, Material(data, pairs, folds), registry, out)
    console.print(f"{right:.2%} of drawn faces told right. Weights: {out / WEIGHTS}")
