"""`python -m training evaluate …`."""

import typer

from training.evaluate.commands.calibrate import calibration
from training.evaluate.commands.detection import detection
from training.evaluate.commands.identification import identification
from training.evaluate.commands.robustness import robustness
from training.evaluate.commands.sequence import sequence
from training.evaluate.commands.speed import speed
from training.evaluate.commands.verification import verification
from training.tracks.cli import tracks

app = typer.Typer(no_args_is_help=True, help="Measure encoders and detectors.")
app = typer.Typer(no_args_is_help=True, help="Measure models on data they do not know.")
app.command()(verification)
app.command()(identification)
app.command()(robustness)
app.command()(sequence)
app.command()(speed)
app.command()(detection)
app.command()(tracks)
app.command(name="calibrate")(calibration)
