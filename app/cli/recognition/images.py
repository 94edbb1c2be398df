"""Commands on images alone: detect, embed, verify."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.answers.analysis import DetectedFace, Detection, Embeddings, Searched
from app.answers.comparisons import Verification
from app.cli.console import (
    AsJson,
    ImageFile,
    console,
    open_cases,
    print_json,
    rate,
    reporting,
    said,
    table,
    tell_left_out,
)
from app.cli.places import PICTURES, check_file
from app.domain.deciding.selection import FaceChoice
from app.domain.faces import AnalysisOptions
from app.services.deciding.verification import VerificationOptions

MinFace = Annotated[int | None, typer.Option(help="Smallest face to search for, in pixels.")]
MaxFaces = Annotated[int, typer.Option(help="Largest ones first.")]
Rotations = Annotated[bool, typer.Option(help="Try turned images when nothing is found.")]
Source = Annotated[
    str, typer.Option(help="Label of where it was taken, for collections that remember.")
]
Encoder = Annotated[str | None, typer.Option(help="Model key; the default encoder otherwise.")]
PictureFile = Annotated[
    Path | None, typer.Option("--annotated", "-o", help="Write a picture with what was found.")
]


def detect(
    image: ImageFile,
    min_face: MinFace = None,
    max_faces: MaxFaces = 100,
    rotations: Rotations = False,
    annotated: PictureFile = None,
    as_json: AsJson = False,
) -> None:
    """Find faces: boxes, landmarks, pose, quality."""
    check_file(annotated, as_json, PICTURES)
    data = image.read_bytes()
    options = AnalysisOptions(min_face=min_face, max_faces=max_faces, rotations=rotations)
    with open_cases(as_json) as cases:
        found = Detection.of(cases.detection.detect(data, options))
    if annotated is not None:
        from app.cli.recognition.pictures import Mark, write_annotated

        marks = [
            Mark(face.box, f"{face.quality.score:.2f}", landmarks=face.landmarks)
            for face in found.faces
        ]
        with reporting(as_json):
            write_annotated(data, marks, annotated)
    if as_json:
        return print_json(found)
    _print_faces(found, found.faces, f"{image.name}, {found.detector}")
    if annotated is not None:
        console.print(f"Picture: {annotated}")


def embed(
    image: ImageFile,
    encoder: Encoder = None,
    min_face: MinFace = None,
    max_faces: MaxFaces = 100,
    rotations: Rotations = False,
    as_json: AsJson = False,
) -> None:
    """Find faces and print their embeddings."""
    options = AnalysisOptions(
        encoder=encoder, min_face=min_face, max_faces=max_faces, rotations=rotations
    )
    with open_cases(as_json) as cases:
        found = Embeddings.of(cases.detection.embed(image.read_bytes(), options))
    if as_json:
        return print_json(found)
    _print_faces(found, found.faces, f"{image.name}, {found.encoder}")
    console.print("The embeddings themselves: --json")


def verify(
    reference: ImageFile,
    probe: ImageFile,
    fmr: Annotated[float | None, typer.Option(help="False-match rate; default 0.001.")] = None,
    similarity_threshold: Annotated[
        float | None, typer.Option(help="Cosine in [-1, 1], instead of a rate.")
    ] = None,
    encoder: Encoder = None,
    face: Annotated[FaceChoice, typer.Option(help="Which face is meant.")] = "dominant",
    min_face: MinFace = None,
    max_faces: MaxFaces = 100,
    as_json: AsJson = False,
) -> None:
    """Do two images show the same person?"""
    options = VerificationOptions(
        fmr=fmr,
        similarity_threshold=similarity_threshold,
        face=face,
        analysis=AnalysisOptions(encoder=encoder, min_face=min_face, max_faces=max_faces),
    )
    with open_cases(as_json) as cases:
        verdict = Verification.of(
            cases.verifier.compare(reference.read_bytes(), probe.read_bytes(), options)
        )
    if as_json:
        return print_json(verdict)
    word = ("same person", "green") if verdict.match else ("not the same person", "yellow")
    console.print(said(word, f" at a false-match rate of {rate(verdict.threshold_fmr)}"))
    console.print(
        f"similarity {verdict.similarity:.3f}, needed {verdict.threshold:.4f}; strangers score "
        f"this much in {rate(verdict.fmr, is_bound=verdict.fmr_is_bound)} comparisons"
    )
    compared = [one for one in (verdict.reference, verdict.probe) if one is not None]
    tell_left_out(any(one.truncated for one in compared))


def _print_faces(found: Searched, faces: Sequence[DetectedFace], title: str) -> None:
    title += f": {len(faces)} faces of {found.min_face} pixels and more"
    rows = table(title, "box (x, y, w, h)", "probability", "yaw/pitch/roll", "quality", "reasons")
    for face in faces:
        box, pose = face.box, face.pose
        rows.add_row(
            f"{box.x:.0f}, {box.y:.0f}, {box.width:.0f}, {box.height:.0f}",
            f"{face.probability:.3f}",
            f"{pose.yaw:+.0f}° {pose.pitch:+.0f}° {pose.roll:+.0f}°",
            f"{face.quality.score:.2f}",
            ", ".join(face.quality.reasons),
        )
    console.print(rows)
    tell_left_out(found.truncated)
