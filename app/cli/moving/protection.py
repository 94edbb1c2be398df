"""The command that protects what is not protected yet."""

from dataclasses import asdict
from typing import Annotated

import typer

from app.cli.console import AsJson, console, open_cases, print_json
from app.cli.moving.backup import progress


def protect(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what there is to protect.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Encrypt pictures and turn templates of before there was a master key, beside a server.

    Keys of pictures that a former master key has sealed are sealed with the present one, and
    templates under its rotations get others. Interrupted, the same command goes on from there.
    """
    with open_cases(as_json) as cases:
        if dry_run:
            done = cases.protector.plan()
        else:
            with progress(as_json) as report:
                done = cases.protector.run(report)
    if as_json:
        return print_json({**asdict(done), "dry_run": dry_run})
    verb = "Would protect" if dry_run else "Protected"
    console.print(
        f"{verb} {done.pictures - done.lost} pictures, {done.keys} keys, and templates of "
        f"{done.collections - done.waiting} collections."
    )
    if done.waiting:
        console.print(f"{done.waiting} collections change their encoder first; run it again then.")
    if done.lost:
        console.print(f"The files of {done.lost} pictures are missing; they stay as they are.")
