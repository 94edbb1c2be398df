"""Options that the commands share, and what they all do with them."""

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from rich.console import Console
from rich.markup import escape

from models.errors import ReportedError
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.kit.guards import StoppedError
from training.kit.places import new_file
from training.measure.gallery import EvaluationError, Pair, read_pairs

console = Console(stderr=True)
_INTERRUPTED = 130
"""As shells count it: 128 and the number of SIGINT."""

EncoderOption = Annotated[str, typer.Option("--encoder", help="Model key, name@version.")]
DetectorOption = Annotated[
    str | None, typer.Option("--detector", help="Model key; the registry's default if not given.")
]
ImagesOption = Annotated[
    Path, typer.Option("--images", exists=True, file_okay=False, help="One folder per person.")
]
PairsOption = Annotated[
    Path | None,
    typer.Option(
        "--pairs",
        exists=True,
        dir_okay=False,
        help="fold, first, second, same. Without it, pairs are made out of the folders.",
    ),
]
FoldsOption = Annotated[
    str | None, typer.Option("--folds", help="Use only these folds of the pairs, such as 4,5.")
]
JsonOption = Annotated[
    Path, typer.Option("--json", callback=new_file, help="Figures; pictures go beside it.")
]
PadOption = Annotated[
    float,
    typer.Option("--pad", min=0, max=2, help="Replicate the border by this share of the size."),
]
MirrorOption = Annotated[
    bool | None,
    typer.Option("--mirror/--no-mirror", help="Overrides the manifest's mirror averaging."),
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
PeopleOption = Annotated[
    Path | None,
    typer.Option(
        "--people",
        exists=True,
        dir_okay=False,
        help="Only these people, a name a line, such as held-out.txt of a run.",
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


@dataclass(frozen=True, slots=True)
class Setup:
    """An encoder, and how pictures become its chips."""

    registry: Registry
    encoder: str
    detector: str | None
    pad: float
    mirror: bool | None

    def options(self) -> dict[str, Any]:
        """What a report says about how it came about."""
        manifest = self.registry.manifest(self.encoder, EncoderManifest)
        finder = self.detector or self.registry.default("detect-faces")
        return {
            "encoder": manifest.key,
            "detector": self.registry.manifest(finder).key,
            "mirror": manifest.mirror if self.mirror is None else self.mirror,
            "pad": self.pad,
        }


def setup(
    encoder: str,
    detector: str | None,
    pad: float,
    mirror: bool | None,
    cache: Path | None,
    manifests: Sequence[Path] | None,
) -> Setup:
    """From the options of a command. Raises what the registry raises."""
    registry = open_registry(cache, tuple(manifests or ()))
    return Setup(registry, encoder, detector, pad, mirror)


def set_threads(count: int) -> None:
    """Threads of one network; 0 leaves it at as many as there are cores."""
    if count:
        torch.set_num_threads(count)


def pairs_of(path: Path, folds: str | None) -> list[Pair]:
    """The pairs of a table, of some folds only if told. Raises EvaluationError."""
    pairs = read_pairs(path)
    if folds is None:
        return pairs
    try:
        wanted = {int(fold) for fold in folds.split(",")}
    except ValueError as error:
        raise EvaluationError(f"--folds takes numbers such as 4,5, not {folds!r}.") from error
    missing = wanted - {pair.fold for pair in pairs}
    if missing:
        raise EvaluationError(f"{path} has no fold {min(missing)}.")
    return [pair for pair in pairs if pair.fold in wanted]


def names_in(pairs: Collection[Pair]) -> set[str]:
    """File names of all pictures of the pairs."""
    return {name for pair in pairs for name in (pair.first, pair.second)}


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
