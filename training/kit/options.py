"""Options that the commands share, and what they all do with them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console
from rich.markup import escape

from models.errors import ReportedError
from training.kit.guards import StoppedError
from training.kit.places import new_file
from training.kit.recipe import ConfigError

console = Console(stderr=True)
_INTERRUPTED = 130
"""As shells count it: 128 and the number of SIGINT."""

JsonOption = Annotated[
    Path, typer.Option("--json", callback=new_file, help="Figures; pictures go beside it.")
]
DataOption = Annotated[
    list[Path],
    typer.Option("--data", exists=True, help="One folder per person, or a CSV/TSV list."),
]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")]
DeviceOption = Annotated[
    str, typer.Option("--device", help="cpu, cuda, …; the best there is if not given.")
]
ThreadsOption = Annotated[
    int, typer.Option("--threads", min=0, help="Of one network; 0: as many as cores.")
]
TimedThreadsOption = Annotated[int, typer.Option("--threads", min=1, help="Of the processor.")]
RecipeChanges = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME=VALUE …",
        help="Values in place of the recipe's, such as schedule.steps=100 or optimiser.kind=sgd.",
        show_default=False,
    ),
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        envvar="FACET_MODEL_CACHE_DIR",
        help="Where converted weights and chips are kept.",
    ),
]
ManifestsOption = Annotated[
    list[Path] | None,
    typer.Option("--manifests", exists=True, file_okay=False, help="More manifest directories."),
]


def set_threads(count: int) -> None:
    """Threads of one network; 0 leaves it at as many as there are cores."""
    if count:
        torch.set_num_threads(count)


def device_of(given: str) -> str:
    """The one given, or the best there is."""
    return given or ("cuda" if torch.cuda.is_available() else "cpu")


def numbers_of(option: str, text: str) -> tuple[int, ...]:
    """Numbers that an option such as "4,5" names. Raises ConfigError."""
    try:
        return tuple(int(number) for number in text.split(",") if number)
    except ValueError as error:
        raise ConfigError(f"{option} takes numbers such as 4,5, not {text!r}.") from error


@contextmanager
def errors_reported() -> Iterator[None]:
    """Expected failures end the command with one line and status 2; being stopped, with 130."""
    try:
        yield
    except ReportedError as error:
        # What was wrong may hold brackets, which are no markup.
        console.print(f"[red]{error.slug}[/red]: {escape(str(error))}")
        sys.exit(_INTERRUPTED if isinstance(error, StoppedError) else 2)
