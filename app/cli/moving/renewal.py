"""The command that gives a collection's templates another secret rotation."""

from functools import partial
from typing import Annotated

import typer

from app.cli.console import AsJson, console, open_cases, print_json
from app.cli.moving.backup import progress
from app.services.moving.renewing import result_fields


def renew(
    name: Annotated[str, typer.Argument(help="The collection's name.")],
    as_json: AsJson = False,
) -> None:
    """Store a collection's templates under the next secret rotation, while it goes on serving.

    What was stolen of the old ones then fits nothing here. Interrupted, the same command goes on
    from there.
    """
    with open_cases(as_json) as cases:
        plan = cases.renewer.plan(name)
        with progress(as_json) as report:
            done = cases.renewer.run(plan, partial(report, "Turning templates"))
    if as_json:
        return print_json(result_fields(done))
    console.print(
        f"{done.collection}: {done.faces} faces are under version {done.version} of their rotation."
    )
