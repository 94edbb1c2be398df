"""Face crops with boxes and landmarks found by another detector, found once and kept on disk."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from models.files.writing import replacing
from models.pipelines.faces.pipeline import face_detector, main_face
from models.registry.registry import Registry
from training.data.sources import Sample, TrainingDataError, read_rgb

Grey = NDArray[np.uint8]
"""(H, W) luminance."""
_PAD = 0.25
"""Tight crops are shown to the labelling detector with so much of their border replicated."""
_FORMAT = 1
_console = Console(stderr=True)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFace:
    """A crop around one face, and where the face is in it."""

    grey: Grey
    box: NDArray[np.float32]
    """(4,) left, top, right, bottom in the crop's pixels; may reach over its border."""
    landmarks: NDArray[np.float32]
    """(5, 2)."""
    identity: str


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPicture:
    """A real photograph with all the faces that a detector found in it."""

    grey: Grey
    boxes: NDArray[np.float32]
    """(M, 4) left, top, right, bottom."""
    landmarks: NDArray[np.float32]
    """(M, 5, 2)."""


def labelled_pictures(
    pictures: Sequence[Grey], registry: Registry, detector: str
) -> list[LabelledPicture]:
    """Find faces in photographs, by `detector` at its default threshold."""
    finder = face_detector(registry, detector)
    labelled = []
    for grey in pictures:
        found = finder.detect(np.repeat(grey[..., None], 3, axis=2))
        low = found.boxes[:, :2]
        boxes = np.concatenate([low, low + found.boxes[:, 2:]], axis=1)
        labelled.append(LabelledPicture(grey, boxes, found.landmarks))
    return labelled


def labelled_faces(
    samples: Sequence[Sample], registry: Registry, detector: str, cache_dir: Path
) -> list[LabelledFace]:
    """The main face of every picture that `detector` (a model key) finds one in.

    The labels are kept under `cache_dir`. Raises TrainingDataError when no picture shows a
    face, and what the registry raises.
    """
    stamps = [(s.path, Path(s.path).stat().st_size) for s in samples]
    recipe = json.dumps([_FORMAT, stamps, registry.manifest(detector).key])
    path = cache_dir / f"faces-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}.npy"
    if not path.is_file():
        _write(path, _found(samples, registry, detector))
    labels = np.load(path)
    faces = [
        LabelledFace(_grey(sample), row[:4], row[4:].reshape(5, 2), sample.identity)
        for sample, row in zip(samples, labels, strict=True)
        if np.isfinite(row).all()
    ]
    if not faces:
        raise TrainingDataError(f"{detector} found no face in {len(samples)} pictures.")
    _console.print(f"{len(faces):,} faces in {len(samples):,} pictures, found by {detector}.")
    return faces


def _found(samples: Sequence[Sample], registry: Registry, detector: str) -> NDArray[np.float32]:
    """(N, 14) box and landmarks; not a number where no face is found."""
    finder = face_detector(registry, detector)
    labels = np.full((len(samples), 14), np.nan, dtype=np.float32)
    for row, sample in zip(
        labels, track(samples, description="Finding faces", console=_console), strict=True
    ):
        rgb = read_rgb(sample.path, _PAD)
        found = finder.detect(rgb)
        main = main_face(found, *rgb.shape[:2])
        if main is None:
            continue
        height, width = _grey(sample).shape
        shift = np.array([round(width * _PAD), round(height * _PAD)], dtype=np.float32)
        low = found.boxes[main, :2] - shift
        row[:4] = np.concatenate([low, low + found.boxes[main, 2:]])
        row[4:] = (found.landmarks[main] - shift).ravel()
    return labels


def _grey(sample: Sample) -> Grey:
    return np.asarray(cv2.cvtColor(read_rgb(sample.path, 0.0), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _write(path: Path, labels: NDArray[np.float32]) -> None:
    """All of the file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, mode=None) as file:
        np.save(file, labels)
