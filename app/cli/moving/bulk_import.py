"""The command that enrols by the thousand: `facet import`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from app.cli.bulk.enrolling import Running, Tally, enrol_items, progress_bar
from app.cli.bulk.folders import read_folder, require_pictures
from app.cli.bulk.json_lines import count_lines, from_json_lines
from app.cli.bulk.rejects import RejectBook
from app.cli.bulk.sources import from_directory, from_parquet
from app.cli.bulk.unnamed import keep_unnamed
from app.cli.console import AsJson, console, errors, open_cases, print_json, read_settings
from app.cli.moving.encrypted import Identity, decrypted
from app.cli.places import check_file
from app.domain.errors.requests import InvalidRequestError
from app.files.parquet import CollectionFile
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.importing import ImportItem
from app.services.use_cases import UseCases

_INTERRUPTED = 130  # as shells count it: 128 and the number of SIGINT


def import_(
    source: Annotated[
        Path,
        typer.Argument(
            exists=True,
            help="A directory with a folder per subject, JSON lines, or Parquet.",
        ),
    ],
    collection: Annotated[
        str | None,
        typer.Option("--collection", "-c", help="Where to; an export knows its own."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            help="A line for each reject and each file passed over; default "
            "<source>.rejects.jsonl, here."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Pictures at once; default one per core.")
    ] = None,
    min_quality: Annotated[float | None, typer.Option(help="Quality gate in [0, 1].")] = None,
    duplicates: Annotated[
        Literal["ignore", "reject"],
        typer.Option(help="`reject` keeps out faces that resemble another subject."),
    ] = "ignore",
    unnamed: Annotated[
        bool,
        typer.Option(
            "--unnamed", help="Nobody has named these people: keep all faces, and group them."
        ),
    ] = False,
    identity: Identity = None,
    allow_erased: Annotated[
        bool,
        typer.Option("--allow-erased", help="Of an export, take in again whoever was erased here."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be imported.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Enrol many pictures, or bring an exported collection in with its templates.

    Interrupted, or with new pictures, run it again: what is there already is not enrolled twice.
    The exit status is 1 when pictures of people could not be used, 2 when nothing could.
    """
    path = rejects or Path(f"{source.resolve().name or 'import'}.rejects.jsonl")
    check_file(path, as_json)
    running = Running(workers, dry_run, as_json, allow_erased)
    with open_cases(as_json) as cases, decrypted(source, identity) as source:
        if path.resolve() == source.resolve():
            raise InvalidRequestError("The rejects would overwrite the list that is imported.")
        file = CollectionFile(source) if source.suffix == ".parquet" else None
        with _rejects(path) as book:
            try:
                if unnamed:
                    name = _named(cases, collection)
                    tally = keep_unnamed(cases, name, source, book, running, min_quality)
                elif file is not None and file.collection is not None:
                    tally = _restore(cases, file, collection, book, running)
                else:
                    options = EnrolmentOptions(min_quality=min_quality, duplicates=duplicates)
                    name = _named(cases, collection)
                    tally = _enrol(cases, name, _items(source, file, book), options, book, running)
            except KeyboardInterrupt:
                errors.print("Stopped. The same command goes on from there.")
                raise typer.Exit(_INTERRUPTED) from None
    _tell(tally, path if book.written else None, unnamed, dry_run=dry_run, as_json=as_json)
    tally.exit()


def _enrol(
    cases: UseCases,
    collection: str,
    found: tuple[Iterable[ImportItem], int, Tally],
    options: EnrolmentOptions,
    book: RejectBook,
    running: Running,
) -> Tally:
    items, total, tally = found
    for done in enrol_items(
        cases,
        collection,
        items,
        total,
        options,
        workers=running.workers,
        dry_run=running.dry_run,
        quiet=running.quiet,
    ):
        tally.add(done)
        if done.error is not None:
            book.add(done.item.source, done.item.subject, done.error)
    return tally


@contextmanager
def _rejects(path: Path) -> Iterator[RejectBook]:
    book = RejectBook(path)
    try:
        yield book
    finally:
        book.close()


def _named(cases: UseCases, collection: str | None) -> str:
    if collection is None:
        raise InvalidRequestError("Say where to, with --collection NAME.")
    return cases.collections.get(collection).name


def _items(
    source: Path, file: CollectionFile | None, book: RejectBook
) -> tuple[Iterable[ImportItem], int, Tally]:
    """The pictures, how many there are, and what of a folder was passed over."""
    largest = read_settings().max_image_bytes
    if source.is_dir():
        folder = read_folder(source)
        require_pictures(source, folder)
        for one in folder.passed_over:
            book.add_passed_over(one, source)
        items = from_directory(folder.pictures, source, largest)
        return items, len(items), Tally(folder=folder)
    if file is not None:
        return from_parquet(file, largest), file.rows, Tally()
    if source.suffix.lower() in (".jsonl", ".ndjson"):
        return from_json_lines(source, largest), count_lines(source), Tally()
    raise InvalidRequestError(
        f"{source.name} is neither a directory nor .jsonl nor .parquet.",
        hint="`facet enroll` takes single images.",
    )


def _restore(
    cases: UseCases,
    file: CollectionFile,
    name: str | None,
    book: RejectBook,
    running: Running,
) -> Tally:
    exported = file.collection
    assert exported is not None  # noqa: S101 - the caller has asked
    if name is not None:
        exported = replace(exported, name=name)
    tally = Tally()
    dry_run = running.dry_run
    work = cases.collection_importer.open(
        exported, dry_run=dry_run, allow_erased=running.allow_erased
    )
    with progress_bar(running.quiet) as progress:
        bar = progress.add_task(f"Importing {exported.name}", total=file.rows)
        for page in file.pages():
            for reject in cases.collection_importer.store(work, page, dry_run=dry_run):
                book.add(file.path.name, reject.face.subject.name, reject.error)
                tally.reject(reject.error)
            progress.advance(bar, len(page))
    if not dry_run:
        cases.collection_importer.finish()
    tally.enrolled, tally.present = work.faces, work.present
    return tally


def _tell(
    tally: Tally, rejects: Path | None, unnamed: bool, *, dry_run: bool, as_json: bool
) -> None:
    if as_json:
        fields: dict[str, Any] = {
            "enrolled": tally.enrolled,
            "present": tally.present,
            "rejected": tally.rejected,
            **tally.passed_over(),
            "dry_run": dry_run,
            "rejects": None if rejects is None else str(rejects),
        }
        return print_json(fields)
    verb = ("Kept", "Would keep") if unnamed else ("Enrolled", "Would enrol")
    console.print(f"{verb[dry_run]} {tally.enrolled} faces; {tally.present} were there already.")
    if tally.rejected:
        console.print(f"{tally.rejected} rejected.", style="yellow")
    if tally.summary():
        console.print(f"{tally.summary()}.", style="yellow" if tally.folder.left_out else None)
    if rejects is not None:
        console.print(f"A line for each is in {rejects}", soft_wrap=True)
