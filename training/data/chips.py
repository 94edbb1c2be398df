"""Aligned chips of a data set: found once, kept on disk, mapped into memory."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from models.files.writing import publish
from models.pipelines.detection.results import FaceDetector
from models.pipelines.faces.alignment import Panel, aligned, fit_similarity
from models.pipelines.faces.encoding import panels_of
from models.pipelines.faces.pipeline import face_detector, main_face
from models.registry.manifests.detectors import DetectorManifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.data.sources import (
    Sample,
    TrainingDataError,
    find_samples,
    read_rgb,
    without_duplicates,
)

_FORMAT = 3
"""Of the files and of what a detector of the same settings finds; raised when either changes."""
_console = Console(stderr=True)


@dataclass(frozen=True, slots=True, eq=False)
class ChipSet:
    """One aligned chip per picture in which a face was found."""

    chips: NDArray[np.uint8]
    """(N, H, W, 3) RGB, mapped read-only from disk."""
    landmarks: NDArray[np.float32]
    """(N, 5, 2) chip pixels: left eye, right eye, nose, mouth left, mouth right, as seen."""
    labels: NDArray[np.int64]
    """(N,) indices into `identities`."""
    identities: tuple[str, ...]
    """Names in alphabetical order; every one has a chip."""
    paths: tuple[str, ...]
    """(N,) the pictures the chips were cut from."""
    groups: tuple[str, ...]
    """(N,) the list's column `group`, or empty."""
    undetected: tuple[Sample, ...] = ()
    unreadable: tuple[Sample, ...] = ()
    repeated: tuple[Sample, ...] = ()
    """Left out: copies of a picture of the same person."""

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def names(self) -> tuple[str, ...]:
        """(N,) identity of each chip."""
        return tuple(self.identities[label] for label in self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class ChipGeometry:
    """Shape of chips: the template the landmarks are brought to, and the size."""

    template: NDArray[np.float64]
    """(5, 2) chip pixels."""
    size: tuple[int, int]
    """Height, width."""
    panels: tuple[Panel, ...]
    """The chip's own, or those of an encoder's parts; the template is that of the first."""


def prepare_chips(
    sources: Path | Sequence[Path],
    registry: Registry,
    encoder: str,
    cache_dir: Path,
    *,
    detector: str | None = None,
    pad: float = 0.0,
    ignore: Collection[str] = (),
) -> ChipSet:
    """Chips of the main face of every picture, cut the way `encoder` (a model key) wants them.

    `pad` replicates the border of every picture by that share of its size, for tight crops;
    `ignore` names files, such as known wrong labels, that are passed over. The result is kept
    under `cache_dir` and found again as long as the files (path, size, modification time), the
    detector and the alignment stay what they are. Pictures that are unreadable or show no face
    are counted, reported and left out.
    Raises TrainingDataError, and what the registry raises.
    """
    samples = [s for s in find_samples(sources) if Path(s.path).name not in ignore]
    return cut_chips(samples, registry, encoder, cache_dir, detector=detector, pad=pad)


def cut_chips(
    samples: Sequence[Sample],
    registry: Registry,
    encoder: str,
    cache_dir: Path,
    *,
    detector: str | None = None,
    pad: float = 0.0,
    distinct: bool = True,
) -> ChipSet:
    """`prepare_chips` of given pictures; `distinct` looks for pictures that are there twice."""
    manifest = registry.manifest(encoder, EncoderManifest)
    parts = [registry.manifest(key, EncoderManifest) for key in manifest.needs]
    geometry = ChipGeometry(
        np.asarray(manifest.alignment), manifest.input.size, panels_of(manifest, parts)
    )
    finder = registry.manifest(detector or registry.default("detect-faces"), DetectorManifest)
    recipe = [
        _FORMAT,
        [(s.path, s.identity, s.group, *_stamp(s)) for s in samples],
        finder.model_dump(mode="json", include={"name", "version", "detection", "input"}),
        geometry.template.tolist(),
        geometry.size,
        pad,
        distinct,
        *([(p.template.tolist(), p.size) for p in geometry.panels] if parts else ()),
    ]
    key = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:16]
    directory = cache_dir / f"chips-{key}"
    if not directory.is_dir():
        kept, repeated = without_duplicates(samples) if distinct else (samples, [])
        # Not loaded when the cache holds the chips already.
        _cut(kept, repeated, face_detector(registry, finder.key), geometry, pad, directory)
    chips = load_chips(directory)
    _report(chips)
    return chips


