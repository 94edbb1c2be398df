"""Commands for suggestions about who is who, and for faces that are not of a subject."""

from typing import Annotated

import typer

from app.answers.upkeep.review import Answered, Denied, Forgotten, Negative, Suggestion
from app.cli.console import AsJson, CollectionName, console, open_cases, print_json, table
from app.cli.gallery.commands import Who, pages, subject_id

_PAGE = 500

review = typer.Typer(
    help="Suggestions about who is who, to accept or refuse.", no_args_is_help=True
)
SuggestionId = Annotated[str, typer.Argument(help="The suggestion's id.")]
To = Annotated[str | None, typer.Option(help="Name or id of another subject for the faces.")]
New = Annotated[str | None, typer.Option(help="Name of a new subject for the faces.")]
_SAYS = {
    "group-is-subject": "group {group} ({size} faces) is {subject}",
    "subjects-are-one": "{subject} and {other} are one",
    "face-not-subject": "face {face} is not {subject}",
    "group-often-seen": "group {group} ({size} faces) is a stranger seen often",
}


@review.command("list")
def list_suggestions(
    collection: CollectionName,
    find: Annotated[bool, typer.Option("--find/--stored", help="Look for them anew first.")] = True,
    as_json: AsJson = False,
) -> None:
    """List suggestions that wait for an answer, the likeliest first."""
    with open_cases(as_json) as cases:
        if find:
            cases.groups.refresh(collection)
            cases.matcher.run()
            cases.suggestions.find(collection)
        rows = pages(
            lambda last: cases.reviews.list(
                collection,
                after=(last.stored.suggestion.likelihood, last.stored.id) if last else None,
                limit=_PAGE,
            )
        )
        shown = [Suggestion.of(row) for row in rows]
    if as_json:
        return print_json({"suggestions": [one.model_dump(mode="json") for one in shown]})
    listing = table(f"Suggestions for {collection}", "id", "likelihood", "suggestion")
    for one in shown:
        listing.add_row(one.id, f"{one.likelihood:.4f}", _said(one))
    console.print(listing)


@review.command("accept")
def accept(
    suggestion: SuggestionId,
    collection: CollectionName,
    to: To = None,
    new: New = None,
    as_json: AsJson = False,
) -> None:
    """Do what is suggested: name the group, merge the subjects, or move the face."""
    if to is not None and new is not None:
        raise typer.BadParameter("Say either --to or --new.")
    with open_cases(as_json) as cases:
        target = None if to is None else subject_id(cases, collection, to)
        done = cases.reviews.accept(collection, suggestion, subject_id=target, new_subject=new)
        cases.matcher.run()
    _print(Answered.of(done), as_json)


@review.command("refuse")
def refuse(suggestion: SuggestionId, collection: CollectionName, as_json: AsJson = False) -> None:
    """Never suggest it again."""
    with open_cases(as_json) as cases:
        done = cases.reviews.refuse(collection, suggestion)
    _print(Answered.of(done), as_json)


@review.command("deny")
def deny(
    who: Who,
    collection: CollectionName,
    face: Annotated[list[int] | None, typer.Option(help="Id of an enrolled face.")] = None,
    sighting: Annotated[list[int] | None, typer.Option(help="Id of a sighting.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say that kept faces are not the subject's; recognition heeds it."""
    with open_cases(as_json) as cases:
        subject = subject_id(cases, collection, who)
        done = cases.negatives.deny(
            collection, subject, face_ids=face or [], sighting_ids=sighting or []
        )
    shown = Denied.of(done)
    if as_json:
        return print_json(shown)
    console.print(
        f"{shown.negatives} faces are not {who}. Undo: facet operations undo {shown.operation_id}"
    )


@review.command("negatives")
def negatives(who: Who, collection: CollectionName, as_json: AsJson = False) -> None:
    """Faces that are not a subject's, as somebody has said."""
    with open_cases(as_json) as cases:
        subject = subject_id(cases, collection, who)
        rows = pages(
            lambda last: cases.negatives.list(
                collection, subject, after=last.id if last else None, limit=_PAGE
            )
        )
        shown = [Negative.of(row) for row in rows]
    if as_json:
        return print_json({"negatives": [one.model_dump(mode="json") for one in shown]})
    listing = table(f"Not {who}", "id", "face", "sighting", "at")
    for one in shown:
        face, sighting = (str(number or "") for number in (one.face_id, one.sighting_id))
        listing.add_row(one.id, face, sighting, f"{one.at:%Y-%m-%d %H:%M}")
    console.print(listing)


@review.command("forget")
def forget(
    who: Who,
    negative: Annotated[str, typer.Argument(help="The negative's id.")],
    collection: CollectionName,
    as_json: AsJson = False,
) -> None:
    """Take a negative back."""
    with open_cases(as_json) as cases:
        cases.negatives.forget(collection, subject_id(cases, collection, who), negative)
    shown = Forgotten(negative_id=negative)
    if as_json:
        return print_json(shown)
    console.print("Taken back.")


def _said(one: Suggestion) -> str:
    text = _SAYS[one.kind].format(
        group=one.group_id,
        size=one.size,
        face=one.face_id,
        subject=one.subject.name if one.subject else "",
        other=one.other.name if one.other else "",
    )
    more = one.kind == "face-not-subject" and one.other
    return f"{text} but {one.other.name}" if more and one.other else text


def _print(shown: Answered, as_json: bool) -> None:
    if as_json:
        return print_json(shown)
    undo = f" Undo: facet operations undo {shown.operation_id}" if shown.operation_id else ""
    if not shown.accepted:
        return console.print(f"Refused; it is not suggested again.{undo}")
    name = shown.subject.name if shown.subject else ""
    console.print(f"{shown.faces} faces are {name}.{undo}")
