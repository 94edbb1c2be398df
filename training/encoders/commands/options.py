"""Options of the commands that measure encoders."""

from pathlib import Path
from typing import Annotated

import typer

EncoderOption = Annotated[
    str,
    typer.Option(
        "--encoder", help="Model key, name@version, or the directory of a run of `train`."
    ),
]
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
PadOption = Annotated[
    float,
    typer.Option("--pad", min=0, max=2, help="Replicate the border by this share of the size."),
]
MirrorOption = Annotated[
    bool | None,
    typer.Option("--mirror/--no-mirror", help="Overrides the manifest's mirror averaging."),
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
