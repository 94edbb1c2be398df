"""The command that enrols by the thousand: `facet import`."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.cli.bulk_sources import count_lines, from_directory, from_json_lines, from_parquet
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    errors,
    open_cases,
    print_json,
    read_settings,
)
from app.domain.errors.requests import InvalidRequestError
from app.services.enrolment import EnrolmentOptions
from app.services.importing import ImportItem
from app.services.use_cases import UseCases
from app.storage.parquet import CollectionFile
from models.errors import ReportedError

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
        typer.Option(help="A line for each reject; default <source>.rejects.jsonl, here."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Pictures at once; default one per core.")
    ] = None,
    min_quality: Annotated[float | None, typer.Option(help="Quality gate in [0, 1].")] = None,
    duplicates: Annotated[
        Literal["ignore", "reject"],
        typer.Option(help="`reject` keeps out faces that resemble another subject."),
    ] = "ignore",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be imported.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Enrol many pictures, or bring an exported collection in with its templates.

    Interrupted, or with new pictures, run it again: what is there already is passed over.
    """
    path = rejects or Path(f"{source.name}.rejects.jsonl")
    with open_cases(as_json) as cases:
        file = CollectionFile(source) if source.suffix == ".parquet" else None
        with _rejects(path) as book:
            try:
                if file is not None and file.collection is not None:
                    counts = _restore(cases, file, collection, book, dry_run=dry_run, quiet=as_json)
                else:
                    options = EnrolmentOptions(min_quality=min_quality, duplicates=duplicates)
                    name = _named(cases, collection)
                    counts = _enrol(
                        cases,
                        _items(source, file),
                        name,
                        options,
                        book,
                        workers=workers,
                        dry_run=dry_run,
                        quiet=as_json,
                    )
            except KeyboardInterrupt:
                errors.print("Stopped. The same command goes on from there.")
                raise typer.Exit(_INTERRUPTED) from None
    _tell(counts, path, dry_run=dry_run, as_json=as_json)
    if counts["rejected"] and not counts["enrolled"] + counts["present"]:
        raise typer.Exit(EXIT_FAILED)


class _RejectBook:
    """The file of rejects; it comes into being with the first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def add(self, source: str, subject: str, error: ReportedError) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8")
        line = {
            "source": source,
            "subject": subject,
            "code": error.slug,
            "detail": error.message,
            "hint": error.hint,
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


@contextmanager
def _rejects(path: Path) -> Iterator[_RejectBook]:
    book = _RejectBook(path)
    try:
        yield book
    finally:
        book.close()


def _named(cases: UseCases, collection: str | None) -> str:
    if collection is None:
        raise InvalidRequestError("Say where to, with --collection NAME.")
    return cases.collections.get(collection).name


def _items(source: Path, file: CollectionFile | None) -> tuple[Iterable[ImportItem], int]:
    """The pictures, and how many there are."""
    largest = read_settings().max_image_bytes
    if source.is_dir():
        items = from_directory(source, largest)
        return items, len(items)
    if file is not None:
        return from_parquet(file, largest), file.rows
    if source.suffix in (".jsonl", ".ndjson"):
        return from_json_lines(source, largest), count_lines(source)
    raise InvalidRequestError(
        f"{source.name} is neither a directory nor .jsonl nor .parquet.",
        hint="`facet enroll` takes single images.",
    )


def _enrol(
    cases: UseCases,
    items: tuple[Iterable[ImportItem], int],
    collection: str,
    options: EnrolmentOptions,
    book: _RejectBook,
    *,
    workers: int | None,
    dry_run: bool,
    quiet: bool,
) -> dict[str, int]:
    from app.bootstrap.capacity import Capacity
    from app.vision.threads import set_threads

    concurrency = Capacity.of(read_settings(workers=workers))
    set_threads(concurrency.threads)
    counts = {"enrolled": 0, "present": 0, "rejected": 0}
    with _progress(quiet) as progress:
        bar = progress.add_task("Importing", total=items[1])
        for done in cases.importer.run(
            collection, items[0], options, workers=concurrency.workers, dry_run=dry_run
        ):
            counts[done.outcome] += 1
            if done.error is not None:
                book.add(done.item.source, done.item.subject, done.error)
            progress.advance(bar)
    return counts


def _restore(
    cases: UseCases,
    file: CollectionFile,
    name: str | None,
    book: _RejectBook,
    *,
    dry_run: bool,
    quiet: bool,
) -> dict[str, int]:
    exported = file.collection
    assert exported is not None  # noqa: S101 - the caller has asked
    if name is not None:
        exported = replace(exported, name=name)
    work = cases.collection_importer.open(exported, dry_run=dry_run)
    with _progress(quiet) as progress:
        bar = progress.add_task(f"Importing {exported.name}", total=file.rows)
        for page in file.pages():
            for reject in cases.collection_importer.store(work, page, dry_run=dry_run):
                subject = reject.face.subject
                book.add(file.path.name, subject.name, reject.error)
            progress.advance(bar, len(page))
    if not dry_run:
        cases.collection_importer.finish()
    return {"enrolled": work.faces, "present": work.present, "rejected": work.rejected}


def _progress(quiet: bool) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=errors, disable=quiet or not errors.is_terminal)


def _tell(counts: dict[str, int], path: Path, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        fields: dict[str, Any] = {**counts, "dry_run": dry_run}
        fields["rejects"] = str(path) if counts["rejected"] else None
        return print_json(fields)
    verb = "Would enrol" if dry_run else "Enrolled"
    console.print(f"{verb} {counts['enrolled']} faces; {counts['present']} were there already.")
    if counts["rejected"]:
        console.print(f"[yellow]{counts['rejected']} rejected[/], a line each in {path}")
