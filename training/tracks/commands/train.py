"""`train-tracks`, `evaluate tracks` and `export-tracks`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from models.registry.curve import ThresholdCurve
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from training.kit import checkpoints
from training.kit.options import (
    CacheOption,
    JsonOption,
    RecipeChanges,
    ThreadsOption,
    console,
    errors_reported,
    set_threads,
    write_json,
)
from training.kit.places import IntoOption, OutOption
from training.kit.recipe import ConfigError
from training.kit.recipes import RecipeOption, read_recipe, recipe_file
from training.publish.card_file import NameOption, VersionOption, read_card
from training.tracks.material import Filmed, film_people, split_people
from training.tracks.measuring import FMRS, by_network, film
from training.tracks.plots import draw_tracks
from training.tracks.publication import publish_aggregator
from training.tracks.recipe import TracksConfig
from training.tracks.report import tracks_report
from training.tracks.trainer import Learner, Setting, build

DataOption = Annotated[
    list[Path],
    typer.Option("--data", exists=True, help="One folder per person, or a CSV/TSV list."),
]
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
RunOption = Annotated[
    list[Path],
    typer.Option("--run", exists=True, file_okay=False, help="Directory of `train-tracks`."),
]


def train_tracks(
    config: RecipeOption,
    data: DataOption,
    changes: RecipeChanges = None,
    pairs: HeldOutPairsOption = None,
    folds: HeldOutOption = "4,5",
    out: OutOption = Path("runs/tracks"),
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")] = (
        False
    ),
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
) -> None:
    """Train an aggregator of tracks by a recipe."""
    with errors_reported():
        recipe = read_recipe(config, TracksConfig, changes or ())
        if not resume and (out / "last.pt").exists():
            raise ConfigError(
                f"There is a run in {out} already.", hint="Give --resume, or another --out."
            )
        filmed = _filmed(recipe, data, cache, threads)
        train, validation, _ = split_people(
            filmed, pairs, _numbers(folds), recipe.validation.share, recipe.seed
        )
        learner = Learner(
            Setting(
                recipe,
                filmed.composer(train, recipe.composition),
                filmed.enrolled(train),
                filmed.composer(validation, recipe.composition),
                filmed.enrolled(validation),
                _curve(recipe, cache),
                out,
            )
        )
        if resume:
            learner.resume()
        figures = learner.train()
    write_json(out / "figures.json", {"config": recipe.model_dump(mode="json"), **figures})
    console.print(f"Best at step {figures['step']}: {out / 'weights.safetensors'}", soft_wrap=True)


def tracks(
    run: RunOption,
    data: DataOption,
    output: JsonOption,
    pairs: HeldOutPairsOption = None,
    folds: HeldOutOption = "4,5",
    per_clip: Annotated[int, typer.Option("--tracks", min=1, help="Of every clip.")] = 4,
    seed: Annotated[int, typer.Option("--seed", help="Of the tracks.")] = 7,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
) -> None:
    """Aggregators against the best frame and two means, on people never trained on."""
    with errors_reported():
        recipes = [_recipe(directory) for directory in run]
        filmed = _filmed(recipes[0], data, cache, threads)
        _, _, held = split_people(filmed, pairs, _numbers(folds), 0.2, recipes[0].seed)
        dimension = filmed.clean.shape[1]
        learned = {}
        for directory, recipe in zip(run, recipes, strict=True):
            network = build(recipe, dimension)
            network.load_state_dict(checkpoints.load(directory / "best.pt")["average"])
            learned[_name(recipe)] = by_network(network.eval())
        composer = filmed.composer(held, recipes[0].composition)
        report = tracks_report(
            film(composer, per_clip, seed),
            filmed.enrolled(held),
            learned,
            _curve(recipes[0], cache),
            film(composer, 1, seed + 1),
        )
    write_json(output, {"encoder": recipes[0].encoder, "folds": folds, "seed": seed, **report})
    draw_tracks(output.with_suffix(".png"), report["ways"])
    _print(report)


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
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            parser=recipe_file,
            metavar="RECIPE",
            help="In place of a run: weigh by quality.",
        ),
    ] = None,
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
        if (run is None) == (config is None):
            raise ConfigError("Give either --run or --config.")
        texts = read_card(card, name, version)
        recipe = _recipe(run) if run else read_recipe(config or Path(), TracksConfig)
        filmed = _filmed(recipe, data, cache, threads)
        _, validation, held = split_people(
            filmed, pairs, _numbers(folds), recipe.validation.share, recipe.seed
        )
        manifest = publish_aggregator(
            run,
            recipe,
            filmed,
            (validation, held),
            texts,
            open_registry(cache, [into] if into else []),
            figures=figures,
            into=into,
        )
    console.print(f"{manifest.key} is published in {manifest.directory}", soft_wrap=True)


def _filmed(recipe: TracksConfig, data: list[Path], cache: Path | None, threads: int) -> Filmed:
    set_threads(threads)
    return film_people(
        data, open_registry(cache), recipe.encoder, pad=recipe.pad, ignore=recipe.ignore
    )


def _curve(recipe: TracksConfig, cache: Path | None) -> ThresholdCurve:
    return open_registry(cache).manifest(recipe.encoder, EncoderManifest).threshold_curve


def _recipe(directory: Path) -> TracksConfig:
    return TracksConfig.model_validate(checkpoints.load(directory / "best.pt")["config"])


def _name(recipe: TracksConfig) -> str:
    both = ", both ways" if recipe.model.bidirectional else ""
    restoring = ", restoring" if recipe.model.restoring else ""
    return f"{recipe.model.cell.upper()}{both}{restoring}"


def _numbers(folds: str) -> list[int]:
    try:
        return [int(fold) for fold in folds.split(",") if fold]
    except ValueError as error:
        raise ConfigError(f"--folds takes numbers such as 4,5, not {folds!r}.") from error


def _print(report: dict[str, Any]) -> None:
    columns = [f"FNMR at {rate}" for rate in FMRS]
    table = Table(
        "frames weighed by",
        *columns,
        "fewer than the best simple way",
        "real FMR",
        "enrolled by track",
    )
    for name, figures in report["ways"].items():
        rates = [
            f"{figures['fnmr'][rate]:.4f} [{low:.3f}, {high:.3f}]"
            for rate in FMRS
            for low, high in [figures["fnmr_95"][rate]]
        ]
        fewer = ", ".join(f"{share:.0%}" for share in figures.get("reduction", {}).values())
        real = ", ".join(f"{rate:.1e}" for rate in figures["nominal_fmr"].values())
        tracked = ", ".join(f"{rate:.4f}" for rate in figures["enrolled_by_track"].values())
        table.add_row(name, *rates, fewer, real, tracked)
    console.print(table)
    console.print(
        f"{report['tracks']:,} tracks of {report['people']} people, {report['genuine']:,} genuine "
        f"and {report['impostors']:,} impostor comparisons. Real FMR: at the encoder's own "
        f"thresholds for {', '.join(FMRS)}."
    )
