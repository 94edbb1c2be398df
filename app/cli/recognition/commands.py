"""Commands on a collection: enroll, recognize."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from app.answers.decisions import Recognition
from app.answers.enrolment import Duplicate
from app.cli.bulk.enrolling import Tally, enrol_items
from app.cli.bulk.folders import detail_of, hint_of, read_folder, require_pictures
from app.cli.bulk.sources import file_reader, from_directory
from app.cli.console import (
    AsJson,
    CollectionName,
    ImageFile,
    console,
    open_cases,
    print_json,
    rate,
    read_settings,
    reporting,
    said,
    table,
    tell_left_out,
)
from app.cli.places import PICTURES, check_file
from app.cli.recognition.images import MaxFaces, MinFace, PictureFile, Rotations, Source
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import AnalysisOptions
from app.domain.texts import printable
from app.services.deciding.recognition import RecognitionOptions
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.importing import ImportedItem, ImportItem


def enroll(
    path: Annotated[
        Path, typer.Argument(help="An image, or a directory with one folder per subject.")
    ],
    collection: CollectionName,
    subject: Annotated[
        str | None, typer.Option(help="Whose face it is; default: the folder or file name.")
    ] = None,
    min_quality: Annotated[float | None, typer.Option(help="Quality gate in [0, 1].")] = None,
    as_json: AsJson = False,
) -> None:
    """Enrol faces; subjects are made as needed.

    The exit status is 1 when pictures of people could not be used, 2 when nothing could.
    """
    with open_cases(as_json) as cases:
        cases.collections.get(collection)
        items, tally = _items(path, subject)
        results = []
        options = EnrolmentOptions(min_quality=min_quality)
        for done in enrol_items(cases, collection, items, len(items), options, quiet=as_json):
            tally.add(done)
            results.append(_result(done))
    if as_json:
        print_json(
            {
                "collection": collection,
                "enrolled": tally.enrolled,
                "already_enrolled": tally.present,
                "rejected": tally.rejected,
                **tally.passed_over(),
                "results": results,
            }
        )
    else:
        _print_summary(collection, results, tally)
    tally.exit()


def recognize(
    image: ImageFile,
    collection: CollectionName,
    fpir: Annotated[
        float | None, typer.Option(help="False-positive identification rate; default 0.01.")
    ] = None,
    similarity_threshold: Annotated[
        float | None, typer.Option(help="Cosine in [-1, 1], instead of a rate.")
    ] = None,
    candidates: Annotated[int, typer.Option(min=0, max=50, help="Subjects to name.")] = 5,
    unique: Annotated[bool, typer.Option(help="Nobody is twice in one image.")] = True,
    source: Source = "",
    min_face: MinFace = None,
    max_faces: MaxFaces = 100,
    rotations: Rotations = False,
    annotated: PictureFile = None,
    as_json: AsJson = False,
) -> None:
    """Recognize the people of a collection on an image."""
    check_file(annotated, as_json, PICTURES)
    data = image.read_bytes()
    options = RecognitionOptions(
        fpir=fpir,
        similarity_threshold=similarity_threshold,
        candidates=candidates,
        unique=unique,
        source=source,
        analysis=AnalysisOptions(min_face=min_face, max_faces=max_faces, rotations=rotations),
    )
    with open_cases(as_json) as cases:
        result = Recognition.of(cases.recognizer.recognize(collection, data, options))
    if annotated is not None:
        with reporting(as_json):
            write_recognition(data, result, annotated)
    if as_json:
        return print_json(result)
    print_recognition(result, image.name)


def write_recognition(image: bytes, result: Recognition, path: Path) -> None:
    """The image with every face's verdict drawn on it."""
    from app.cli.recognition.pictures import Mark, write_annotated

    marks = [
        Mark(face.box, face.subject.name if face.subject else "unknown", face.decision)
        for face in result.faces
    ]
    write_annotated(image, marks, path)


def print_recognition(result: Recognition, title: str) -> None:
    """A table of verdicts."""
    rows = table(
        f"{title}: {len(result.faces)} faces of {result.min_face} pixels and more against "
        f"{result.subjects} subjects of {result.collection} (similarity needed: "
        f"{result.threshold:.4f})",
        "decision",
        "subject",
        "similarity",
        "strangers reach it",
        "margin",
    )
    for face in result.faces:
        colour = "green" if face.decision == "known" else "yellow"
        rows.add_row(
            said((face.decision, colour)),
            face.subject.name if face.subject else "–",
            "–" if face.similarity is None else f"{face.similarity:.3f}",
            rate(face.fmr, is_bound=face.fmr_is_bound),
            "–" if face.margin is None else f"{face.margin:.3f}",
        )
    console.print(rows)
    tell_left_out(result.truncated)


def _items(path: Path, subject: str | None) -> tuple[list[ImportItem], Tally]:
    largest = read_settings().max_image_bytes
    if path.is_file():
        read = file_reader(path, largest)
        return [ImportItem(str(path), subject or path.stem, read)], Tally()
    if not path.is_dir():
        raise InvalidRequestError(f"{path} does not exist.")
    folder = read_folder(path)
    require_pictures(path, folder)
    items = from_directory(folder.pictures, path, largest, subject)
    return [replace(item, source=str(path / item.source)) for item in items], Tally(folder=folder)


def _result(done: ImportedItem) -> dict[str, Any]:
    error = done.error
    return {
        "path": printable(done.item.source),
        "subject": printable(done.item.subject),
        "status": "already-enrolled" if done.outcome == "present" else done.outcome,
        "face_id": done.face_id,
        "error": error
        and {"code": error.slug, "detail": error.message, "hint": error.hint, **error.data},
        "duplicates": [Duplicate.of(one).model_dump() for one in done.duplicates],
    }


def _print_summary(collection: str, results: Sequence[dict[str, Any]], tally: Tally) -> None:
    rejects = [result for result in results if result["status"] == "rejected"]
    enrolled = [result for result in results if result["status"] == "enrolled"]
    subjects = len({result["subject"] for result in enrolled})
    console.print(
        f"{len(enrolled)} faces of {subjects} subjects enrolled in {collection}"
        + (f", {tally.present} were there already" if tally.present else "")
        + (f", {len(rejects)} images rejected" if rejects else "")
    )
    if tally.summary():
        console.print(f"{tally.summary()}.")
    shown = [
        *(
            (one["path"], f"{one['error']['code']}: {one['error']['detail']}", one["error"]["hint"])
            for one in rejects
        ),
        *(
            (str(one.path), detail_of(one), hint_of(one))
            for one in tally.folder.passed_over
            if one.left_out
        ),
    ]
    if shown:
        rows = table("Not enrolled", "image", "why", "what to do")
        for line in shown:
            rows.add_row(*line)
        console.print(rows)
    for result in enrolled:
        for duplicate in result["duplicates"]:
            alike = rate(duplicate["fmr"], is_bound=duplicate["fmr_is_bound"])
            console.print(
                f"{result['path']} ({result['subject']}) resembles {duplicate['name']}: "
                f"strangers do in {alike} comparisons",
                style="yellow",
            )
