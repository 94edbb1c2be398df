"""Commands that look after galleries: collections and subjects."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, TypeVar

import typer

from app.answers.gallery import Collection, Receipt, Subject
from app.cli.console import (
    AsJson,
    CollectionName,
    console,
    errors,
    open_cases,
    print_json,
    said,
    table,
)
from app.cli.gallery.moments import Since, Until, utc
from app.domain.errors.gallery import UnknownSubjectError
from app.domain.gallery import Collection as DomainCollection
from app.domain.gallery import Receipt as DomainReceipt
from app.domain.metadata import written_conditions
from app.domain.people.listing import ConsentState, SubjectFilter
from app.services.gallery.subjects import CountedSubject
from app.services.use_cases import UseCases

_PAGE = 500
Row = TypeVar("Row")

collections = typer.Typer(help="Galleries of subjects.", no_args_is_help=True)
subjects = typer.Typer(help="The identities of a collection.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The collection's name.")]
Who = Annotated[str, typer.Argument(help="The subject's name or id.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be erased.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@collections.command("create")
def create_collection(
    name: Name,
    encoder: Annotated[str | None, typer.Option(help="Model key; or the default.")] = None,
    keep_images: Annotated[
        bool, typer.Option(help="Keep a picture of every enrolled face.")
    ] = True,
    sealed: Annotated[
        bool,
        typer.Option(
            "--sealed", help="Store what names its subjects sealed, to be found by exact values."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a collection, bound to an encoder until it is re-encoded."""
    with open_cases(as_json) as cases:
        made = Collection.of(
            cases.collections.create(name, encoder=encoder, keep_images=keep_images, sealed=sealed),
            {},
        )
    if as_json:
        return print_json(made)
    bound = f"bound to {made.encoder}, and sealed" if sealed else f"bound to {made.encoder}"
    console.print(f"Collection {made.name} is there, {bound}.")


def every_collection(cases: UseCases) -> list[DomainCollection]:
    """All collections, by name."""
    return list(
        pages(lambda last: cases.collections.list(after=last.name if last else None, limit=_PAGE))
    )


@collections.command("list")
def list_collections(as_json: AsJson = False) -> None:
    """Every collection and its size."""
    with open_cases(as_json) as cases:
        rows = every_collection(cases)
        sizes = cases.collections.sizes(rows)
    shown = [Collection.of(row, sizes) for row in rows]
    if as_json:
        return print_json({"collections": [item.model_dump(mode="json") for item in shown]})
    listing = table("Collections", "name", "encoder", "subjects", "faces", "images kept")
    for item in shown:
        listing.add_row(
            item.name,
            item.encoder,
            str(item.subjects),
            str(item.faces),
            "yes" if item.keep_images else "no",
        )
    console.print(listing)


@collections.command("show")
def show_collection(name: Name, as_json: AsJson = False) -> None:
    """One collection."""
    with open_cases(as_json) as cases:
        found = cases.collections.get(name)
        sizes, usage = cases.collections.sizes([found]), cases.collections.usage(found)
        shown = Collection.of(found, sizes, usage)
    if as_json:
        return print_json(shown)
    print_fields(shown.name, shown.model_dump(mode="json").items())


