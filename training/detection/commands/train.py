"""`python -m training train-detector …`."""

from pathlib import Path
from typing import Annotated

import typer

from models.registry.locations import open_registry
from training.detection.recipe import DetectorConfig
from training.detection.trainer import train_detector as run
from training.kit.options import (
    CacheOption,
    ManifestsOption,
    RecipeChanges,
    ResumeOption,
    ThreadsOption,
    console,
    errors_reported,
    set_threads,
)
from training.kit.places import OutOption
from training.kit.recipes import RecipeOption, read_recipe
from training.kit.run_files import WEIGHTS
from training.kit.stopping import interruption_reported


def train_detector(
    config: RecipeOption,
    data: Annotated[
        list[Path],
        typer.Option("--data", exists=True, help="Face crops: one folder per person, or a list."),
    ],
    changes: RecipeChanges = None,
    out: OutOption = Path("runs/detector"),
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Train a single-pass face detector on composed scenes."""
    with errors_reported(), interruption_reported(out):
        recipe = read_recipe(config, DetectorConfig, changes or ())
        set_threads(threads)
        registry = open_registry(cache, tuple(manifests or ()))
        report = run(recipe, data, registry, out, resume=resume)
    console.print(
        f"Average precision {report['ap']:.4f} on people kept out. Weights: {out / WEIGHTS}"
    )
