"""Options that the commands share, and what they all do with them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from rich.console import Console
from rich.markup import escape

from models.errors import ReportedError
from training.kit.guards import StoppedError
from training.kit.places import new_file

console = Console(stderr=True)
_INTERRUPTED = 130
"""As shells count it: 128 and the number of SIGINT."""

JsonOption = Annotated[
    Path, typer.Option("--json", callback=new_file, help="Figures; pictures go beside it.")
]
ThreadsOption = Annotated[
    int, typer.Option("--threads", min=0, help="Of one network; 0: as many as cores.")
]
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


def write_json(path: Path, report: dict[str, Any]) -> None:
    """Indented, with the directories it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


@contextmanager
def errors_reported() -> Iterator[None]:
    """Expected failures end the command with one line and status 2; being stopped, with 130."""
    try:
        yield
    except ReportedError as error:
        # What was wrong may hold brackets, which are no markup.
        console.print(f"[red]{error.slug}[/red]: {escape(str(error))}")
        sys.exit(_INTERRUPTED if isinstance(error, StoppedError) else 2)