@collections.command("delete")
def delete_collection(
    name: Name, dry_run: DryRun = False, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Erase a collection and everybody in it."""
    with open_cases(as_json) as cases:
        erase_and_tell(
            lambda dry: cases.erasure.collection(name, dry_run=dry),
            f"collection {name}",
            dry_run=dry_run,
            yes=yes,
            as_json=as_json,
        )


@subjects.command("list")
def list_subjects(
    collection: CollectionName,
    name_prefix: Annotated[str | None, typer.Option(help="Beginning of the name.")] = None,
    where: Annotated[
        str | None, typer.Option(help='Metadata that they have, as JSON: \'{"team": "sales"}\'.')
    ] = None,
    min_faces: Annotated[int | None, typer.Option(min=0, help="Faces at least.")] = None,
    max_faces: Annotated[int | None, typer.Option(min=0, help="Faces at most; 0: none.")] = None,
    restricted: Annotated[bool | None, typer.Option(help="Whether they are restricted.")] = None,
    consent: Annotated[
        ConsentState | None, typer.Option(help="Whether their basis is recorded, and holds.")
    ] = None,
    since: Since = None,
    until: Until = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="In that order.")] = False,
    as_json: AsJson = False,
) -> None:
    """Every subject of a collection, or those that meet all conditions."""
    with open_cases(as_json) as cases:
        wanted = SubjectFilter(
            name_prefix=name_prefix,
            where={} if where is None else written_conditions(where),
            min_faces=min_faces,
            max_faces=max_faces,
            restricted=restricted,
            consent=consent,
            since=utc(since),
            until=utc(until),
        )

        def page(last: CountedSubject | None) -> Sequence[CountedSubject]:
            after = last.subject.id if last else None
            return cases.subjects.list(
                collection, wanted, after=after, limit=_PAGE, newest_first=newest_first
            )

        shown = [Subject.of(row) for row in pages(page)]
    if as_json:
        return print_json({"subjects": [item.model_dump(mode="json") for item in shown]})
    listing = table(f"Subjects of {collection}", "name", "id", "faces", "since")
    for item in shown:
        listing.add_row(item.name, item.id, str(item.faces), f"{item.created_at:%Y-%m-%d %H:%M}")
    console.print(listing)


@subjects.command("show")
def show_subject(who: Who, collection: CollectionName, as_json: AsJson = False) -> None:
    """One subject."""
    with open_cases(as_json) as cases:
        shown = Subject.of(cases.subjects.get(collection, subject_id(cases, collection, who)))
    if as_json:
        return print_json(shown)
    print_fields(shown.name, shown.model_dump(mode="json").items())


@subjects.command("delete")
def delete_subject(
    who: Who,
    collection: CollectionName,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase a subject: images, templates, index entries, stored answers."""
    with open_cases(as_json) as cases:
        found = subject_id(cases, collection, who)
        erase_and_tell(
            lambda dry: cases.erasure.subject(collection, found, dry_run=dry),
            f"subject {who}",
            dry_run=dry_run,
            yes=yes,
            as_json=as_json,
        )


def erase_and_tell(
    erase: Callable[[bool], DomainReceipt], what: str, *, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Ask, unless told not to, erase, and print the receipt; `erase` is told whether to pretend."""
    plan = erase(True)
    if not dry_run:
        if not yes and not as_json:
            faces, images = plan.removed.faces, plan.removed.images
            typer.confirm(
                f"Erase {what} with {faces} faces and {images} images for good?", abort=True
            )
        plan = erase(False)
    receipt = Receipt.of(plan, dry_run=dry_run)
    if as_json:
        return print_json(receipt)
    verb = "Would erase" if dry_run else "Erased"
    entries = "unknown" if receipt.index_entries is None else receipt.index_entries
    console.print(
        f"{verb} {what}: {receipt.subjects} subjects, {receipt.faces} faces, "
        f"{receipt.templates} templates, {receipt.images} images, {entries} index entries, "
        f"{receipt.idempotency_records} stored answers, {receipt.operations} operations, "
        f"{receipt.sightings} sightings, "
        f"at {receipt.at.isoformat(timespec='seconds')}."
    )
    if receipt.receipt_id is not None:
        console.print(f"Receipt {receipt.receipt_id}", soft_wrap=True)
    if receipt.index == "pending":
        note = " the index is away; what was erased leaves it before it is searched again."
        errors.print(said(("note", "yellow"), note))
    if receipt.log_emptied is False:
        text = said(
            ("note", "yellow"),
            " the write-ahead log beside the database still holds it: somebody reads there. A "
            "running server empties it within seconds of the reader's end; without one, the next "
            "start does.",
        )
        errors.print(text)


def subject_id(cases: UseCases, collection: str, who: str) -> str:
    """The id of the subject with the name or id; raises UnknownSubjectError."""
    found = cases.subjects.find(collection, who)
    if found is not None:
        return found.id
    try:
        return cases.subjects.get(collection, who).subject.id
    except UnknownSubjectError as error:
        raise UnknownSubjectError(
            f"Collection {collection!r} has no subject with the name or id {who!r}.",
            hint="`facet subjects list` shows them.",
        ) from error


def pages(fetch: Callable[[Row | None], Sequence[Row]]) -> Iterator[Row]:
    """Everything that a list gives page by page, each after the last row of the one before."""
    last: Row | None = None
    while page := fetch(last):
        yield from page
        last = page[-1]


def print_fields(title: str, fields: Iterable[tuple[str, object]]) -> None:
    """Print a table of names and values."""
    listing = table(title, "field", "value")
    for name, value in fields:
        listing.add_row(name.replace("_", " "), str(value))
    console.print(listing)
