"""`python -m benchmarks`: every benchmark writes a JSON file and a picture beside it."""

import typer

from benchmarks.calibrating.command import calibrating
from benchmarks.console.command import console_command
from benchmarks.galleries import found_again, gallery, kills, sealing, soak
from benchmarks.galleries.drawn import fitting
from benchmarks.grouping.command import grouping
from benchmarks.networks import accuracy, backbones, crowds, detectors, encoders, mining, pipeline
from benchmarks.painting import styles
from benchmarks.scores import cohorts, several_faces
from benchmarks.serving import (
    formats,
    hostile,
    http_load,
    interference,
    memory,
    overload,
    peers,
    safeguards,
    startup,
    threads,
)
from benchmarks.sightings.command import sightings
from benchmarks.versions import against

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Measure; nothing is sent anywhere, and no gallery is touched."""


app.command("accuracy")(accuracy.accuracy)
app.command("against")(against.against)
app.command("backbones")(backbones.backbones)
app.command("calibrating")(calibrating)
app.command("cohorts")(cohorts.cohorts)
app.command("console")(console_command)
app.command("crowds")(crowds.crowds_command)
app.command("detectors")(detectors.detectors)
app.command("encoders")(encoders.encoders)
app.command("fit-embeddings")(fitting.fit_embeddings)
app.command("found-again")(found_again.found_again)
app.command("formats")(formats.formats)
app.command("gallery")(gallery.gallery)
app.command("grouping")(grouping)
app.command("hostile")(hostile.hostile)
app.command("http")(http_load.http)
app.command("interference")(interference.interference)
app.command("kills")(kills.kills)
app.command("memory")(memory.memory)
app.command("mining")(mining.mining)
app.command("overload")(overload.overload)
app.command("peers")(peers.peers)
app.command("pipeline")(pipeline.pipeline)
app.command("several-faces")(several_faces.several_faces)
app.command("safeguards")(safeguards.safeguards)
app.command("sealing")(sealing.sealing)
app.command("sightings")(sightings)
app.command("soak")(soak.soak)
app.command("startup")(startup.startup)
app.command("styles")(styles.styles)
app.command("threads")(threads.threads)

if __name__ == "__main__":
    app(prog_name="python -m benchmarks")
