"""`python -m training train-tracks`."""

from pathlib import Path

from training.kit.options import (
    CacheOption,
    DataOption,
    RecipeChanges,
    ResumeOption,
    ThreadsOption,
    console,
    errors_reported,
    numbers_of,
)
from training.kit.places import OutOption
from training.kit.recipes import RecipeOption, read_recipe
from training.kit.run import require_no_run
from training.kit.run_files import FIGURES, WEIGHTS, write_json
from training.kit.stopping import interruption_reported
from training.tracks.commands.options import (
    HeldOutOption,
    HeldOutPairsOption,
    curve_of,
    filmed_by,
)
from training.tracks.material import split_people
from training.tracks.recipe import TracksConfig
from training.tracks.trainer import Setting, TracksTrainer


def train_tracks(
    config: RecipeOption,
    data: DataOption,
    changes: RecipeChanges = None,
    pairs: HeldOutPairsOption = None,
    folds: HeldOutOption = "4,5",
    out: OutOption = Path("runs/tracks"),
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
) -> None:
    """Train an aggregator of tracks by a recipe."""
    with errors_reported(), interruption_reported(out):
        recipe = read_recipe(config, TracksConfig, changes or ())
        if not resume:
            require_no_run(out)
        filmed = filmed_by(recipe, data, cache, threads)
        train, validation, _ = split_people(
            filmed, pairs, numbers_of("--folds", folds), recipe.validation.share, recipe.seed
        )
        trainer = TracksTrainer(
            Setting(
                recipe,
                filmed.composer(train, recipe.composition),
                filmed.enrolled(train),
                filmed.composer(validation, recipe.composition),
                filmed.enrolled(validation),
                curve_of(recipe, cache),
                out,
            )
        )
        if resume:
            trainer.resume()
        figures = trainer.train()
    write_json(out / FIGURES, {"config": recipe.model_dump(mode="json"), **figures})
    console.print(f"Best at step {figures['step']}: {out / WEIGHTS}", soft_wrap=True)
