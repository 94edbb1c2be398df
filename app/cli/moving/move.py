"""The command that moves people here from another service: `facet move`."""

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.bulk.enrolling import Tally, enrol_items, progress_bar
from app.cli.bulk.folders import read_folder, require_pictures
from app.cli.bulk.rejects import RejectBook
from app.cli.bulk.sources import from_directory
from app.cli.console import AsJson, console, open_cases, print_json, read_settings
from app.cli.moving.compreface import CompreFace
from app.cli.places import check_file
from app.domain.errors import FacetError
from app.services.deciding.recognition import RecognitionOptions
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.importing import ImportItem
from app.services.use_cases import UseCases

move = typer.Typer(help="Move people here from another service.", no_args_is_help=True)

Collection = Annotated[
    str, typer.Option("--collection", "-c", help="Where to; it has to be there.")
]
Rejects = Annotated[Path, typer.Option(help="A line for each picture that could not be used.")]
Workers = Annotated[int | None, typer.Option(min=1, max=256, help="Pictures at once.")]
Check = Annotated[bool, typer.Option(help="Recognize every picture afterwards, and tell as whom.")]
_OPTIONS = EnrolmentOptions(face="largest", duplicates="ignore")


@move.command()
def compreface(
    url: Annotated[str, typer.Argument(help="The server, such as http://compreface:8000.")],
    key: Annotated[
        str, typer.Option(envvar="COMPREFACE_KEY", help="Of a recognition service there.")
    ],
    collection: Collection,
    rejects: Rejects = Path("compreface.rejects.jsonl"),
    workers: Workers = None,
    check: Check = True,
    as_json: AsJson = False,
) -> None:
    """Move subjects and their pictures from CompreFace.

    Interrupted, run it again: what is there already is fetched and not enrolled twice.
    """
    check_file(rejects, as_json)
    with open_cases(as_json) as cases:
        name = cases.collections.get(collection).name
        with closing(CompreFace(url, key, read_settings().max_image_bytes)) as source:
            total, tally = source.count(), Tally()
            _move(cases, name, source.items(), total, tally, rejects, workers, quiet=as_json)
            seen = _checked(cases, name, source.items(), total, as_json) if check else None
    _tell(tally, seen, rejects, as_json=as_json)


@move.command()
def deepface(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="DeepFace's db_path.")
    ],
    collection: Collection,
    rejects: Rejects = Path("deepface.rejects.jsonl"),
    workers: Workers = None,
    check: Check = True,
    as_json: AsJson = False,
) -> None:
    """Move people from a folder of DeepFace: one folder each, or pictures by their names.

    Its .pkl files are passed over: templates of one encoder mean nothing to another.
    """
    check_file(rejects, as_json)
    with open_cases(as_json) as cases:
        name = cases.collections.get(collection).name
        found = read_folder(folder)
        require_pictures(folder, found)
        items = from_directory(found.pictures, folder, read_settings().max_image_bytes)
        tally = Tally(folder=found)
        _move(cases, name, items, len(items), tally, rejects, workers, quiet=as_json, root=folder)
        seen = _checked(cases, name, items, len(items), as_json) if check else None
    _tell(tally, seen, rejects, as_json=as_json)


def _move(
    cases: UseCases,
    collection: str,
    items: Iterable[ImportItem],
    total: int,
    tally: Tally,
    rejects: Path,
    workers: int | None,
    *,
    quiet: bool,
    root: Path | None = None,
) -> None:
    """Enroll everything, with a line for whatever could not be."""
    with closing(RejectBook(rejects)) as book:
        if root is not None:
            for one in tally.folder.passed_over:
                book.add_passed_over(one, root)
        for done in enrol_items(
            cases, collection, items, total, _OPTIONS, workers=workers, quiet=quiet
        ):
            tally.add(done)
            if done.error is not None:
                book.add(done.item.source, done.item.subject, done.error)


def _checked(
    cases: UseCases, collection: str, items: Iterable[ImportItem], total: int, quiet: bool
) -> Counter[str]:
    """As whom the pictures are recognised, those that were refused too."""
    seen: Counter[str] = Counter()
    options = RecognitionOptions(candidates=1, face="largest")
    with progress_bar(quiet) as progress:
        bar = progress.add_task("Recognizing", total=total)
        for item in items:
            seen[_seen(cases, collection, item, options)] += 1
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


def _tell(tally: Tally, seen: Counter[str] | None, rejects: Path, *, as_json: bool) -> None:
    kinds = ("themselves", "others", "unknown", "not_usable")
    path = rejects if tally.rejected + len(tally.folder.passed_over) else None
    if as_json:
        fields: dict[str, Any] = {
            "enrolled": tally.enrolled,
            "present": tally.present,
            "rejected": tally.rejected,
            **tally.passed_over(),
            "rejects": None if path is None else str(path),
            "recognized": None if seen is None else {kind: seen[kind] for kind in kinds},
        }
        print_json(fields)
    else:
        console.print(f"Enrolled {tally.enrolled} faces; {tally.present} were there already.")
        if path is not None:
            console.print(
                f"{tally.rejected} rejected; a line for each is in {path}", soft_wrap=True
            )
        if seen is not None:
            console.print(
                f"Of {seen.total()} pictures {seen['themselves']} are recognized as whom they "
                f"show, {seen['others']} as somebody else, {seen['unknown']} as nobody; "
                f"{seen['not_usable']} cannot be used."
            )
    tally.exit()
