"""Commands about the audit record: look at it, copy it out, check that it is whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.answers.audit import AuditEntry
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    print_json,
    read_settings,
    reporting,
    said,
    table,
)
from app.cli.gallery.moments import utc
from app.cli.places import check_file
from app.domain.auditing.chain import ChainCheck
from app.domain.auditing.entries import AuditFilter, AuditHead
from app.services.keys import LOCAL

if TYPE_CHECKING:
    from app.services.auditing.reading import Audit

audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
Instant = Annotated[datetime | None, typer.Option(help="An instant in UTC.")]


@audit.command()
def show(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Entries at most.")] = 50,
    key: Annotated[str | None, typer.Option(help="Of this API key's id.")] = None,
    action: Annotated[str | None, typer.Option(help="Of this action.")] = None,
    outcome: Annotated[str | None, typer.Option(help="With this outcome.")] = None,
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="In it.")] = None,
    subject: Annotated[str | None, typer.Option(help="About this subject's id.")] = None,
    since: Instant = None,
    until: Instant = None,
    as_json: AsJson = False,
) -> None:
    """The newest entries, the newest first."""
    wanted = AuditFilter(
        key=key,
        action=action,
        outcome=outcome,
        collection=collection,
        subject=subject,
        since=utc(since),
        until=utc(until),
    )
    with _opened(as_json) as record:
        found = record.list(LOCAL, wanted, limit=limit + 1)
    more, entries = len(found) > limit, [AuditEntry.of(one) for one in found[:limit]]
    if as_json:
        return print_json({"entries": [one.model_dump() for one in entries], "more": more})
    listing = table("Audit", "seq", "time", "key", "action", "outcome", "collection", "subject")
    for one in entries:
        cells = (one.time[:19], one.key, one.action, one.outcome, one.collection, one.subject)
        listing.add_row(str(one.seq), *(text or "–" for text in cells))
    console.print(listing)
    if more:
        console.print(f"There are more; --limit shows more than {limit}.")


@audit.command()
def export(
    target: Annotated[Path, typer.Argument(help="A new file, of JSON lines.")],
    as_json: AsJson = False,
) -> None:
    """Write every entry to a file that only you can read, the oldest first."""
    check_file(target, as_json)
    entries, head = 0, None
    with _opened(as_json) as record:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            for one in record.export():
                file.write(AuditEntry.of(one).model_dump_json() + "\n")
                entries, head = entries + 1, f"{one.seq}:{one.hash}"
    if as_json:
        return print_json({"entries": entries, "head": head, "file": str(target)})
    console.print(f"{entries} entries in {target}. The last is {head}.", soft_wrap=True)


@audit.command()
def verify(
    noted: Annotated[
        str | None,
        typer.Option("--head", help="A `head` that an earlier run told: it has to be there still."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the whole chain; exit status 2 where an entry was changed, removed or added."""
    with _opened(as_json) as record:
        from app.services.auditing.reading import parsed_head

        check = record.verify(parsed_head(noted) if noted else None)
        head = record.head()
    if as_json:
        print_json(_verdict(check, head))
    else:
        _print_verdict(check, head)
    if check.faults:
        raise typer.Exit(EXIT_FAILED)


def _verdict(check: ChainCheck, head: AuditHead | None) -> dict[str, Any]:
    return {
        "ok": not check.faults,
        "entries": check.entries,
        "first": check.first,
        "last": check.last,
        "cut_by": check.cut_by,
        "head": None if head is None else f"{head.seq}:{head.hash}",
        "marked": head is not None and head.mark is not None,
        "faults": [asdict(fault) for fault in check.faults],
        "more_faults": check.more_faults,
    }


def _print_verdict(check: ChainCheck, head: AuditHead | None) -> None:
    for fault in check.faults:
        where = str(fault.first) if fault.first == fault.last else f"{fault.first}–{fault.last}"
        console.print(said((fault.kind, "red"), f" {where}: {fault.what}"), soft_wrap=True)
    if check.more_faults:
        console.print(f"… and {check.more_faults} faults more.")
    word = ("broken", "red") if check.faults else ("whole", "green")
    console.print(said(f"{check.entries} entries, {check.first} to {check.last}: ", word))
    if check.cut_by is not None:
        console.print(f"Older ones were cut off, as entry {check.cut_by} says.")
    if head is not None and not check.faults:
        marked = ", marked by the master key" if head.mark is not None else ""
        console.print(f"Head {head.seq}:{head.hash}{marked}", soft_wrap=True)


@contextmanager
def _opened(as_json: bool) -> Iterator["Audit"]:
    with reporting(as_json):
        from app.bootstrap.auditing import open_audit_alone

        yield open_audit_alone(read_settings())
