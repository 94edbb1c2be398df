"""The command that moves a collection to another encoder."""

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.answers.upkeep.reencoding import ReencodingForecast
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    errors,
    open_cases,
    print_json,
    said,
    table,
)
from app.services.moving.reencoding import ReencodingPlan, ReencodingResult, result_fields
from app.services.use_cases import UseCases

_INTERRUPTED = 130  # as shells count it: 128 and the number of SIGINT
_SHOWN = 50


def reencode(
    name: Annotated[str, typer.Argument(help="The collection's name.")],
    encoder: Annotated[str, typer.Option(help="Model key of the new encoder.")],
    erase_left_out: Annotated[
        bool,
        typer.Option("--erase-left-out", help="Erase faces that cannot be encoded anew."),
    ] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Give up: remove what was made ready so far.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be lost, and how long it takes.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Move a collection to another encoder, from its kept images, while it goes on serving.

    Names, ids and metadata stay. Ctrl-C stops it, and the same command goes on from there.
    """
    with open_cases(as_json) as cases:
        if dry_run:
            forecast = ReencodingForecast.of(cases.reencoding_forecaster.forecast(name, encoder))
            return print_json(forecast) if as_json else _print_forecast(forecast)
        plan = cases.reencoder.plan(name, encoder, to_discard=discard)
        if discard:
            removed = cases.reencoder.discard(plan)
            if as_json:
                source = plan.collection
                return print_json(
                    {
                        "collection": source.name,
                        "from": source.encoder,
                        "to": plan.encoder,
                        "discarded": removed,
                    }
                )
            return console.print(f"Removed {removed} templates that waited. Nothing else changed.")
        if not yes and not as_json:
            typer.confirm(
                f"Encode {plan.faces} faces of {name} anew ({plan.ready} are ready) and move it "
                f"from {plan.collection.encoder} to {plan.encoder}?",
                abort=True,
            )
        result = _run(cases, plan, erase_left_out=erase_left_out and (yes or as_json))
        if result.left_out and erase_left_out:
            _print_left_out(result)
            typer.confirm(f"Erase these {len(result.left_out)} faces for good?", abort=True)
            result = _run(cases, plan, erase_left_out=True)
    if as_json:
        print_json(result_fields(result))
    else:
        _print(result)
    if not result.switched:
        raise typer.Exit(EXIT_FAILED)


def _print_forecast(forecast: ReencodingForecast) -> None:
    """Tell what a re-encoding would do."""
    console.print(f"{forecast.collection}: from {forecast.from_encoder} to {forecast.to_encoder}.")
    if forecast.problem is not None:
        console.print(
            said(("Not yet: ", "yellow"), f"{forecast.problem.detail} {forecast.problem.hint}")
        )
    basis = "as the last one here" if forecast.seconds_from == "last-job" else "as it usually takes"
    console.print(
        f"{forecast.encodable_faces} of {forecast.faces} faces and "
        f"{forecast.encodable_subjects} of {forecast.subjects} subjects can be encoded anew; "
        f"{forecast.waiting} faces are ready. "
        f"About {forecast.seconds:.0f} s, {basis}."
    )
    pictures = forecast.pictures
    console.print(
        f"Pictures looked for: {pictures.looked_for}, missing: {pictures.missing}, "
        f"not looked for: {pictures.not_looked_for}."
    )
    if not forecast.lost_faces:
        return console.print("No face would be lost, unless its picture cannot be read.")
    console.print(
        f"{forecast.lost_faces} faces have no picture and would be lost with --erase-left-out; "
        "without it nothing is changed."
    )
    if forecast.lost_subjects:
        listing = table(f"{forecast.lost_subjects} subjects left without a face", "subject", "name")
        for one in forecast.lost:
            listing.add_row(one.id, one.name)
        console.print(listing)
        if forecast.lost_subjects > len(forecast.lost):
            console.print(f"… and {forecast.lost_subjects - len(forecast.lost)} more.")


def _run(cases: UseCases, plan: ReencodingPlan, *, erase_left_out: bool) -> ReencodingResult:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    ready = plan.ready
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as progress:
        bar = progress.add_task("Encoding", total=plan.faces, completed=ready)

        def report(done: int, total: int) -> None:
            nonlocal ready
            ready = done
            progress.update(bar, completed=done, total=total)

        try:
            return cases.reencoder.run(plan, report, erase_left_out=erase_left_out)
        except KeyboardInterrupt:
            progress.stop()
            errors.print(f"Stopped. {ready} faces are ready; the same command goes on from there.")
            raise typer.Exit(_INTERRUPTED) from None


def _print(result: ReencodingResult) -> None:
    name, encoder = result.plan.collection.name, result.plan.encoder
    if result.switched:
        erased = f"; {result.erased} faces were erased" if result.erased else ""
        return console.print(f"{name} is on {encoder} now, with {result.faces} faces{erased}.")
    _print_left_out(result)
    errors.print(
        f"{name} stays on {result.plan.collection.encoder}: these faces cannot be encoded anew. "
        "Enrol new pictures of their subjects and delete them, or use --erase-left-out.",
        highlight=False,
    )


def _print_left_out(result: ReencodingResult) -> None:
    listing = table("Left out", "face", "subject", "why")
    for one in result.left_out[:_SHOWN]:
        listing.add_row(str(one.face_id), one.subject, one.reason)
    console.print(listing)
    if len(result.left_out) > _SHOWN:
        console.print(f"… and {len(result.left_out) - _SHOWN} more; --json lists all.")
