"""Detectors side by side on crowded pictures: how many of the faces, and how surely."""

import itertools
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from app.vision.running.runtimes.choice import open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.threads import set_threads
from benchmarks.measuring import JsonOption, QuickOption, console, draw_lines, finish, machine
from benchmarks.networks.crowd_pictures import SIDES, crowds
from benchmarks.pictures import portraits
from models.pipelines.detection.results import FaceDetector, default_min_face
from models.pipelines.faces.pipeline import face_detector
from models.registry.locations import open_registry
from training.data.sources import Sample, find_samples
from training.detection.measuring.figures import matches
from training.detection.measuring.truth import KnownPicture
from training.detection.scenes.faces import labelled_faces

_KEYS = ("mtcnn@1", "facet-detector@1")
_LABELS = "mtcnn@1"
"""Tells where the face is in a portrait."""
_PORTRAITS = 300
_BUCKETS = (24, 34, 48, 68, 96, 136, 201)


def crowds_command(
    images: Annotated[
        Path,
        typer.Option(
            "--images", help="Crops of faces, one folder per person; if missing, two portraits."
        ),
    ] = Path("../shared/data/lfw-gray/dev"),
    json_path: JsonOption = Path("benchmarks/results/crowds.json"),
    quick: QuickOption = False,
    count: Annotated[int, typer.Option("--pictures", min=1)] = 24,
    seed: Annotated[int, typer.Option(help="Of the pictures.")] = 1,
) -> None:
    """Count what detectors find in pictures of 25 to 300 faces of 24 to 200 pixels."""
    set_threads(1)
    registry = open_registry()
    networks = ServingNetworks(registry, open_runtime("auto", registry.cache_dir))
    detectors = {key: face_detector(networks, key) for key in _KEYS}
    picked = _samples(images, seed)
    faces = labelled_faces(picked, registry, _LABELS, registry.cache_dir / "crowds")
    pictures = crowds(faces, 3 if quick else count, seed)
    figures = {
        setting: {
            key: _measured(detector, pictures, min_face, f"{setting}, {key}")
            for key, detector in detectors.items()
        }
        for setting, min_face in (("default", None), ("min_face_20", 20))
    }
    report = {
        "ratios": {
            f"{figure}_{setting}_{key}": found[figure]
            for setting, by_key in figures.items()
            for key, found in by_key.items()
            for figure in ("recall", "recall_of_min_face", "precision")
        },
        "figures": figures,
        "pictures": [_described(picture) for picture in pictures],
        "seed": seed,
        "portraits": len(faces),
        "threads": 1,
        "machine": machine(),
    }
    _draw(json_path.with_suffix(".png"), figures)
    finish(json_path, report)


def _samples(directory: Path, seed: int) -> list[Sample]:
    """Portraits of different people, as the seed picks them."""
    if not directory.is_dir():
        return [Sample(str(path), path.stem) for path in portraits()]
    by_person = {sample.identity: sample for sample in reversed(find_samples(directory))}
    people = sorted(by_person)
    order = np.random.default_rng(seed).permutation(len(people))[:_PORTRAITS]
    return [by_person[people[place]] for place in order]


def _measured(
    detector: FaceDetector, pictures: Sequence[KnownPicture], min_face: int | None, title: str
) -> dict[str, Any]:
    """Figures of one detector; without `min_face` the service's rule decides."""
    sides, met, large = [], [], []
    wrong = truncated = 0
    seconds: list[float] = []
    for picture in pictures:
        smallest = min_face or default_min_face(*picture.rgb.shape[1::-1])
        start = time.process_time()
        found = detector.detect(picture.rgb, smallest)
        seconds.append(time.process_time() - start)
        outcome = matches(found.corners, picture.boxes, picture.ignored).truth
        own = (picture.boxes[:, 2:] - picture.boxes[:, :2]).min(axis=1)
        sides.append(own)
        large.append(own >= smallest)
        met.append(np.isin(np.arange(len(own)), outcome[outcome >= 0]))
        wrong += int((outcome == -1).sum())
        truncated += found.truncated
        console.print(
            f"{title}: {picture.name}, {len(own)} faces, {int(large[-1].sum())} of {smallest} "
            f"pixels and more, {int(met[-1].sum())} found in {seconds[-1]:.1f} s"
        )
    hits = np.concatenate(met)
    within = np.concatenate(large)
    return {
        "faces": len(hits),
        "under_min_face": int((~within).sum()),
        "found": int(hits.sum()),
        "false_positives": wrong,
        "recall": float(hits.mean()),
        "recall_of_min_face": float(hits[within].mean()) if within.any() else None,
        "precision": float(hits.sum() / max(1, hits.sum() + wrong)),
        "truncated_pictures": truncated,
        "recall_by_side": _by_side(np.concatenate(sides), hits),
        "seconds": float(np.sum(seconds)),
    }


def _by_side(sides: NDArray[np.float32], hits: NDArray[np.bool_]) -> dict[str, float]:
    """Recall by the middle of each class of sizes."""
    shares = {}
    for low, high in itertools.pairwise(_BUCKETS):
        inside = (sides >= low) & (sides < high)
        if inside.any():
            shares[f"{(low * high) ** 0.5:.0f}"] = float(hits[inside].mean())
    return shares


def _described(picture: KnownPicture) -> dict[str, Any]:
    height, width = picture.rgb.shape[:2]
    sides = (picture.boxes[:, 2:] - picture.boxes[:, :2]).min(axis=1)
    return {
        "width": width,
        "height": height,
        "faces": len(sides),
        "smallest": float(sides.min()),
        "largest": float(sides.max()),
        "default_min_face": default_min_face(width, height),
    }


def _draw(path: Path, figures: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    panels = {
        f"Share of faces found, {setting.replace('_', ' ')}": {
            key: {int(side): share for side, share in found["recall_by_side"].items()}
            for key, found in by_key.items()
        }
        for setting, by_key in figures.items()
    }
    draw_lines(
        path, panels, f"side of the face, {SIDES[0]:.0f} to {SIDES[1]:.0f} pixels", points=True
    )
