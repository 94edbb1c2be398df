"""The command that paints a picture in the manner of another."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.console import AsJson, console, errors, print_json, read_settings, reporting
from app.cli.places import check_file
from app.domain.errors.requests import InvalidRequestError
from app.domain.styles import ResultFormat
from models.pipelines.style.options import (
    FEWEST_STEPS,
    LARGEST,
    MOST_STEPS,
    SMALLEST,
    Losses,
    Step,
    TransferOptions,
)

_FORMATS: dict[str, ResultFormat] = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}


def style(
    content: Annotated[Path, typer.Argument(help="What to paint.", exists=True, dir_okay=False)],
    style: Annotated[
        Path, typer.Argument(help="In whose manner: a picture.", exists=True, dir_okay=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A file that ends with .png, .jpg or .jpeg.")
    ],
    size: Annotated[
        int, typer.Option(min=SMALLEST, max=LARGEST, help="Longer side of the result.")
    ] = 256,
    steps: Annotated[
        int, typer.Option(min=FEWEST_STEPS, max=MOST_STEPS, help="Iterations at each size.")
    ] = 60,
    alpha: Annotated[float | None, typer.Option(min=1e-6, help="Weight of the content.")] = None,
    beta: Annotated[float | None, typer.Option(min=1e-6, help="Weight of the style.")] = None,
    preserve_colour: Annotated[bool, typer.Option(help="Keep the content's colours.")] = False,
    keep_faces: Annotated[bool, typer.Option(help="Leave faces as they are.")] = False,
    faces_only: Annotated[bool, typer.Option(help="Style faces and nothing else.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same picture.")] = 0,
    model: Annotated[str | None, typer.Option(help="Model key; or the default.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Paint a picture in the manner of another, on this machine and without a server."""
    options = TransferOptions(
        size, steps, alpha, beta, preserve_colour, keep_faces, faces_only, seed
    )
    check_file(output, as_json, _FORMATS)
    with reporting(as_json):
        form = _FORMATS[output.suffix.lower()]
        if keep_faces and faces_only:
            raise InvalidRequestError("--keep-faces and --faces-only exclude each other.")
        # Importing the networks takes seconds that `facet --help` should not.
        from app.bootstrap.networks import open_painter

        painter = open_painter(read_settings(), threads)
        key = painter.model(model, options)
        what, how = (painter.prepare(path.read_bytes()).content for path in (content, style))
        with _Bar(quiet=as_json) as bar:
            painted = painter.paint(what, how, options, key, form, bar.watch)
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(painted)
    if as_json:
        losses = {"loss": bar.last.total, "content": bar.last.content, "style": bar.last.style}
        return print_json({"file": str(output), "model": key, "bytes": len(painted), **losses})
    console.print(f"Picture: {output} ({key})", soft_wrap=True)


class _Bar:
    """Steps and losses, live."""

    def __init__(self, *, quiet: bool) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=errors, disable=quiet)
        self.last = Losses(0.0, 0.0, 0.0)

    def __enter__(self) -> "_Bar":
        self._progress.start()
        self._task = self._progress.add_task("learning the style", total=None)
        return self

    def __exit__(self, *_: Any) -> None:
        self._progress.stop()

    def watch(self, step: Step, losses: Losses, _: Callable[[], bytes]) -> None:
        self.last = losses
        shown = f"loss {losses.total:.3f} (content {losses.content:.3f}, style {losses.style:.3f})"
        self._progress.update(
            self._task, description=shown, completed=step.number, total=step.total
        )
