"""`python -m training`: train encoders and detectors, measure them, publish them."""

import typer

from training.augment.preview_command import preview
from training.dates.command import app as dates
from training.detection.cli import publish_detector, train_detector
from training.encoders.cli import train, train_router_command
from training.evaluate.commands.cli import app as evaluate
from training.evaluate.commands.compare import compare
from training.explain.command import explain
from training.export.cli import export_command
from training.tracks.cli import export_tracks, train_tracks

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Work on models outside the service."""


app.add_typer(evaluate, name="evaluate")
app.add_typer(dates, name="dates")
app.command("export")(export_command)
app.command()(compare)
app.command()(explain)
app.command()(preview)
app.command()(train)
app.command("train-router")(train_router_command)
app.command()(train_detector)
app.command()(train_tracks)
app.command()(export_tracks)
app.command()(publish_detector)

if __name__ == "__main__":
    app(prog_name="python -m training")
