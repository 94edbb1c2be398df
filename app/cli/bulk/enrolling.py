"""Enrolment by `facet import` and `facet enroll`: pictures side by side, counts, exit status."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.cli.console import EXIT_FAILED, errors, read_settings
from app.domain.errors.pictures import NoFaceError
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.importing import ImportedItem, ImportItem
from app.services.use_cases import UseCases
from models.errors import ReportedError
from models.folders.walk import Folder, in_words

EXIT_LEFT_OUT = 1
"""Of a command that did its work, but for pictures of people that could not be used."""


@dataclass(frozen=True, slots=True)
class Running:
    """Ways in which an import runs."""

    workers: int | None
    """Pictures at once; None is one per core."""
    dry_run: bool
    quiet: bool
    """Whether no bar is shown."""
    allow_erased: bool = False
    """Whether an export's people come in again who were erased here."""


@dataclass(slots=True)
class Tally:
    """Counts of what became of an import's pictures."""

    enrolled: int = 0
    present: int = 0
    rejected: int = 0
    unusable: int = 0
    """Of those rejected, all but pictures without a face: somebody may be on them."""
    folder: Folder = field(default_factory=Folder)
    """What was read, and what was passed over; empty for lists."""

    @property
    def left_out(self) -> int:
        """Pictures and files that may show somebody who is not enrolled by them."""
        return self.unusable + self.folder.left_out

    def reject(self, error: ReportedError) -> None:
        """Count a picture that was refused."""
        self.rejected += 1
        self.unusable += not isinstance(error, NoFaceError)

    def add(self, done: ImportedItem) -> None:
        """Count a picture."""
        if done.error is not None:
            self.reject(done.error)
        elif done.outcome == "enrolled":
            self.enrolled += 1
        else:
            self.present += 1

    def passed_over(self) -> dict[str, Any]:
        """The counts of what was passed over, for machines."""
        return {
            "passed_over": self.folder.counts(),
            "unsupported": self.folder.kinds(),
            "left_out": self.left_out,
        }

    def summary(self) -> str:
        """A line on what was passed over, for people; empty when nothing was."""
        return in_words(self.folder.passed_over) if self.folder.passed_over else ""

    def exit(self) -> None:
        """End the command with the status that the counts deserve."""
        if self.rejected + self.folder.left_out and not self.enrolled + self.present:
            raise typer.Exit(EXIT_FAILED)
        if self.left_out:
            raise typer.Exit(EXIT_LEFT_OUT)


def enrol_items(
    cases: UseCases,
    collection: str,
    items: Iterable[ImportItem],
    total: int,
    options: EnrolmentOptions,
    *,
    workers: int | None = None,
    dry_run: bool = False,
    quiet: bool = False,
) -> Iterator[ImportedItem]:
    """Outcomes of every picture, in order, with a bar for people."""
    from app.bootstrap.capacity import Capacity
    from app.vision.running.threads import set_threads

    concurrency = Capacity.of(read_settings(workers=workers))
    set_threads(concurrency.threads)
    with progress_bar(quiet) as progress:
        bar = progress.add_task("Enrolling", total=total)
        for done in cases.importer.run(
            collection, items, options, workers=concurrency.workers, dry_run=dry_run
        ):
            yield done
            progress.advance(bar)


def progress_bar(quiet: bool) -> Progress:
    """A bar with counts and times, on standard error and for people only."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=errors, disable=quiet or not errors.is_terminal)
