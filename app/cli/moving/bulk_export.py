"""The command that takes a whole collection out: `facet export`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.console import AsJson, console, errors, open_cases, print_json
from app.cli.places import check_file
from app.domain.errors.requests import InvalidRequestError
from app.domain.portable import PortableFace
from app.files.parquet import writing


def export(
    name: Annotated[str, typer.Argument(help="The collection's name.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default <collection>.parquet, here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write subjects, metadata, templates and kept images to Parquet; `facet import` reads it.

    The collection goes on serving. The file holds personal data: keep it as you keep the gallery.
    """
    path = output or Path(f"{name}.parquet")
    check_file(path, as_json)
    faces = subjects = 0
    emptied: dict[str, list[str]] = {}
    with open_cases(as_json) as cases:
        collection = cases.collections.get(name)
        if collection.unreadable:
            emptied[collection.id] = list(collection.unreadable)
        if path.exists() and not force:
            raise InvalidRequestError(f"{path} exists.", hint="Use --force to replace it.")
        total = cases.collections.sizes([collection])[collection.id][1]
        columns = (
            TextColumn("Exporting"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        quiet = as_json or not errors.is_terminal
        with (
            writing(path, collection) as file,
            Progress(*columns, console=errors, disable=quiet) as progress,
        ):
            bar = progress.add_task("", total=total)
            for page in cases.exporter.pages(collection):
                file.write(page)
                with_face = sum(one.face is not None for one in page)
                faces += with_face
                subjects += len(page) - with_face
                emptied |= _emptied(page)
                progress.update(bar, completed=faces)
    if as_json:
        return print_json(
            {
                "collection": name,
                "file": str(path),
                "bytes": path.stat().st_size,
                "faces": faces,
                "subjects_without_faces": subjects,
                "unreadable": emptied,
            }
        )
    size = path.stat().st_size / 2**20
    console.print(f"{faces} faces of {name} in {path} ({size:.1f} MiB)")
    for row, fields in emptied.items():
        # An older version stored what nobody can be given.
        console.print(f"{row}: {', '.join(fields)} cannot be read and is empty.", style="yellow")


def _emptied(page: Sequence[PortableFace]) -> dict[str, list[str]]:
    """Fields that stand empty in the export, by the subject's id."""
    return {one.subject.id: list(one.subject.unreadable) for one in page if one.subject.unreadable}
