"""Commands that correct who is who, and undo that."""

from typing import Annotated

import typer

from app.answers.corrections import Merged, Moved, Operation, Undone
from app.answers.upkeep.representative import Representative
from app.cli.console import AsJson, CollectionName, console, open_cases, print_json, table
from app.cli.gallery.commands import Who, pages, subject_id

_PAGE = 500

operations = typer.Typer(
    help="Moved faces and merged subjects, and how to undo them.", no_args_is_help=True
)
Faces = Annotated[list[int], typer.Argument(help="Ids of faces.", min=1)]


def move(
    faces: Faces,
    collection: CollectionName,
    to: Annotated[str | None, typer.Option(help="The subject's name or id.")] = None,
    new: Annotated[str | None, typer.Option(help="Name of a subject to make for them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give faces to another subject, or split them off as a new one."""
    if (to is None) == (new is None):
        raise typer.BadParameter("Say either --to or --new.")
    with open_cases(as_json) as cases:
        if new is not None:
            done = cases.corrections.split(collection, faces, new)
        else:
            target = subject_id(cases, collection, to or "")
            done = cases.corrections.move_faces(collection, faces, target)
    shown = Moved.of(done)
    if as_json:
        return print_json(shown)
    console.print(f"{shown.moved} faces moved to {shown.subject.name}.{_undo(shown.operation_id)}")


def merge(
    who: Who,
    into: Annotated[str, typer.Option(help="Name or id of the subject that stays.")],
    collection: CollectionName,
    as_json: AsJson = False,
) -> None:
    """Give all faces of a subject to another one, and remove the emptied subject."""
    with open_cases(as_json) as cases:
        stays, goes = (subject_id(cases, collection, name) for name in (into, who))
        shown = Merged.of_merge(cases.corrections.merge(collection, stays, goes))
    if as_json:
        return print_json(shown)
    console.print(f"{who} is now {shown.name}.{_undo(shown.operation_id)}")


def stands_for(
    who: Who,
    collection: CollectionName,
    choose: Annotated[int | None, typer.Option(min=1, help="Id of one of its faces.")] = None,
    best: Annotated[bool, typer.Option("--best", help="The best again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell which face stands for a subject, or choose it."""
    if choose is not None and best:
        raise typer.BadParameter("Say either --choose or --best.")
    with open_cases(as_json) as cases:
        subject = subject_id(cases, collection, who)
        if best or choose is not None:
            found = cases.representatives.choose(collection, subject, choose)
        else:
            found = cases.representatives.get(collection, subject)
    shown = Representative.of(found)
    if as_json:
        return print_json(shown)
    how = "chosen" if shown.chosen else "the best"
    console.print(f"Face {shown.face.id} stands for {who}, {how}.{_undo(shown.operation_id)}")


@operations.command("list")
def list_operations(collection: CollectionName, as_json: AsJson = False) -> None:
    """Moved faces and merges of the last 30 days, newest first."""
    with open_cases(as_json) as cases:
        shown = [
            Operation.of(row)
            for row in pages(
                lambda last: cases.corrections.list(
                    collection, before=last.operation.id if last else None, limit=_PAGE
                )
            )
        ]
    if as_json:
        return print_json({"operations": [item.model_dump(mode="json") for item in shown]})
    listing = table(f"Operations of {collection}", "id", "kind", "at", "faces", "to", "undone")
    for item in shown:
        listing.add_row(
            item.id,
            item.kind,
            f"{item.at:%Y-%m-%d %H:%M}",
            str(len(item.faces)),
            item.subject_id,
            f"{item.undone_at:%Y-%m-%d %H:%M}" if item.undone_at else "",
        )
    console.print(listing)


@operations.command("undo")
def undo(
    operation: Annotated[str, typer.Argument(help="The operation's id.")],
    collection: CollectionName,
    as_json: AsJson = False,
) -> None:
    """Undo one, as a whole."""
    with open_cases(as_json) as cases:
        shown = Undone.of(cases.corrections.undo(collection, operation))
    if as_json:
        return print_json(shown)
    console.print(f"Undone: {shown.moved} faces went back.")


def _undo(operation_id: str | None) -> str:
    return f" Undo: facet operations undo {operation_id}" if operation_id else ""
