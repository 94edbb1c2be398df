"""The command that calibrates a collection on its own people."""

from typing import Annotated

import typer

from app.answers.upkeep.calibration import Calibration, Calibrations
from app.cli.console import AsJson, console, open_cases, print_json, rate, table


def calibrate(
    collection: Annotated[str, typer.Argument(help="The collection's name.")],
    accept: Annotated[
        bool, typer.Option("--accept", help="Decide by the new curve from now on.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Only show what is in force and proposed.")
    ] = False,
    drop: Annotated[
        bool, typer.Option("--drop", help="Decide by the encoder's curve again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Refine the encoder's threshold curve by comparisons of the collection's own people.

    The new curve is shown beside the old one, and decides nothing until it is accepted.
    """
    if accept + show + drop > 1:
        raise typer.BadParameter("Say one of --accept, --show and --drop.")
    with open_cases(as_json) as cases:
        calibrations = cases.calibrations
        if drop:
            found = calibrations.drop(collection)
        elif show:
            found = calibrations.show(collection)
        else:
            found = calibrations.propose(collection)
            if accept and found.proposed is not None:
                found = calibrations.accept(collection, found.proposed.id)
    shown = Calibrations.of(found)
    if as_json:
        return print_json(shown)
    _print(shown)


def _print(shown: Calibrations) -> None:
    for title, one in (("In force", shown.in_force), ("Proposed", shown.proposed)):
        if one is not None:
            _print_curve(f"{title} for {shown.collection}", one)
    if shown.in_force is None:
        console.print(f"{shown.collection} decides by the curve of {shown.encoder}.")
    if shown.stale:
        console.print("The collection has changed much since: calibrate anew.")
    if shown.proposed is not None:
        console.print(f"Accept it: facet calibrate {shown.collection} --accept")


def _print_curve(title: str, one: Calibration) -> None:
    listing = table(title, "similarity", "strangers, by the encoder", "by its own people", "95 %")
    for point in one.points:
        if point.general > 0.1 or point.general < 1e-7:
            continue
        listing.add_row(
            f"{point.similarity:.4f}",
            rate(point.general),
            rate(point.fmr),
            f"{rate(point.low)} to {rate(point.high)}",
        )
    console.print(listing)
    sample = f", a sample of {one.subjects}" if one.compared_subjects < one.subjects else ""
    console.print(
        f"From {one.comparisons:,} comparisons of {one.compared_subjects} people{sample}; fitted "
        f"from {one.tail_from:.4f} on."
    )
    console.print(
        f"A rate of {one.fpir:g} needs a similarity of {one.threshold:.4f}; by the encoder's curve "
        f"{one.general_threshold:.4f}."
    )
