"""Cost of encoders: one face to its embedding, in turns, as served."""

import functools
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.vision.decoding.decode import decode
from app.vision.running.runtimes.choice import open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.threads import set_threads
from benchmarks.measuring import (
    JsonOption,
    QuickOption,
    draw_bars,
    finish,
    machine,
    side_by_side,
)
from benchmarks.pictures import PHOTOS, ImagesOption, photographs
from models.pipelines.faces.encoding import FaceEncoder
from models.pipelines.faces.pipeline import face_detector, face_encoder
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry

Face = tuple[NDArray[np.uint8], NDArray[np.floating]]
"""A picture, and the (5, 2) landmarks of a face in it."""

_BEFORE = "facenet-resnet29-robust@1"
_TOGETHER = 16
"""Faces of one call."""


def encoders(
    encoder: Annotated[
        list[str] | None,
        typer.Option("--encoder", help="What to measure against the first; several allowed."),
    ] = None,
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/encoders.json"),
    quick: QuickOption = False,
) -> None:
    """Measure encoders in turns on one thread: align a face, embed it; and sixteen at once.

    Without --encoder the default of 0.1.0 and the default.
    """
    set_threads(1)
    registry = open_registry()
    keys = encoder or [_BEFORE, registry.default("encode-faces")]
    faces = _faces(photographs(images), registry)
    with tempfile.TemporaryDirectory() as cache:
        networks = ServingNetworks(registry, open_runtime("auto", Path(cache)))
        made = {key: face_encoder(networks, key) for key in keys}
        alone = _times(made, faces, _one_by_one, 5 if quick else 40)
        together = _times(made, faces, _at_once, 5 if quick else 40)
    first = keys[0]
    ratios = {f"{key}, one by one": alone[key] / alone[first] for key in keys[1:]}
    ratios |= {f"{key}, at once": together[key] / together[first] for key in keys[1:]}
    draw_bars(
        json_path.with_suffix(".png"),
        {"One face to its embedding": alone, f"{_TOGETHER} at once, a face": together},
    )
    report = {
        "ratios": ratios,
        "seconds_one_by_one": alone,
        "seconds_at_once": together,
        "faces": len(faces),
        "input": {key: registry.manifest(key, EncoderManifest).input.size for key in keys},
        "threads": 1,
        "machine": machine(),
    }
    finish(json_path, report)


def _faces(files: Sequence[Path], registry: Registry) -> list[Face]:
    """Sixteen faces of the pictures, the first ones again where there are fewer."""
    detector = face_detector(registry)
    pictures = [decode(file.read_bytes()).rgb for file in files]
    found = [(one, points) for one in pictures for points in detector.detect(one).landmarks]
    if not found:
        raise typer.BadParameter(
            "Nobody's face was found in these pictures.", param_hint="--images"
        )
    return [found[number % len(found)] for number in range(_TOGETHER)]


def _one_by_one(encoder: FaceEncoder, faces: Sequence[Face]) -> None:
    for picture, landmarks in faces:
        encoder.encode(encoder.chip(picture, landmarks)[None])


def _at_once(encoder: FaceEncoder, faces: Sequence[Face]) -> None:
    encoder.encode(np.stack([encoder.chip(*face) for face in faces]))


def _times(
    made: dict[str, FaceEncoder],
    faces: Sequence[Face],
    way: Callable[[FaceEncoder, Sequence[Face]], None],
    rounds: int,
) -> dict[str, float]:
    """Seconds of processor time per face."""
    calls = {key: functools.partial(way, one, faces) for key, one in made.items()}
    return {key: value / len(faces) for key, value in side_by_side(calls, rounds).items()}
