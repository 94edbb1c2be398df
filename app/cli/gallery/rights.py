"""Commands about rights of subjects: consent, restriction, retention, a copy of what is kept."""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.answers.duties.rights import RetentionRun, Rights
from app.cli.console import AsJson, CollectionName, console, open_cases, print_json, table
from app.cli.gallery.commands import DryRun, Who, subject_id
from app.cli.gallery.moments import utc
from app.cli.places import check_file

Instant = Annotated[datetime | None, typer.Option(help="An instant in UTC.")]


def rights(
    who: Who,
    collection: CollectionName,
    basis: Annotated[
        str | None, typer.Option(help="Record a consent on this basis, such as `consent`.")
    ] = None,
    reference: Annotated[str | None, typer.Option(help="Where you keep what was signed.")] = None,
    given: Instant = None,
    expires: Instant = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="The consent ends now.")] = False,
    restrict: Annotated[
        bool | None, typer.Option(help="Keep the subject, and use it for nothing.")
    ] = None,
    keep_until: Instant = None,
    keep_days: Annotated[float | None, typer.Option(help="Days from now until it goes.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the rights of a subject, or change what is named."""
    changes: dict[str, Any] = {}
    if basis is not None:
        changes["consent"] = {
            "basis": basis,
            "reference": reference or "",
            "given_at": utc(given),
            "expires_at": utc(expires),
        }
    elif withdraw:
        changes["consent"] = None
    if restrict is not None:
        changes["restricted"] = restrict
    if keep_until is not None:
        changes["keep_until"] = utc(keep_until)
    if keep_days is not None:
        changes["keep_days"] = keep_days
    with open_cases(as_json) as cases:
        found = subject_id(cases, collection, who)
        use_case = cases.subject_rights
        shown = Rights.of(
            use_case.change(collection, found, changes)
            if changes
            else use_case.get(collection, found)
        )
    if as_json:
        return print_json(shown)
    listing = table(f"Rights of {who}", "field", "value")
    for cells in rows(shown.model_dump(mode="json")):
        listing.add_row(*cells)
    console.print(listing)


def rows(fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Fields as words and text, those of a field's fields on lines of their own."""
    said = {None: "–", True: "yes", False: "no"}
    for name, value in fields.items():
        words = prefix + name.replace("_", " ")
        if isinstance(value, Mapping):
            yield from rows(value, f"{words} ")
        else:
            yield words, value if isinstance(value, str) else said.get(value, str(value))


def export_subject(
    who: Who,
    collection: CollectionName,
    output: Annotated[Path, typer.Option("--output", "-o", help="A new file.")] = Path(
        "subject.zip"
    ),
    as_json: AsJson = False,
) -> None:
    """Write everything kept of a subject to a zip that only you can read."""
    check_file(output, as_json)
    with open_cases(as_json) as cases:
        pieces = cases.subject_exporter.export(collection, subject_id(cases, collection, who))
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
    if as_json:
        return print_json({"file": str(output), "bytes": output.stat().st_size})
    console.print(f"Everything kept of {who} is in {output}", soft_wrap=True)


def retention(collection: CollectionName, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Erase now whose time is over, as servers do every hour; each leaves a receipt."""
    with open_cases(as_json) as cases:
        found = cases.retention.run(collection, dry_run=dry_run)
        done = RetentionRun.of(found, dry_run=dry_run)
    if as_json:
        return print_json(done)
    listing = table("Would be erased" if dry_run else "Erased", "subject", "why", "since")
    for one in done.subjects:
        listing.add_row(one.subject_id, one.reason, f"{one.since:%Y-%m-%d %H:%M}")
    console.print(listing)
