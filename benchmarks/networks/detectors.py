"""Detectors side by side, as they are served."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.platform.machine import FreedMemory
from app.vision.decoding.decode import decode
from app.vision.running.runtimes.choice import open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.threads import set_threads
from benchmarks.measuring import (
    JsonOption,
    QuickOption,
    draw_lines,
    finish,
    machine,
    side_by_side,
)
from benchmarks.pictures import PHOTOS, ImagesOption, enlarged, photographs
from models.pipelines.detection.results import FaceDetector, Picture, default_min_face
from models.pipelines.faces.pipeline import face_detector
from models.registry.locations import open_registry

_KEYS = ("mtcnn@1", "facet-detector@1")


def detectors(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/detectors.json"),
    quick: QuickOption = False,
    megapixels: Annotated[
        list[float], typer.Option(min=0.01, help="Sizes that the photographs are brought to.")
    ] = [1.0, 2.0, 3.0],  # noqa: B006 - Typer copies it
) -> None:
    """Time the search for faces by detector and size of the picture, one thread."""
    set_threads(1)
    FreedMemory()  # the allocator as a server sets it
    registry = open_registry()
    networks = ServingNetworks(registry, open_runtime("auto", registry.cache_dir))
    searchers = {key: face_detector(networks, key) for key in _KEYS}
    files = photographs(images)[: 6 if quick else None]
    seconds: defaultdict[str, dict[float, float]] = defaultdict(dict)
    for size in megapixels:
        pictures = [decode(enlarged(file, size)).rgb for file in files]
        works = {key: partial(_search, found, pictures) for key, found in searchers.items()}
        for key, spent in side_by_side(works, 3 if quick else 9).items():
            seconds[key][size] = spent / len(pictures)
    first, second = _KEYS
    report = {
        "ratios": {
            f"{first}_over_{second}_at_{size:g}_megapixels": value / seconds[second][size]
            for size, value in seconds[first].items()
        },
        "seconds_per_picture": seconds,
        "pictures": len(files),
        "threads": 1,
        "machine": machine(),
    }
    lines = {
        key: {size: 1000 * value for size, value in times.items()} for key, times in seconds.items()
    }
    draw_lines(json_path.with_suffix(".png"), {"Milliseconds per picture": lines}, "megapixels")
    finish(json_path, report)


def _search(detector: FaceDetector, pictures: Sequence[Picture]) -> None:
    for picture in pictures:
        height, width = picture.shape[:2]
        detector.detect(picture, default_min_face(width, height))
