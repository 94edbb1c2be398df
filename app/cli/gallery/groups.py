"""Commands for groups of faces that nobody has named."""

from dataclasses import asdict
from typing import Annotated

import typer

from app.answers.people import ChangedGroup, Discarded, Groups, Named
from app.cli.console import AsJson, CollectionName, console, open_cases, print_json, table
from app.cli.gallery.commands import Yes, subject_id

_SHOWN = 3

groups = typer.Typer(help="Faces without a name, by person.", no_args_is_help=True)
GroupId = Annotated[str, typer.Argument(help="The group's id.")]


@groups.command("list")
def list_groups(collection: CollectionName, as_json: AsJson = False) -> None:
    """Groups of faces that are taken for one person, and the faces like no other."""
    with open_cases(as_json) as cases:
        cases.groups.refresh(collection)
        shown = Groups.of(cases.groups.list(collection))
    if as_json:
        return print_json(shown)
    listing = table(f"Faces without a name in {collection}", "id", "faces", "pictures")
    for one in shown.groups:
        sources = list(dict.fromkeys(face.source for face in one.faces))
        more = f" and {len(sources) - _SHOWN} more" if len(sources) > _SHOWN else ""
        listing.add_row(one.id, str(one.size), ", ".join(sources[:_SHOWN]) + more)
    console.print(listing)
    console.print(f"{len(shown.alone)} faces are like no other.")


@groups.command("assign")
def assign(
    group: GroupId,
    collection: CollectionName,
    to: Annotated[str | None, typer.Option(help="The subject's name or id.")] = None,
    new: Annotated[str | None, typer.Option(help="Name of a subject to make.")] = None,
    as_json: AsJson = False,
) -> None:
    """Enroll a group's faces into a subject, one that there is or a new one."""
    if (to is None) == (new is None):
        raise typer.BadParameter("Say either --to or --new.")
    with open_cases(as_json) as cases:
        target = None if to is None else subject_id(cases, collection, to)
        named = cases.groups.assign(collection, group, subject_id=target, new_subject=new)
    shown = Named.of(named)
    if as_json:
        return print_json(shown)
    console.print(f"{len(shown.face_ids)} faces are {shown.subject.name}.")
    if shown.operation_id is not None:
        console.print(f"Undo it with: facet operations undo {shown.operation_id}")
    if shown.seen:
        console.print(f"{shown.seen} more stay sightings of {shown.subject.name}.")
    if shown.left:
        console.print(
            f"{shown.left} faces of another encoder or of too low a quality stay without a name."
        )


@groups.command("discard")
def discard(
    group: GroupId, collection: CollectionName, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Erase a group's faces and their pictures."""
    if not yes and not as_json:
        typer.confirm(f"Erase the faces of group {group} for good?", abort=True)
    with open_cases(as_json) as cases:
        shown = Discarded(group_id=group, faces=cases.groups.discard(collection, group))
    if as_json:
        return print_json(shown)
    console.print(f"Erased {shown.faces} faces.")


@groups.command("split")
def split(
    group: GroupId,
    sightings: Annotated[list[int], typer.Argument(help="Ids of faces of the group.", min=1)],
    collection: CollectionName,
    as_json: AsJson = False,
) -> None:
    """Give some of a group's faces a group of their own."""
    with open_cases(as_json) as cases:
        made = ChangedGroup.of_change(cases.group_pages.split(collection, group, sightings))
    _print(made, as_json)


@groups.command("merge")
def merge(
    group: GroupId,
    other: Annotated[str, typer.Argument(help="Id of the group whose faces join it.")],
    collection: CollectionName,
    as_json: AsJson = False,
) -> None:
    """Have another group's faces join a group."""
    with open_cases(as_json) as cases:
        merged = ChangedGroup.of_change(cases.group_pages.merge(collection, group, other))
    _print(merged, as_json)


@groups.command("ignore")
def ignore(
    group: GroupId,
    collection: CollectionName,
    ignored: Annotated[bool, typer.Option("--yes/--no", help="Or list it again.")] = True,
    as_json: AsJson = False,
) -> None:
    """Leave a group out of lists over HTTP, whoever joins it."""
    with open_cases(as_json) as cases:
        found = ChangedGroup.of_change(cases.group_pages.ignore(collection, group, ignored=ignored))
    _print(found, as_json)


@groups.command("regroup")
def regroup(collection: CollectionName, as_json: AsJson = False) -> None:
    """Compare all faces without a name anew, and tell what has changed."""
    with open_cases(as_json) as cases:
        cases.groups.refresh(collection)
        plan = cases.regrouper.plan(collection)
        done = cases.regrouper.run(plan.collection_id)
    if as_json:
        return print_json(asdict(done))
    console.print(
        f"Compared {done.compared} of {done.faces} faces: {done.groups} groups, {done.moved} faces "
        "are elsewhere now."
    )


def _print(group: ChangedGroup, as_json: bool) -> None:
    if as_json:
        return print_json(group)
    console.print(f"Group {group.id}: {group.size} faces{', ignored' if group.ignored else ''}.")
    if group.operation_id is not None:
        console.print(f"Undo it with: facet operations undo {group.operation_id}")
