"""`python -m training train …` and `train-router …`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.table import Table

from models.registry.locations import open_registry
from training.encoders.recipe import RoutingConfig, read_config
from training.encoders.routing import train_router
from training.encoders.run import Sources
from training.encoders.run import train as run
from training.encoders.validation import told
from training.kit.distributed import world
from training.kit.guards import StoppedError
from training.kit.options import (
    CacheOption,
    ManifestsOption,
    RecipeChanges,
    ThreadsOption,
    console,
    errors_reported,
    set_threads,
)
from training.kit.places import OutOption
from training.kit.recipe import ConfigError
from training.kit.recipes import RecipeOption, read_recipe
from training.kit.run_files import LAST, WEIGHTS

DataOption = Annotated[
    list[Path],
    typer.Option("--data", exists=True, help="One folder per person, or a CSV/TSV list."),
]
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
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = (
        False
    ),
    pairs: TrainingPairsOption = None,
    exclude_folds: ExcludeFoldsOption = "",
    device: Annotated[
        str, typer.Option("--device", help="cpu, cuda, …; the best there is if not given.")
    ] = "",
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Train an encoder by a recipe; with torchrun, in several processes."""
    with errors_reported(), _interruption_told(out):
        recipe = read_config(config, changes or ())
        set_threads(threads)
        folds = _folds(exclude_folds, pairs)
        registry = open_registry(cache, tuple(manifests or ()))
        with world() as processes:
            where = device or ("cuda" if torch.cuda.is_available() else "cpu")
            sources = Sources(data, pairs, folds)
            figures = run(
                recipe, sources, registry, out, resume=resume, device=where, world=processes
            )
    if processes.is_first:
        share = figures["share_of_new_weights"]
        console.print(
            f"Best at step {figures['step']} with {share:.0%} new weights: "
            f"{told(figures['score'], figures['validation'])}. Weights: {out / WEIGHTS}"
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


@contextmanager
def _interruption_told(out: Path) -> Iterator[None]:
    """Say after a hasty Ctrl-C what there is to go on from."""
    try:
        yield
    except KeyboardInterrupt:
        there = (out / LAST).is_file()
        what = "--resume goes on from the last checkpoint" if there else "nothing was saved yet"
        raise StoppedError(f"Interrupted; {what}.") from None


def _folds(text: str, pairs: Path | None) -> tuple[int, ...]:
    if bool(text) != (pairs is not None):
        raise ConfigError("--pairs and --exclude-folds need each other.")
    try:
        return tuple(int(fold) for fold in text.split(",") if fold)
    except ValueError as error:
        raise ConfigError(f"--exclude-folds takes numbers such as 4,5, not {text!r}.") from error
