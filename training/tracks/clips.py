"""Clips: frames of degraded photographs, detected, measured and encoded once and kept on disk.

Every frame goes the way of the service: the whole picture is degraded, then a face has to be
found in it, aligned and encoded, so that missed faces, misplaced landmarks and the detector's
doubts are as real as the degradation.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from models.files.writing import replacing
from models.pipelines.detection.results import FaceDetector
from models.pipelines.faces.encoding import FaceEncoder
from models.pipelines.faces.face_quality import judge
from models.pipelines.faces.measures import measure
from models.pipelines.faces.pipeline import face_detector, face_encoder, main_face
from models.pipelines.tracks.aggregation import QUALITIES, quality_row
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.augment.geometry import Chip, Landmarks
from training.data.chips import ChipSet
from training.data.sources import read_rgb
from training.kit.options import console
from training.measure.encoding import encode_chips
from training.tracks.degrading import draw_course, shown

_FORMAT = 1
_SHARD = 100
"""Photographs between two files: what an interruption may cost."""
_SURE = 0.9
"""Probability from which on a detection counts, as in the service."""
_STRAYS = 0.15
"""Share of the photographs that also give a frame of nobody."""


@dataclass(frozen=True, slots=True)
class ClipConfig:
    """Numbers of frames and photographs of a person."""

    frames: int = 8
    """Of each photograph of people with several."""
    photographs: int = 12
    """Of one person, at most, so that the famous do not decide alone."""
    single: int = 1
    """Frames of people with one photograph: they serve as strangers only."""
    pad: float = 0.25
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Clips:
    """The frames in which a face was found, in order of photographs and time."""

    embeddings: NDArray[np.float32]
    """(F, dimension), L2-normalised."""
    qualities: NDArray[np.float32]
    """(F, Q), see `models.pipelines.tracks.aggregation.quality_row`."""
    rows: NDArray[np.int64]
    """(F,) row of the photograph in the chip set; -1 for frames of nobody."""
    positions: NDArray[np.int64]
    """(F,) number of the frame in its clip, missed ones counted."""


def prepare_clips(
    chips: ChipSet, registry: Registry, encoder: str, cache_dir: Path, config: ClipConfig
) -> Clips:
    """Clips of all photographs of a chip set, found again if they were made before.

    Interrupted, it goes on after the last file of a hundred photographs.
    """
    directory = _directory(chips, registry, encoder, cache_dir, config)
    wanted = _wanted(chips, config)
    shards = [wanted[i : i + _SHARD] for i in range(0, len(wanted), _SHARD)]
    camera: _Camera | None = None
    columns = (MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*Progress.get_default_columns()[:2], *columns, console=console) as progress:
        for number, shard in enumerate(progress.track(shards, description="Filming")):
            path = directory / f"{number:04}.npz"
            if not path.exists():
                camera = camera or _Camera(
                    face_detector(registry), face_encoder(registry, encoder), config
                )
                _write(path, _joined([camera.film(chips.paths[row], row, n) for row, n in shard]))
    return _joined([_read(directory / f"{number:04}.npz") for number in range(len(shards))])


def prepare_clean(
    chips: ChipSet, registry: Registry, encoder: str, cache_dir: Path, config: ClipConfig
) -> NDArray[np.float32]:
    """(M, dimension) embeddings of the unchanged photographs that are filmed, kept likewise."""
    path = _directory(chips, registry, encoder, cache_dir, config) / "clean.npy"
    if not path.exists():
        rows = filmed_rows(chips.labels, config.photographs)
        clean = encode_chips(face_encoder(registry, encoder), chips.chips[rows], "Clean faces")
        with replacing(path, mode=None) as file:
            np.save(file, clean)
    return np.asarray(np.load(path), dtype=np.float32)


def _directory(
    chips: ChipSet, registry: Registry, encoder: str, cache_dir: Path, config: ClipConfig
) -> Path:
    """Directory of all that is made of these photographs. `encoder` is a full model key."""
    own = registry.manifest(encoder, EncoderManifest)
    weights = [registry.manifest(key).source.model_dump_json() for key in (encoder, *own.needs)]
    recipe = [_FORMAT, weights, repr(config), chips.paths, len(fields(Clips))]
    key = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:16]
    directory = cache_dir / f"clips-{key}"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


class _Camera:
    """Films photographs."""

    def __init__(self, detector: FaceDetector, encoder: FaceEncoder, config: ClipConfig) -> None:
        self._detector, self._encoder, self._config = detector, encoder, config

    def film(self, path: str, row: int, frames: int) -> Clips:
        """The clip of one photograph, drawn by its file name alone."""
        digest = hashlib.sha256(f"{self._config.seed}/{Path(path).name}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
        rgb = read_rgb(path, self._config.pad)
        found = self._detector.detect(rgb, min_probability=0.0)
        main = main_face(found, *rgb.shape[:2])
        taken: list[tuple[Chip, NDArray[np.float32], int, int]] = []
        if main is not None:
            landmarks = found.landmarks[main]
            course = draw_course(frames, rng)
            for frame in range(frames):
                picture = shown(rgb, landmarks, course, frame)
                smallest = max(20, round(course.moments[frame].size / 2))
                if (face := self._face(picture, smallest)) is not None:
                    taken.append((*face, row, frame))
        if rng.random() < _STRAYS:
            taken.append((*self._stray(rgb, rng), -1, 0))
        return self._clips(taken)

    def _face(self, picture: Chip, smallest: int) -> tuple[Chip, NDArray[np.float32]] | None:
        found = self._detector.detect(picture, smallest, _SURE)
        main = main_face(found, *picture.shape[:2])
        if main is None:
            return None
        points, probability = found.landmarks[main], float(found.probabilities[main])
        return self._measured(picture, found.boxes[main], points, probability)

    def _stray(self, rgb: Chip, rng: np.random.Generator) -> tuple[Chip, NDArray[np.float32]]:
        """A place beside the real face that a detector may take for one.

        False detections are too rare to be collected, so their probability is made up.
        """
        side = len(rgb) * rng.uniform(0.12, 0.5)
        centre = np.array([rng.choice([0.15, 0.85]), rng.uniform(0.1, 0.9)]) * len(rgb)
        box = np.array([*(centre - side / 2), side, side * 1.25], dtype=np.float32)
        eyes = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.62], [0.34, 0.82], [0.66, 0.82]])
        points = box[:2] + eyes * box[2:] + rng.normal(0, 0.04, (5, 2)) * side
        return self._measured(rgb, box, points, 1 - rng.exponential(0.03))

    def _measured(
        self, picture: Chip, box: NDArray[np.float32], points: Landmarks, probability: float
    ) -> tuple[Chip, NDArray[np.float32]]:
        chip = self._encoder.chip(picture, points)
        size = (picture.shape[0], picture.shape[1])
        measures = measure(chip, box, points, probability, size)
        return chip, quality_row(judge(measures), measures.size, probability, measures.pose)

    def _clips(self, taken: Sequence[tuple[Chip, NDArray[np.float32], int, int]]) -> Clips:
        if not taken:
            return _empty(self._encoder.dimension)
        chips, qualities, rows, positions = zip(*taken, strict=True)
        return Clips(
            self._encoder.encode(np.stack(chips)),
            np.stack(qualities),
            np.array(rows, dtype=np.int64),
            np.array(positions, dtype=np.int64),
        )


def filmed_rows(labels: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """(M,) rows of the first so many photographs of each person."""
    seen = Counter[int]()
    rows = []
    for row, label in enumerate(labels.tolist()):
        seen[label] += 1
        if seen[label] <= most:
            rows.append(row)
    return np.array(rows, dtype=np.int64)


def _wanted(chips: ChipSet, config: ClipConfig) -> list[tuple[int, int]]:
    """(row, frames) of every photograph that is filmed."""
    total = np.bincount(chips.labels)
    return [
        (row, config.frames if total[chips.labels[row]] > 1 else config.single)
        for row in filmed_rows(chips.labels, config.photographs).tolist()
    ]


def _empty(dimension: int) -> Clips:
    none = np.zeros(0, dtype=np.int64)
    shape = (0, dimension)
    return Clips(np.zeros(shape, np.float32), np.zeros((0, QUALITIES), np.float32), none, none)


def _joined(parts: Sequence[Clips]) -> Clips:
    return Clips(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Clips))
    )


def _write(path: Path, clips: Clips) -> None:
    with replacing(path, mode=None) as file:
        np.savez(file, **{field.name: getattr(clips, field.name) for field in fields(Clips)})


def _read(path: Path) -> Clips:
    with np.load(path) as arrays:
        return Clips(*(arrays[field.name] for field in fields(Clips)))
