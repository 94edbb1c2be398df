"""`python -m training`: train encoders and detectors, measure them, publish them."""

import typer

from training.dates.commands.evaluate import sequence
from training.dates.commands.publish import publish
from training.dates.commands.train import train as train_dates
from training.detection.commands.evaluate import detection
from training.detection.commands.publish import publish_detector
from training.detection.commands.train import train_detector
from training.encoders.commands.calibrate import calibration
from training.encoders.commands.compare import compare
from training.encoders.commands.explain import explain
from training.encoders.commands.export import export_command
from training.encoders.commands.fuse import fuse
from training.encoders.commands.identification import identification
from training.encoders.commands.labels import labels
from training.encoders.commands.preview import preview
from training.encoders.commands.robustness import robustness
from training.encoders.commands.speed import speed
from training.encoders.commands.train import train, train_router_command
from training.encoders.commands.verification import verification
from training.masks.commands.evaluate import evaluate as evaluate_masks
from training.masks.commands.publish import publish as publish_masks
from training.masks.commands.train import train as train_masks
from training.tracks.commands.evaluate import tracks
from training.tracks.commands.publish import export_tracks
from training.tracks.commands.train import train_tracks

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
evaluate = typer.Typer(no_args_is_help=True, help="Measure models on data they do not know.")
dates = typer.Typer(no_args_is_help=True, help="Train and publish readers of dates.")

masks = typer.Typer(no_args_is_help=True, help="Train, measure and publish tellers of masks.")


@app.callback()
def main() -> None:
    """Work on models outside the service."""


evaluate.command()(verification)
evaluate.command()(identification)
evaluate.command()(labels)
evaluate.command()(robustness)
evaluate.command()(sequence)
evaluate.command()(speed)
evaluate.command()(detection)
evaluate.command()(tracks)
evaluate.command("calibrate")(calibration)
dates.command("train")(train_dates)
dates.command()(publish)
masks.command("train")(train_masks)
masks.command("evaluate")(evaluate_masks)
masks.command("publish")(publish_masks)
app.add_typer(evaluate, name="evaluate")
app.add_typer(dates, name="dates")
app.add_typer(masks, name="masks")
app.command("export")(export_command)
app.command()(compare)
app.command()(explain)
app.command()(fuse)
app.command()(preview)
app.command()(train)
app.command("train-router")(train_router_command)
app.command()(train_detector)
app.command()(train_tracks)
app.command()(export_tracks)
app.command()(publish_detector)

if __name__ == "__main__":
    app(prog_name="python -m training")
