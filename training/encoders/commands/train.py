"""`python -m training train …` and `train-router …`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from models.registry.locations import open_registry
from training.encoders.material import Sources
from training.encoders.recipe import RoutingConfig, read_config
from training.encoders.routing import train_router
from training.encoders.trainer import train as run
from training.encoders.validation import describe
from training.kit.distributed import world
from training.kit.options import (
    CacheOption,
    DataOption,
    DeviceOption,
    ManifestsOption,
    RecipeChanges,
    ResumeOption,
    ThreadsOption,
    console,
    device_of,
    errors_reported,
    numbers_of,
    set_threads,
)
from training.kit.places import OutOption
from training.kit.recipe import ConfigError
from training.kit.recipes import RecipeOption, read_recipe
from training.kit.run_files import WEIGHTS
from training.kit.stopping import interruption_reported

TrainingPairsOption = Annotated[
    Path | None,
    typer.Option("--pairs", exists=True, dir_okay=False, help="fold, first, second, same."),
]
ExcludeFoldsOption = Annotated[
    str, typer.Option("--exclude-folds", help="People of these folds are not trained on: 4,5.")
]


def train(
    config: RecipeOption,
    data: DataOption,
    changes: RecipeChanges = None,
    out: OutOption = Path("runs/train"),
    resume: ResumeOption = False,
    pairs: TrainingPairsOption = None,
    exclude_folds: ExcludeFoldsOption = "",
    device: DeviceOption = "",
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Train an encoder by a recipe; with torchrun, in several processes."""
    with errors_reported(), interruption_reported(out):
        recipe = read_config(config, changes or ())
        set_threads(threads)
        folds = _folds(exclude_folds, pairs)
        registry = open_registry(cache, tuple(manifests or ()))
        with world() as processes:
            sources = Sources(data, pairs, folds)
            figures = run(
                recipe,
                sources,
                registry,
                out,
                resume=resume,
                device=device_of(device),
                world=processes,
            )
    if processes.is_first:
        share = figures["share_of_new_weights"]
        console.print(
            f"Best at step {figures['step']} with {share:.0%} new weights: "
            f"{describe(figures['score'], figures['validation'])}. Weights: {out / WEIGHTS}"
        )


def train_router_command(
    config: RecipeOption,
    data: DataOption,
    changes: RecipeChanges = None,
    out: OutOption = Path("runs/router"),
    pairs: TrainingPairsOption = None,
    exclude_folds: ExcludeFoldsOption = "",
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Put a clear and a difficult expert behind a router, and train the router."""
    with errors_reported():
        recipe = read_recipe(config, RoutingConfig, changes or ())
        set_threads(threads)
        sources = Sources(data, pairs, _folds(exclude_folds, pairs))
        registry = open_registry(cache, tuple(manifests or ()))
        routed = train_router(recipe, sources, registry, out)
    table = Table("condition", "sent to the difficult expert")
    for name, share in routed.items():
        table.add_row(name, f"{share:.1%}")
    console.print(table)
    console.print(f"Weights: {out / WEIGHTS}")


def _folds(text: str, pairs: Path | None) -> tuple[int, ...]:
    if bool(text) != (pairs is not None):
        raise ConfigError("--pairs and --exclude-folds need each other.")
    return numbers_of("--exclude-folds", text)
