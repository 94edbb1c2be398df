"""Work of every move: enroll, recognize what was moved, and tell of both."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app.cli.bulk.enrolling import Tally, enrol_items, progress_bar
from app.cli.bulk.rejects import RejectBook
from app.cli.console import console, print_json
from app.domain.errors import FacetError
from app.services.deciding.recognition import RecognitionOptions
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.importing import ImportItem
from app.services.use_cases import UseCases
from models.folders.walk import Folder

_OPTIONS = EnrolmentOptions(face="largest", duplicates="ignore")
_KINDS = ("themselves", "others", "unknown", "not_usable")


class Source(Protocol):
    """Pictures, and whom they show."""

    def count(self) -> int:
        """The number of pictures."""

    def items(self) -> Iterable[ImportItem]:
        """The pictures, the same ones at each call."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Pictures that are known at once."""

    pictures: Sequence[ImportItem]

    def count(self) -> int:
        return len(self.pictures)

    def items(self) -> Iterable[ImportItem]:
        return self.pictures


@dataclass(frozen=True, slots=True)
class Way:
    """Manner of a move, and of telling what became of it."""

    collection: str
    rejects: Path
    workers: int | None
    check: bool
    as_json: bool


def move_all(
    cases: UseCases,
    source: Source,
    way: Way,
    *,
    folder: Folder | None = None,
    root: Path = Path(),
    missing: Sequence[str] = (),
) -> None:
    """Enroll every picture, recognize each afterwards, and end the command as it deserves.

    `folder` is what was read below `root`, `missing` are people of whom there is no picture.
    """
    total, tally = source.count(), Tally(folder=folder or Folder())
    with closing(RejectBook(way.rejects)) as book:
        for one in tally.folder.passed_over:
            book.add_passed_over(one, root)
        for done in enrol_items(
            cases,
            way.collection,
            source.items(),
            total,
            _OPTIONS,
            workers=way.workers,
            quiet=way.as_json,
        ):
            tally.add(done)
            if done.error is not None:
                book.add(done.item.source, done.item.subject, done.error)
    seen = _checked(cases, way, source.items(), total) if way.check else None
    _tell(tally, seen, way, missing)
    tally.exit()


def _checked(cases: UseCases, way: Way, items: Iterable[ImportItem], total: int) -> Counter[str]:
    """Count as whom the pictures are recognised, those that were refused too."""
    seen: Counter[str] = Counter()
    options = RecognitionOptions(candidates=1, face="largest")
    with progress_bar(way.as_json) as progress:
        bar = progress.add_task("Recognizing", total=total)
        for item in items:
            seen[_seen(cases, way.collection, item, options)] += 1
            progress.advance(bar)
    return seen


def _seen(cases: UseCases, collection: str, item: ImportItem, options: RecognitionOptions) -> str:
    try:
        found = cases.recognizer.recognize(collection, item.read(), options)
    except FacetError:
        return "not_usable"
    match = found.faces[0].verdict.match
    if match is None:
        return "unknown"
    wanted = cases.subjects.find(collection, item.subject)
    return "themselves" if wanted and wanted.id == match.subject.id else "others"


def _tell(tally: Tally, seen: Counter[str] | None, way: Way, missing: Sequence[str]) -> None:
    path = way.rejects if tally.rejected + len(tally.folder.passed_over) else None
    if way.as_json:
        fields: dict[str, Any] = {
            "enrolled": tally.enrolled,
            "present": tally.present,
            "rejected": tally.rejected,
            **tally.passed_over(),
            "rejects": None if path is None else str(path),
            "without_pictures": list(missing),
            "recognized": None if seen is None else {kind: seen[kind] for kind in _KINDS},
        }
        print_json(fields)
        return
    console.print(f"Enrolled {tally.enrolled} faces; {tally.present} were there already.")
    if path is not None:
        console.print(f"{tally.rejected} rejected; a line for each is in {path}", soft_wrap=True)
    if missing:
        console.print(f"No picture of {len(missing)}: {', '.join(missing)}", soft_wrap=True)
    if seen is not None:
        console.print(
            f"Of {seen.total()} pictures {seen['themselves']} are recognized as whom they "
            f"show, {seen['others']} as somebody else, {seen['unknown']} as nobody; "
            f"{seen['not_usable']} cannot be used."
        )
