"""The command about what a collection leaves to callers, bounds and remembers."""

from typing import Annotated

import typer

from app.answers.gallery import Collection
from app.cli.console import AsJson, open_cases, print_json
from app.cli.gallery.commands import Name, print_fields
from app.domain.gallery import Remember


def change_policy(
    name: Name,
    max_fpir: Annotated[
        float | None, typer.Option(min=0, max=1, help="The laxest rate of a search; 0: none.")
    ] = None,
    max_fmr: Annotated[
        float | None, typer.Option(min=0, max=1, help="The laxest rate of a claim; 0: none.")
    ] = None,
    min_quality: Annotated[
        float | None, typer.Option(min=0, max=1, help="Of an enrolled face; 0: the service's.")
    ] = None,
    own_thresholds: Annotated[
        bool | None, typer.Option(help="Whether callers may name thresholds of their own.")
    ] = None,
    review_mode: Annotated[
        str | None,
        typer.Option(help="Faces more like another subject than their own: off, warn or strict."),
    ] = None,
    require_consent: Annotated[
        bool | None, typer.Option(help="Whether nobody is enrolled without recorded consent.")
    ] = None,
    keep_days: Annotated[
        float | None,
        typer.Option(min=0, max=36_500, help="Days until a subject is erased; 0: for good."),
    ] = None,
    max_subjects: Annotated[
        int | None, typer.Option(min=-1, help="Subjects at most; -1: any number.")
    ] = None,
    max_faces: Annotated[
        int | None,
        typer.Option(min=-1, help="Faces at most, also those without a name; -1: any number."),
    ] = None,
    max_bytes: Annotated[
        int | None, typer.Option(min=-1, help="Bytes of kept pictures at most; -1: any number.")
    ] = None,
    remember: Annotated[
        Remember | None, typer.Option(help="Recognized faces that are kept as sightings.")
    ] = None,
    remember_days: Annotated[
        float | None, typer.Option(help="Days that sightings are kept.")
    ] = None,
    remember_per_day: Annotated[
        int | None, typer.Option(help="Sightings of a day (UTC) at most.")
    ] = None,
    remember_quality: Annotated[
        float | None, typer.Option(min=0, max=1, help="That a sighting needs at least.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a collection leaves to callers and what it keeps, or change it."""
    asked = {
        "max_fpir": max_fpir,
        "max_fmr": max_fmr,
        "min_quality": min_quality,
        "keep_days": keep_days,
    }
    changes: dict[str, object] = {k: v or None for k, v in asked.items() if v is not None}
    most = {"max_subjects": max_subjects, "max_faces": max_faces, "max_bytes": max_bytes}
    changes |= {k: None if v == -1 else v for k, v in most.items() if v is not None}
    given = {
        "own_thresholds": own_thresholds,
        "require_consent": require_consent,
        "review_mode": review_mode,
        "remember": remember,
        "remember_days": remember_days,
        "remember_per_day": remember_per_day,
        "remember_quality": remember_quality,
    }
    changes |= {name: chosen for name, chosen in given.items() if chosen is not None}
    with open_cases(as_json) as cases:
        found = (
            cases.collections.update(name, {"policy": changes})
            if changes
            else cases.collections.get(name)
        )
        shown = Collection.of(found, {}).policy
    if as_json:
        return print_json(shown)
    print_fields(name, shown.model_dump().items())
