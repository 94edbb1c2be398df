"""`python -m training train-detector …` and `publish-detector …`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from models.registry.locations import open_registry
from training.detection.publication import publish_detector as publish
from training.detection.recipe import DetectorConfig
from training.detection.trainer import train_detector as run
from training.kit.options import (
    CacheOption,
    ManifestsOption,
    RecipeChanges,
    ThreadsOption,
    console,
    errors_reported,
    set_threads,
)
from training.kit.places import IntoOption, OutOption
from training.kit.recipes import RecipeOption, read_recipe
from training.publish.card_file import NameOption, VersionOption, read_card
from training.publish.places import Places
from training.publish.reports import read_reports


def train_detector(
    config: RecipeOption,
    data: Annotated[
        list[Path],
        typer.Option("--data", exists=True, help="Face crops: one folder per person, or a list."),
    ],
    changes: RecipeChanges = None,
    out: OutOption = Path("runs/detector"),
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = (
        False
    ),
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Train a single-pass face detector on composed scenes."""
    with errors_reported():
        recipe = read_recipe(config, DetectorConfig, changes or ())
        set_threads(threads)
        registry = open_registry(cache, tuple(manifests or ()))
        report = run(recipe, data, registry, out, resume=resume)
    console.print(
        f"Average precision {report['ap']:.4f} on people kept out. "
        f"Weights: {out / 'weights.safetensors'}"
    )


def publish_detector(
    weights: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    card: Annotated[
        Path,
        typer.Option(
            help="TOML: description, limits, training_data, recipe, \\[licence], \\[proposals].",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: NameOption = None,
    version: VersionOption = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `evaluate` for manifest and card.")
    ] = None,
    precision: Annotated[Literal["fp16", "fp32"], typer.Option()] = "fp16",
    into: IntoOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Publish weights of `train-detector` as a detector: weights, manifest and model card."""
    with errors_reported():
        texts = read_card(card, name, version)
        metrics = read_reports(figures or [])
        registry = open_registry(cache, (*(manifests or ()), *([into] if into else ())))
        published, path = publish(
            weights, texts, registry, Places.under(into),
            metrics=metrics, precision=precision,
        )  # fmt: skip
    console.print(f"{published.key} is published; its card: {path}", soft_wrap=True)
