"""Commands on a collection: enroll, recognize."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.api.schemas.decisions import Recognition
from app.api.schemas.enrolment import EnrolledImage, Enrolment
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    CollectionName,
    ImageFile,
    console,
    errors,
    open_cases,
    print_json,
    rate,
    table,
    tell_left_out,
)
from app.cli.images import MaxFaces, MinFace, PictureFile, Rotations
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import AnalysisOptions
from app.services.enrolment import EnrolmentOptions
from app.services.recognition import RecognitionOptions
from app.services.use_cases import UseCases

IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".mpo"}
)


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    subject: str


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
    """Enrol faces; subjects are made as needed."""
    with open_cases(as_json) as cases:
        cases.collections.get(collection)
        tasks = list(_tasks(path, subject))
        results = _enrol_all(cases, collection, tasks, min_quality, quiet=as_json)
    enrolled = sum(result["status"] == "enrolled" for result in results)
    repeated = sum(result["status"] == "already-enrolled" for result in results)
    rejected = len(results) - enrolled - repeated
    if as_json:
        print_json(
            {
                "collection": collection,
                "enrolled": enrolled,
                "already_enrolled": repeated,
                "rejected": rejected,
                "results": results,
            }
        )
    else:
        _print_summary(collection, results)
    if not enrolled + repeated:
        raise typer.Exit(EXIT_FAILED)


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
    min_face: MinFace = None,
    max_faces: MaxFaces = 100,
    rotations: Rotations = False,
    annotated: PictureFile = None,
    as_json: AsJson = False,
) -> None:
    """Who in the collection is on this image, or nobody?"""
    data = image.read_bytes()
    options = RecognitionOptions(
        fpir=fpir,
        similarity_threshold=similarity_threshold,
        candidates=candidates,
        unique=unique,
        analysis=AnalysisOptions(min_face=min_face, max_faces=max_faces, rotations=rotations),
    )
    with open_cases(as_json) as cases:
        result = Recognition.of(cases.recognizer.recognize(collection, data, options))
    if annotated is not None:
        write_recognition(data, result, annotated)
    if as_json:
        return print_json(result)
    print_recognition(result, image.name)


def write_recognition(image: bytes, result: Recognition, path: Path) -> None:
    """The image with every face's verdict drawn on it."""
    from app.cli.pictures import Mark, write_annotated

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
            f"[{colour}]{face.decision}[/]",
            face.subject.name if face.subject else "–",
            "–" if face.similarity is None else f"{face.similarity:.3f}",
            rate(face.fmr),
            "–" if face.margin is None else f"{face.margin:.3f}",
        )
    console.print(rows)
    tell_left_out(result.truncated)


def _tasks(path: Path, subject: str | None) -> Iterator[_Task]:
    if path.is_file():
        yield _Task(path, subject or path.stem)
        return
    if not path.is_dir():
        raise InvalidRequestError(f"{path} does not exist.")
    images = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.suffix.lower() in IMAGE_SUFFIXES
    ]
    if not images:
        raise InvalidRequestError(
            f"{path} holds no images.", hint="Expected one folder of images per subject."
        )
    for file in images:
        folder = file.relative_to(path).parts[0] if file.parent != path else file.stem
        yield _Task(file, subject or folder)


def _enrol_all(
    cases: UseCases,
    collection: str,
    tasks: Sequence[_Task],
    min_quality: float | None,
    *,
    quiet: bool,
) -> list[dict[str, Any]]:
    columns = (
        TextColumn("enrolling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[subject]}"),
    )
    results = []
    with Progress(*columns, console=errors, disable=quiet or len(tasks) < 2) as progress:
        bar = progress.add_task("", total=len(tasks), subject="")
        for task in tasks:
            progress.update(bar, subject=task.subject)
            answer = _enrol_one(cases, collection, task, EnrolmentOptions(min_quality=min_quality))
            error = answer.error
            results.append(
                {
                    "path": str(task.path),
                    "subject": task.subject,
                    "status": answer.status,
                    "face_id": answer.face.id if answer.face else None,
                    "error": error.model_dump() if error else None,
                    "duplicates": [d.model_dump() for d in answer.duplicates],
                }
            )
            progress.advance(bar)
    return results


def _enrol_one(
    cases: UseCases, collection: str, task: _Task, options: EnrolmentOptions
) -> EnrolledImage:
    existing = cases.subjects.find(collection, task.subject)
    subject = existing or cases.subjects.create(collection, task.subject).subject
    outcome = cases.enroller.enrol(collection, subject.id, [task.path.read_bytes()], options)
    answer = Enrolment.of(outcome.results).results[0]
    if existing is None and answer.status == "rejected":
        # A rejected first image leaves no empty subject behind.
        cases.erasure.subject(collection, subject.id)
    return answer


def _print_summary(collection: str, results: Sequence[dict[str, Any]]) -> None:
    rejects = [result for result in results if result["status"] == "rejected"]
    enrolled = [result for result in results if result["status"] == "enrolled"]
    repeated = len(results) - len(rejects) - len(enrolled)
    subjects = len({result["subject"] for result in enrolled})
    console.print(
        f"[green]{len(enrolled)} faces[/] of {subjects} subjects enrolled in {collection}"
        + (f", {repeated} were there already" if repeated else "")
        + (f", [yellow]{len(rejects)} images rejected[/]" if rejects else "")
    )
    if rejects:
        rows = table("Rejected", "image", "why", "what to do")
        for result in rejects:
            error = result["error"]
            rows.add_row(result["path"], f"{error['code']}: {error['detail']}", error["hint"])
        console.print(rows)
    for result in enrolled:
        for duplicate in result["duplicates"]:
            console.print(
                f"[yellow]{result['path']} ({result['subject']}) resembles "
                f"{duplicate['name']}[/]: strangers do in {rate(duplicate['fmr'])} comparisons"
            )
