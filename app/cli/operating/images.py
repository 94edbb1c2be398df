"""Commands about the place of kept pictures."""

from dataclasses import asdict
from typing import Annotated

import typer

from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    fail,
    open_cases,
    print_json,
    read_settings,
    recording,
    reporting,
)
from app.cli.moving.backup import progress
from app.domain.errors.requests import InvalidRequestError

images = typer.Typer(help="The place of kept pictures.", no_args_is_help=True)

_NO_BUCKET = InvalidRequestError(
    "Kept pictures are files of the data directory, which need none of this.",
    hint="Name a bucket by FACET_IMAGES_URL.",
)


@images.command()
def move(
    source: Annotated[
        str, typer.Option("--from", help="`files`, a directory, or s3://bucket/prefix.")
    ],
    remove: Annotated[
        bool,
        typer.Option(
            "--remove", help="Delete there what is in both, once no server works there any more."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what there is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy kept pictures to where FACET_IMAGES_URL says (or to files, without one).

    Beside running servers; interrupted, the same command goes on from there.
    """
    with open_cases(as_json) as cases:
        if source == (read_settings().images_url or "files"):
            raise InvalidRequestError(
                f"Pictures are kept in {source} already.",
                hint="Set FACET_IMAGES_URL to where they should go.",
            )
        if dry_run:
            done = cases.picture_mover.plan(source)
        else:
            with progress(as_json) as report:
                done = cases.picture_mover.run(source, report, remove=remove)
    if as_json:
        print_json({**asdict(done), "dry_run": dry_run})
    else:
        verb = "Would copy" if dry_run else "Copied"
        text = f"{verb} {done.copied} of {done.pictures} pictures; {done.there} were there."
        console.print(text + (f" Removed {done.removed}." if remove and not dry_run else ""))
        if done.missing:
            console.print(f"{done.missing} are in neither place, or damaged.")
    if done.missing:
        raise typer.Exit(1)


@images.command()
def check(as_json: AsJson = False) -> None:
    """Ask object storage whether it answers, lets pictures be kept, and whose they are."""
    with reporting(as_json):
        from app.bootstrap.images import try_images
        from app.bootstrap.stores import open_stores

        facts = try_images(open_stores(read_settings()).images)
    if as_json:
        return print_json(facts)
    for name, value in facts.items():
        console.print(f"{name.replace('_', ' ')}: {value}")


@images.command()
def adopt(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take over a bucket whose former installation is gone, after its database was restored.

    Pictures that the database does not name are deleted by servers from then on.
    """
    settings = read_settings()
    if not settings.images_url:
        fail(_NO_BUCKET, as_json)
    question = f"Is the installation whose pictures are in {settings.images_url} gone for good?"
    if not yes and not typer.confirm(question, err=True):
        raise typer.Exit(EXIT_FAILED)
    with reporting(as_json), recording("adopt-pictures"):
        from app.bootstrap.images import adopt_images
        from app.bootstrap.stores import open_stores

        adopt_images(open_stores(settings).images)
    if as_json:
        return print_json({"place": settings.images_url, "adopted": True})
    console.print(f"{settings.images_url} belongs to this installation.")