def load_chips(directory: Path) -> ChipSet:
    """Chips as `prepare_chips` left them in one directory of its cache."""
    about = json.loads((directory / "about.json").read_text(encoding="utf-8"))
    samples = [Sample(**sample) for sample in about["samples"]]
    identities = tuple(sorted({sample.identity for sample in samples}))
    index = {name: i for i, name in enumerate(identities)}
    return ChipSet(
        np.load(directory / "chips.npy", mmap_mode="r"),
        np.load(directory / "landmarks.npy"),
        np.array([index[sample.identity] for sample in samples], dtype=np.int64),
        identities,
        tuple(sample.path for sample in samples),
        tuple(sample.group for sample in samples),
        *(
            tuple(Sample(**sample) for sample in about[left_out])
            for left_out in ("undetected", "unreadable", "repeated")
        ),
    )


def require_pairs(chips: ChipSet) -> None:
    """Raises TrainingDataError unless two people or more have two chips or more."""
    count = Counter(chips.labels.tolist())
    several = sum(n > 1 for n in count.values())
    if several < 2:
        raise TrainingDataError(
            f"{several} of {len(count)} people have two pictures or more; learning who is the "
            "same needs pairs.",
            hint="Put at least two pictures into each person's folder.",
            people=len(count),
        )


def _stamp(sample: Sample) -> tuple[int, int]:
    status = Path(sample.path).stat()
    return status.st_size, status.st_mtime_ns


def _cut(
    samples: Sequence[Sample],
    repeated: Sequence[Sample],
    detector: FaceDetector,
    geometry: ChipGeometry,
    pad: float,
    directory: Path,
) -> None:
    """Write `directory`, all of it or nothing."""
    found, undetected, unreadable = _detect(samples, detector, pad)
    if not found:
        raise TrainingDataError(
            f"No face was found in {len(samples)} pictures.",
            hint="Crops that end at the face need padding.",
            unreadable=len(unreadable),
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix="partial-") as name:
        partial = Path(name) / "chips"
        partial.mkdir()
        _write_arrays(partial, found, geometry, pad)
        about = {
            "samples": [asdict(sample) for sample, _ in found],
            "undetected": [asdict(sample) for sample in undetected],
            "unreadable": [asdict(sample) for sample in unreadable],
            "repeated": [asdict(sample) for sample in repeated],
        }
        (partial / "about.json").write_text(json.dumps(about), encoding="utf-8")
        if directory.exists():  # another process was faster
            return
        publish(partial, directory)


def _write_arrays(
    directory: Path,
    found: Sequence[tuple[Sample, NDArray[np.float32]]],
    geometry: ChipGeometry,
    pad: float,
) -> None:
    chips = np.lib.format.open_memmap(
        directory / "chips.npy", "w+", np.uint8, (len(found), *geometry.size, 3)
    )
    points = np.zeros((len(found), 5, 2), dtype=np.float32)
    for i, (sample, landmarks) in enumerate(found):
        # Read once more: chips of all pictures are too many to hold until they are counted.
        chips[i] = aligned(read_rgb(sample.path, pad), landmarks, geometry.panels)
        points[i] = landmarks_in_chip(landmarks, geometry)
    chips.flush()
    np.save(directory / "landmarks.npy", points)


def _detect(
    samples: Sequence[Sample], detector: FaceDetector, pad: float
) -> tuple[list[tuple[Sample, NDArray[np.float32]]], list[Sample], list[Sample]]:
    """(sample, (5, 2) landmarks in the padded picture), then those left out and why."""
    found: list[tuple[Sample, NDArray[np.float32]]] = []
    undetected: list[Sample] = []
    unreadable: list[Sample] = []
    columns = (MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*Progress.get_default_columns()[:2], *columns, console=_console) as progress:
        for sample in progress.track(samples, description="Finding faces"):
            try:
                rgb = read_rgb(sample.path, pad)
            except TrainingDataError:
                unreadable.append(sample)
                continue
            faces = detector.detect(rgb, min_probability=0.0)
            main = main_face(faces, *rgb.shape[:2])
            if main is None:
                undetected.append(sample)
            else:
                found.append((sample, faces.landmarks[main]))
    return found, undetected, unreadable


def _report(chips: ChipSet) -> None:
    _console.print(f"{len(chips):,} chips of {len(chips.identities):,} people.")
    for what in ("undetected", "unreadable", "repeated"):
        left_out: tuple[Sample, ...] = getattr(chips, what)
        if left_out:
            _console.print(f"{len(left_out)} pictures left out, {what}: {left_out[0].path}, …")


def landmarks_in_chip(
    landmarks: NDArray[np.floating], geometry: ChipGeometry
) -> NDArray[np.float32]:
    """(5, 2) landmarks of a picture in pixels of the chip that `align` cuts from it."""
    matrix = fit_similarity(landmarks, geometry.template)
    return np.asarray(landmarks @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32)
