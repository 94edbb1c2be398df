"""Options that name places to write to: checked when the command is read, before any work."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from models.errors import ReportedError
from models.places import UnwritablePlaceError, require_directory, require_file

_console = Console(stderr=True)


def new_file(path: Path | None) -> Path | None:
    """Callback of an option that names a file. Ends the command where none can be written."""
    try:
        return None if path is None else require_file(path)
    except UnwritablePlaceError as error:
        raise _ended(error) from error


def new_picture(path: Path) -> Path:
    """Callback of an option that names a picture, which is a PNG."""
    if path.suffix.lower() != ".png":
        raise _ended(UnwritablePlaceError(f"{path.name} does not end with .png."))
    new_file(path)
    return path


def new_directory(path: Path | None) -> Path | None:
    """Callback of an option that names a directory, which may be missing."""
    try:
        return None if path is None else require_directory(path)
    except UnwritablePlaceError as error:
        raise _ended(error) from error


def _ended(error: ReportedError) -> typer.Exit:
    _console.print(Text.assemble((error.slug, "red"), f": {error}"), soft_wrap=True)
    return typer.Exit(2)


OutOption = Annotated[
    Path,
    typer.Option("--out", callback=new_directory, help="Checkpoints, curves, weights."),
]
IntoOption = Annotated[
    Path | None,
    typer.Option(
        "--into", callback=new_directory, help="Directory; the project's models/ if not given."
    ),
]
