"""The commands that move the index to another engine: `facet index migrate` and `discard`."""

from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

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
from app.domain.errors.requests import InvalidRequestError
from app.index.engines import ENGINES, engine_of
from app.settings import Settings

TARGETS = " or ".join(one.url or f"`{one.name}`" for one in ENGINES.values() if one.is_shared)
Engine = Annotated[str, typer.Argument(help=f"{TARGETS}.")]


def migrate(engine: Engine, as_json: AsJson = False) -> None:
    """Fill another engine while the present one serves, and compare it with the database.

    Interrupted, or once more later, the same command goes on from where the engine stands.
    """
    with reporting(as_json), recording("migrate-index"):
        from app.bootstrap.stores import open_migration

        settings = read_settings()
        migration, target = open_migration(settings, _with(settings, engine))
        columns = (
            TextColumn("Moving"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        hidden = as_json or not errors.is_terminal
        with Progress(*columns, console=errors, disable=hidden) as progress:
            bar = progress.add_task("", total=None)
            moved = migration.run(
                target, lambda done, total: progress.update(bar, completed=done, total=total)
            )
    complete = all(one.complete for one in moved)
    if as_json:
        rows = [{**asdict(one), "complete": one.complete} for one in moved]
        print_json({"complete": complete, "collections": rows})
    else:
        listing = table("Moved", "collection", "faces", "vectors", "found themselves")
        for one in moved:
            vectors = said(str(one.vectors), ("" if one.complete else " !", "red"))
            listing.add_row(one.name, str(one.faces), vectors, f"{one.found}/{one.sampled}")
        console.print(listing)
        _tell_what_next(engine, complete=complete)
    if not complete:
        raise typer.Exit(EXIT_FAILED)


def discard(
    engine: Engine,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be discarded.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove every vector from an engine that no longer serves: nobody erases from it any more."""
    with reporting(as_json), recording("discard-index"):
        from app.bootstrap.indexes import shared_name
        from app.bootstrap.stores import open_migration

        settings = read_settings()
        former = _with(settings, engine)
        if shared_name(former) == shared_name(settings):
            raise InvalidRequestError(
                "This engine is the one in service.",
                hint="Set FACET_INDEX or FACET_INDEX_URL to the other one first.",
            )
        _, target = open_migration(settings, former)
        stands = target.watermark()
        if not dry_run:
            if not yes and not as_json:
                typer.confirm("Remove every vector from this engine?", abort=True)
            target.clear()
    if as_json:
        return print_json({"watermark": stands, "discarded": not dry_run})
    verb = "Would discard" if dry_run else "Discarded"
    console.print(f"{verb} an index that stood at position {stands} of the change log.")


def _with(settings: Settings, engine: str) -> Settings:
    """The settings with another engine."""
    url = engine if "://" in engine else ""
    named = engine_of(engine, url) if url or engine in ENGINES else None
    if named is None or not named.is_shared or (named.url and not url):
        raise InvalidRequestError(
            f"Indexes move to {TARGETS}.",
            hint="An index in memory is built at every start: only set FACET_INDEX.",
        )
    return settings.model_copy(update={"index": named.name, "index_url": SecretStr(url)})


def _tell_what_next(engine: str, *, complete: bool) -> None:
    if not complete:
        errors.print(
            "Not complete. If somebody is writing a lot just now, run the command once more."
        )
        return
    setting = "FACET_INDEX_URL" if "://" in engine else f"FACET_INDEX={engine}"
    console.print(
        f"Complete. Restart the servers one after the other with {setting}: each catches up at "
        "its start.\nThen discard the former engine, from which nobody erases any more: "
        "`facet index discard`.",
        highlight=False,
    )
