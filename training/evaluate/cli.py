"""`python -m training evaluate …`."""

import typer

from training.evaluate.calibrate_command import calibration
from training.evaluate.detection_command import detection
from training.evaluate.identification_command import identification
from training.evaluate.robustness_command import robustness
from training.evaluate.sequence_command import sequence
from training.evaluate.speed_command import speed
from training.evaluate.verification_command import verification
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
