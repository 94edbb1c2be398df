"""Commands about the index: what lies on disk, whether it is right, making it anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    errors,
    print_json,
    read_settings,
    recording,
    reporting,
    said,
    table,
)
from app.cli.operating import index_migration

if TYPE_CHECKING:
    from app.services.indexing.maintenance import IndexMaintenance

index = typer.Typer(help="The index of faces, a cache of the database.", no_args_is_help=True)
index.command("migrate")(index_migration.migrate)
index.command("discard")(index_migration.discard)


@index.command()
def stats(as_json: AsJson = False) -> None:
    """Collections, how they are searched, and what lies on disk."""
    with _maintenance(as_json) as maintenance:
        head, sizes = maintenance.sizes()
        found = [_fields(snapshot) for snapshot in maintenance.snapshots()]
    partitions = [
        {"collection": p.collection_id, "encoder": p.encoder, "faces": count}
        for p, count in sizes.items()
    ]
    if as_json:
        return print_json({"head": head, "partitions": partitions, "snapshots": found})
    listing = table("Collections", "collection", "encoder", "faces")
    for row in partitions:
        listing.add_row(*(str(value) for value in row.values()))
    console.print(listing)
    saved = table("Snapshots", "process", "collection", "rows", "behind", "MiB", "state")
    for one in found:
        saved.add_row(
            f"{one['process']}{' (running)' if one['running'] else ''}",
            str(one["collection"] or "–"),
            str(one["rows"]),
            str(head - one["watermark"]),
            f"{one['bytes'] / 2**20:.1f}",
            one["problem"] or "complete",
        )
    console.print(saved)


@index.command()
def verify(as_json: AsJson = False) -> None:
    """Read every byte of the snapshots and compare them with the database."""
    verdicts = []
    with _maintenance(as_json) as maintenance, _working("verifying"):
        for verdict in maintenance.verify():
            verdicts.append(
                {
                    **_fields(verdict.snapshot),
                    "checked": verdict.checked,
                    "problem": verdict.problem,
                    "ok": verdict.problem is None,
                }
            )
    if as_json:
        print_json({"snapshots": verdicts})
    elif not verdicts:
        console.print("There are no snapshots: every collection is compared one by one.")
    else:
        for row in verdicts:
            word = ("ok", "green") if row["ok"] else (str(row["problem"]), "red")
            shown = said(f"{row['path']}: ", word, f" ({row['checked']} vectors)")
            console.print(shown, soft_wrap=True)
    if not all(row["ok"] for row in verdicts):
        raise typer.Exit(EXIT_FAILED)


@index.command()
def rebuild(as_json: AsJson = False) -> None:
    """Make the snapshots anew from the database; no server may be running on them."""
    with _maintenance(as_json) as maintenance, recording("rebuild-index"):
        with _working("rebuilding"):
            maintenance.rebuild()
        found = [_fields(snapshot) for snapshot in maintenance.snapshots()]
    if as_json:
        return print_json({"snapshots": found})
    console.print(f"{len(found)} snapshots of {sum(row['rows'] for row in found)} faces are made.")


@contextmanager
def _maintenance(as_json: bool) -> Iterator["IndexMaintenance"]:
    with reporting(as_json):
        from app.bootstrap.stores import open_index_maintenance

        yield open_index_maintenance(read_settings())


@contextmanager
def _working(what: str) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        progress.add_task(what, total=None)
        yield


def _fields(snapshot: Any) -> dict[str, Any]:
    place = snapshot.partition
    return {
        "path": str(snapshot.path),
        "process": snapshot.process,
        "running": snapshot.running,
        "collection": place.collection_id if place else None,
        "encoder": place.encoder if place else None,
        "watermark": snapshot.watermark,
        "rows": snapshot.rows,
        "lists": snapshot.lists,
        "bytes": snapshot.nbytes,
        "problem": snapshot.problem,
    }
