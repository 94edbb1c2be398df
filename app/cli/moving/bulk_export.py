"""The command that takes a whole collection out: `facet export`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.console import AsJson, console, errors, open_cases, print_json
from app.cli.moving.encrypted import Recipients, read_recipients
from app.cli.places import check_file
from app.domain.errors.requests import InvalidRequestError
from app.domain.portable import PortableFace
from app.files.encryption import ENDING
from app.files.parquet import writing


def export(
    name: Annotated[str, typer.Argument(help="The collection's name.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default <collection>.parquet, here.")
    ] = None,
    recipient: Recipients = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write subjects, metadata, templates and kept images to Parquet; `facet import` reads it.

    The collection goes on serving. The file holds personal data: keep it as you keep the gallery.
    """
    path = output or Path(f"{name}.parquet{ENDING if recipient else ''}")
    check_file(path, as_json)
    keys = read_recipients(recipient, as_json)
    with open_cases(as_json) as cases:
        collection = cases.collections.get(name)
        if path.exists() and not force:
            raise InvalidRequestError(f"{path} exists.", hint="Use --force to replace it.")
        total = cases.collections.sizes([collection])[collection.id][1]
        exported = _Exported()
        if collection.unreadable:
            exported.emptied[collection.id] = list(collection.unreadable)
        with writing(path, collection, keys) as file, _progress(as_json) as progress:
            bar = progress.add_task("", total=total)
            for page in cases.exporter.pages(collection):
                file.write(page)
                exported.add(page)
                progress.update(bar, completed=exported.faces)
    if as_json:
        return print_json(
            {
                "collection": name,
                "file": str(path),
                "bytes": path.stat().st_size,
                "encrypted": bool(keys),
                "faces": exported.faces,
                "subjects_without_faces": exported.subjects,
                "unreadable": exported.emptied,
            }
        )
    size = path.stat().st_size / 2**20
    console.print(f"{exported.faces} faces of {name} in {path} ({size:.1f} MiB)")
    for row, fields in exported.emptied.items():
        # An older version stored what nobody can be given.
        console.print(f"{row}: {', '.join(fields)} cannot be read and is empty.", style="yellow")


@dataclass(slots=True)
class _Exported:
    """Counts of what was written so far."""

    faces: int = 0
    subjects: int = 0
    """Those without faces."""
    emptied: dict[str, list[str]] = field(default_factory=dict)
    """Fields that stand empty in the file, by the id of the subject or collection."""

    def add(self, page: Sequence[PortableFace]) -> None:
        with_face = sum(one.face is not None for one in page)
        self.faces += with_face
        self.subjects += len(page) - with_face
        for subject in (one.subject for one in page if one.subject.unreadable):
            self.emptied[subject.id] = list(subject.unreadable)


def _progress(as_json: bool) -> Progress:
    return Progress(
        TextColumn("Exporting"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        disable=as_json or not errors.is_terminal,
    )
