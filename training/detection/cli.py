"""`python -m training train-detector …`."""

from pathlib import Path
from typing import Annotated

import torch
import typer

from models.registry.locations import open_registry
from training.config import read_recipe
from training.detection.config import DetectorConfig
from training.detection.run import train_detector as run
from training.evaluate.options import CacheOption, ManifestsOption, console, errors_reported


def train_detector(
    config: Annotated[Path, typer.Option("--config", exists=True, dir_okay=False, help="TOML.")],
    data: Annotated[
        list[Path],
        typer.Option("--data", exists=True, help="Face crops: one folder per person, or a list."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Checkpoints, curves, weights.")] = Path(
        "runs/detector"
    ),
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = (
        False
    ),
    threads: Annotated[int, typer.Option("--threads", min=0, help="0: as many as cores.")] = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Train a single-pass face detector on composed scenes."""
    with errors_reported():
        recipe = read_recipe(config, DetectorConfig)
        if threads:
            torch.set_num_threads(threads)
        registry = open_registry(cache, tuple(manifests or ()))
        report = run(recipe, data, registry, out, resume=resume)
    console.print(
        f"Average precision {report['ap']:.4f} on people kept out. "
        f"Weights: {out / 'weights.safetensors'}"
    )
