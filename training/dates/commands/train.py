"""`python -m training dates train`."""

from pathlib import Path

from training.dates.recipe import DatesConfig
from training.dates.trainer import DatesTrainer
from training.kit.options import (
    DeviceOption,
    RecipeChanges,
    ResumeOption,
    ThreadsOption,
    console,
    device_of,
    errors_reported,
    set_threads,
)
from training.kit.places import OutOption
from training.kit.recipes import RecipeOption, read_recipe
from training.kit.run import require_no_run
from training.kit.run_files import FIGURES, WEIGHTS, write_json
from training.kit.stopping import interruption_reported


def train(
    config: RecipeOption,
    changes: RecipeChanges = None,
    out: OutOption = Path("runs/dates"),
    resume: ResumeOption = False,
    device: DeviceOption = "",
    threads: ThreadsOption = 0,
) -> None:
    """Train a reader of dates, on texts that it writes itself."""
    with errors_reported(), interruption_reported(out):
        recipe = read_recipe(config, DatesConfig, changes or ())
        if not resume:
            require_no_run(out)
        set_threads(threads)
        trainer = DatesTrainer(recipe, out, device_of(device))
        if resume:
            trainer.resume()
        figures = trainer.train()
        report = {"config": recipe.model_dump(mode="json"), "step": trainer.run.step, **figures}
        write_json(out / FIGURES, report)
    console.print(f"{figures['exact']:.2%} exact. Weights: {out / WEIGHTS}")
