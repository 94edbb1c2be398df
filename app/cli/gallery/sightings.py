"""Commands for faces that a collection remembers."""

from dataclasses import replace
from typing import Annotated

import typer

from app.answers.people import Sightings
from app.cli.console import AsJson, CollectionName, console, open_cases, print_json, rate, table
from app.cli.gallery.commands import DryRun, Yes, erase_and_tell, subject_id
from app.cli.gallery.moments import Since, Until, utc
from app.domain.deciding.identification import Known
from app.domain.gallery import Receipt
from app.domain.people.sightings import SightingFilter
from app.services.people.sightings import Sightings as Seen
from app.services.use_cases import UseCases

sightings = typer.Typer(help="Faces that a collection remembers.", no_args_is_help=True)
Source = Annotated[str | None, typer.Option(help="Label of the source.")]
Decision = Annotated[Known | None, typer.Option(help="How they were decided.")]
GroupId = Annotated[str | None, typer.Option(help="Id of a group.")]
SubjectName = Annotated[
    str | None, typer.Option(help="Name or id of whoever was found or nearest.")
]
Share = Annotated[float | None, typer.Option(min=0, max=1, help="Of quality, inclusive.")]


@sightings.command("list")
def list_sightings(
    collection: CollectionName,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    decision: Decision = None,
    group: GroupId = None,
    subject: SubjectName = None,
    min_quality: Share = None,
    max_quality: Share = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The newest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Faces that were seen, the newest first."""
    with open_cases(as_json) as cases:
        wanted = SightingFilter(
            since=utc(since),
            until=utc(until),
            source=source,
            decision=decision,
            group_id=group,
            subject_id=_subject(cases, collection, subject),
            min_quality=min_quality,
            max_quality=max_quality,
        )
        found = _all(cases, collection, wanted, limit + 1)
    shown = Sightings.of(found, limit, lambda last: str(last.id))
    if as_json:
        return print_json(shown)
    listing = table(f"Seen in {collection}", "id", "at", "source", "decision", "subject", "quality")
    for one in shown.items:
        near = ""
        if one.fmr is not None:
            near = f" (strangers: {rate(one.fmr, is_bound=one.fmr_is_bound)})"
        listing.add_row(
            str(one.id),
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            one.source,
            one.decision or "imported",
            one.subject.name + near if one.subject else "",
            f"{one.quality.score:.2f}",
        )
    console.print(listing)
    if shown.next_cursor is not None:
        console.print("There are older ones: ask for more with --limit, or name a time.")
    for count, why in (
        (shown.left_out.over_limit, "were more than the policy allows of a day"),
        (shown.left_out.lost, "could not be stored"),
    ):
        if count:
            console.print(f"{count} since yesterday {why}.")


@sightings.command("erase")
def erase_sightings(
    collection: CollectionName,
    sighting: Annotated[int | None, typer.Option(help="Id of a single one.")] = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    decision: Decision = None,
    group: GroupId = None,
    subject: SubjectName = None,
    min_quality: Share = None,
    max_quality: Share = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase one, or all that the options find; without any, every one of the collection."""
    with open_cases(as_json) as cases:
        wanted = SightingFilter(
            since=utc(since),
            until=utc(until),
            source=source,
            decision=decision,
            group_id=group,
            subject_id=_subject(cases, collection, subject),
            min_quality=min_quality,
            max_quality=max_quality,
        )
        if sighting is not None and wanted != SightingFilter():
            raise typer.BadParameter("Say either --sighting or what to look for.")

        def erase(dry: bool) -> Receipt:
            if sighting is not None:
                return cases.erasure.sighting(collection, sighting, dry_run=dry)
            return cases.erasure.sightings(collection, wanted, dry_run=dry)

        what = "the sightings" if sighting is None else f"sighting {sighting}"
        erase_and_tell(erase, what, dry_run=dry_run, yes=yes, as_json=as_json)


def _all(cases: UseCases, collection: str, wanted: SightingFilter, limit: int) -> Seen:
    """Read so many, however many have to be looked at."""
    found = cases.sightings.list(collection, wanted, limit=limit)
    while found.reached is not None:
        more = cases.sightings.list(
            collection, wanted, before=found.reached, limit=limit - len(found.items)
        )
        items, subjects = [*found.items, *more.items], {**found.subjects, **more.subjects}
        found = replace(more, items=items, subjects=subjects)
    return found


def _subject(cases: UseCases, collection: str, name: str | None) -> str | None:
    return None if name is None else subject_id(cases, collection, name)
