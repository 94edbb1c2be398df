"""Import of a folder of pictures whose people nobody has named."""

from pathlib import Path

from app.cli.bulk.enrolling import Running, Tally, progress_bar
from app.cli.bulk.folders import read_folder, require_pictures
from app.cli.bulk.rejects import RejectBook
from app.cli.bulk.sources import file_reader
from app.cli.console import read_settings
from app.domain.errors.requests import InvalidRequestError
from app.services.people.unnamed import UnnamedOutcome, UnnamedPicture
from app.services.use_cases import UseCases


def keep_unnamed(
    cases: UseCases,
    collection: str,
    source: Path,
    book: RejectBook,
    running: Running,
    min_quality: float | None,
) -> Tally:
    """Keep every good face of the folder's pictures, and put them into groups."""
    from app.bootstrap.capacity import Capacity
    from app.vision.running.threads import set_threads

    if not source.is_dir():
        raise InvalidRequestError(f"{source.name} is no directory; --unnamed takes one.")
    folder = read_folder(source)
    require_pictures(source, folder)
    for one in folder.passed_over:
        book.add_passed_over(one, source)
    largest = read_settings().max_image_bytes
    pictures = [
        UnnamedPicture(str(file.relative_to(source)), file_reader(file, largest))
        for file in folder.pictures
    ]
    capacity = Capacity.of(read_settings(workers=running.workers))
    set_threads(capacity.threads)
    tally = Tally(folder=folder)
    with progress_bar(running.quiet) as progress:
        bar = progress.add_task("Importing", total=len(pictures))
        for done in cases.unnamed_importer.run(
            collection,
            pictures,
            workers=capacity.workers,
            min_quality=min_quality,
            dry_run=running.dry_run,
        ):
            _count(tally, done, book)
            progress.advance(bar)
    if not running.dry_run:
        cases.groups.refresh(collection)
    return tally


def _count(tally: Tally, done: UnnamedOutcome, book: RejectBook) -> None:
    tally.enrolled += done.kept
    tally.present += done.present
    errors = [done.error] if done.error is not None else list(done.refused)
    for error in errors:
        tally.reject(error)
        book.add(done.picture.source, "", error)
