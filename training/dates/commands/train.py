"""`python -m training dates …`."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import torch
import typer

from models.registry.locations import open_registry
from training.dates.publication import publish_reader
from training.dates.recipe import DatesConfig
from training.dates.trainer import DatesTrainer
from training.kit import checkpoints
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
from training.kit.recipe import ConfigError
from training.kit.recipes import RecipeOption, read_recipe
from training.publish.card_file import NameOption, VersionOption, read_card
from training.publish.places import Places
from training.publish.reports import read_reports

app = typer.Typer(no_args_is_help=True, help="Train and publish readers of dates.")


@app.command()
def train(
    config: RecipeOption,
    changes: RecipeChanges = None,
    out: OutOption = Path("runs/dates"),
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = (
        False
    ),
    device: Annotated[
        str, typer.Option("--device", help="cpu, cuda, …; the best there is if not given.")
    ] = "",
    threads: ThreadsOption = 0,
) -> None:
    """Train a reader of dates, on texts that it writes itself."""
    with errors_reported():
        recipe = read_recipe(config, DatesConfig, changes or ())
        if not resume and (out / "last.pt").exists():
            raise ConfigError(
                f"There is a run in {out} already.", hint="Give --resume, or another --out."
            )
        set_threads(threads)
        where = device or ("cuda" if torch.cuda.is_available() else "cpu")
        trainer = DatesTrainer(recipe, out, where)
        if resume:
            trainer.resume()
        figures = trainer.train()
        report = {"config": recipe.model_dump(mode="json"), "step": trainer.step, **figures}
        (out / "figures.json").write_text(json.dumps(report, indent=2) + "\n")
    console.print(f"{figures['exact']:.2%} exact. Weights: {out / 'weights.safetensors'}")


@app.command()
def publish(
    run: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="`--out` of train.")],
    card: Annotated[
        Path,
        typer.Option(
            help="TOML with description, limits, training_data, \\[licence] and the "
            "probabilities refused_from and least_probability.",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: NameOption = None,
    version: VersionOption = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `evaluate sequence`.")
    ] = None,
    into: IntoOption = None,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Publish a run's averaged weights as a reader of dates: weights and manifest."""
    with errors_reported():
        content = checkpoints.load(run / "last.pt")
        recipe = DatesConfig.model_validate(content["config"])
        registry = open_registry(cache, tuple(manifests or ()))
        with tempfile.TemporaryDirectory() as directory:
            weights = Path(directory) / "weights.safetensors"
            checkpoints.save_weights(weights, content["average"])
            texts, metrics = read_card(card, name, version), read_reports(figures or [])
            manifest = publish_reader(weights, recipe, texts, metrics, registry, Places.under(into))
    console.print(f"{manifest.key} is published.")
