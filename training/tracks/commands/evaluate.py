"""`evaluate tracks`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from training.kit import checkpoints
from training.kit.options import (
    CacheOption,
    DataOption,
    JsonOption,
    ThreadsOption,
    console,
    errors_reported,
    numbers_of,
)
from training.kit.run_files import BEST, write_json
from training.tracks.commands.options import (
    HeldOutOption,
    HeldOutPairsOption,
    QualityOption,
    curve_of,
    filmed_by,
    recipes_of,
)
from training.tracks.material import split_people
from training.tracks.measuring import FMRS, by_network, film
from training.tracks.plots import draw_tracks
from training.tracks.recipe import TracksConfig
from training.tracks.report import tracks_report
from training.tracks.trainer import build

RunOption = Annotated[
    list[Path] | None,
    typer.Option("--run", exists=True, file_okay=False, help="Directory of `train-tracks`."),
]


def tracks(
    data: DataOption,
    output: JsonOption,
    run: RunOption = None,
    config: QualityOption = None,
    pairs: HeldOutPairsOption = None,
    folds: HeldOutOption = "4,5",
    per_clip: Annotated[int, typer.Option("--tracks", min=1, help="Of every clip.")] = 4,
    seed: Annotated[int, typer.Option("--seed", help="Of the tracks.")] = 7,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
) -> None:
    """Aggregators against the best frame and two means, on people never trained on."""
    with errors_reported():
        runs = run or []
        recipes = recipes_of(runs, config)
        filmed = filmed_by(recipes[0], data, cache, threads)
        _, _, held = split_people(filmed, pairs, numbers_of("--folds", folds), 0.2, recipes[0].seed)
        dimension = filmed.clean.shape[1]
        learned = {}
        for directory, recipe in zip(runs, recipes, strict=False):
            network = build(recipe, dimension)
            network.load_state_dict(checkpoints.load(directory / BEST)["average"])
            learned[_name(recipe)] = by_network(network.eval())
        composer = filmed.composer(held, recipes[0].composition)
        report = tracks_report(
            film(composer, per_clip, seed),
            filmed.enrolled(held),
            learned,
            curve_of(recipes[0], cache),
            film(composer, 1, seed + 1),
        )
    write_json(output, {"encoder": recipes[0].encoder, "folds": folds, "seed": seed, **report})
    draw_tracks(output.with_suffix(".png"), report["ways"])
    _print(report)


def _name(recipe: TracksConfig) -> str:
    both = ", both ways" if recipe.model.bidirectional else ""
    restoring = ", restoring" if recipe.model.restoring else ""
    return f"{recipe.model.cell.upper()}{both}{restoring}"


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
