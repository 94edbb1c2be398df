"""The commands that keep everything twice: `facet backup` and `facet restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.console import AsJson, console, errors, print_json, read_settings, recording, reporting
from app.cli.moving.encrypted import Identity, Recipients, read_recipients, scratch, unpacked
from app.cli.places import check_directory
from app.domain.errors.requests import InvalidRequestError
from app.files.encryption import pack

if TYPE_CHECKING:
    from app.platform.progress import StageReport
    from app.services.moving.backup import Backups, Manifest, Restored


def backup(
    target: Annotated[Path, typer.Argument(help="A new directory; with --recipient a new file.")],
    recipient: Recipients = None,
    as_json: AsJson = False,
) -> None:
    """Copy database and images, consistently and while the service runs.

    The copy is the same for SQLite and PostgreSQL, and can be restored into either.
    """
    check_directory(target.parent, as_json)
    keys = read_recipients(recipient, as_json)
    with reporting(as_json), recording("back-up") as details:
        from app.bootstrap.stores import open_backups

        details["encrypted"] = bool(keys)
        backups, _ = open_backups(read_settings())
        with progress(as_json) as report:
            manifest = _taken(backups, target, keys, report)
    if as_json:
        return print_json({**asdict(manifest), "backup": str(target), "encrypted": bool(keys)})
    console.print(f"{manifest.faces} faces and {manifest.images} images in {target}")


def _taken(
    backups: "Backups", target: Path, recipients: list[Any], report: "StageReport"
) -> "Manifest":
    """Take it; an encrypted one is made beside the data first, and nothing of it is elsewhere."""
    if not recipients:
        return backups.take(target, report)
    if target.exists():
        raise InvalidRequestError(f"{target} exists.", hint="Name a new file.")
    with scratch() as directory:
        manifest = backups.take(directory / "backup", report)
        report("Encrypting", 0, 1)
        pack(directory / "backup", target, recipients)
        report("Encrypting", 1, 1)
    return manifest


def restore(
    source: Annotated[Path, typer.Argument(help="What `facet backup` wrote.", exists=True)],
    ledger: Annotated[
        list[Path] | None,
        typer.Option(
            help="A ledger of erasures to apply beside those found here; may be repeated.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    identity: Identity = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check the backup and the target.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill an empty installation from a backup; every byte is checked first.

    Whoever was erased since the backup was taken does not come back.
    """
    with reporting(as_json), recording("restore") as details:
        from app.bootstrap.stores import open_backups

        details["dry_run"] = dry_run
        backups, index = open_backups(read_settings())
        with unpacked(source, identity) as found, progress(as_json) as report:
            done = backups.restore(found, report, ledgers=ledger or (), dry_run=dry_run)
            if not dry_run:
                index.clear()  # an engine that is shared may hold what was here before
        details["erased_again"] = asdict(done.erased_again)
    if as_json:
        fields = {name: value for name, value in asdict(done).items() if name != "manifest"}
        return print_json({**asdict(done.manifest), **fields, "dry_run": dry_run})
    _tell(done, dry_run=dry_run)


def _tell(done: "Restored", *, dry_run: bool) -> None:
    again, verb = done.erased_again, "Would restore" if dry_run else "Restored"
    faces, images = done.manifest.faces - again.faces, done.manifest.images - again.images
    console.print(f"{verb} {faces} faces and {images} images.")
    console.print(
        f"Erased since the backup, and left out: {again.collections} collections, "
        f"{again.subjects} subjects, {again.faces} faces, {again.sightings} faces without a name, "
        f"{again.images} images."
    )
    for path in done.ledgers:
        console.print(f"Erasures of {path} were applied.", soft_wrap=True)
    if done.unreadable:
        text = f"{done.unreadable} lines of ledgers are no entries and were passed over."
        console.print(text, style="yellow")
    if not done.ledgers:
        console.print(
            "No ledger of the backup's installation was found here; --ledger names one.",
            style="yellow",
        )


@contextmanager
def progress(quiet: bool) -> Iterator["StageReport"]:
    """Show bars on a terminal, one for each thing that is being done."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    hidden = quiet or not errors.is_terminal
    with Progress(*columns, console=errors, disable=hidden) as shown:
        bars = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done, total=total)

        yield report
