"""Pictures in which it is known where the faces are."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry.registry import Registry
from training.data.sources import find_samples, read_rgb
from training.detection.scenes.compose import Material, SceneKind, compose
from training.detection.scenes.faces import labelled_faces
from training.detection.scenes.placing import visible_share
from training.measure.errors import EvaluationError

SCENE = SceneKind(height=720, width=960, smallest=16, largest=450, most=16, side="held-out")
"""Composed scenes to measure with: pictures of 0.7 megapixels."""
_CROPS = 400
"""Faces that the scenes show at most; labelling more would take longer than measuring."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownPicture:
    """A picture and its faces."""

    name: str
    rgb: NDArray[np.uint8]
    """(H, W, 3)."""
    boxes: NDArray[np.float32]
    """(M, 4) left, top, right, bottom in pixels; may reach over the border."""
    landmarks: NDArray[np.float32]
    """(M, 5, 2); not a number where nobody knows them."""
    ignored: NDArray[np.bool_]
    """(M,) faces that one may find or not."""


def composed_pictures(
    faces: Sequence[Path], count: int, registry: Registry, labels: str, seed: int
) -> list[KnownPicture]:
    """Scenes with faces of these crops on backgrounds that no detector is taught on.

    `labels` is the key of the detector that tells where the face is in a crop; faces of which
    less than half is in sight are to be ignored.
    """
    samples = find_samples(list(faces))
    picked = np.random.default_rng(seed).permutation(len(samples))[:_CROPS]
    cache = registry.cache_dir / "scenes"
    material = Material(labelled_faces([samples[i] for i in picked], registry, labels, cache))
    pictures = []
    for number in range(count):
        scene = compose(material, SCENE, np.random.default_rng([seed, number]))
        hidden = [visible_share(box, *scene.grey.shape) < 0.5 for box in scene.boxes]
        pictures.append(
            KnownPicture(
                f"scene {number}",
                np.repeat(scene.grey[..., None], 3, axis=2),
                scene.boxes,
                scene.landmarks,
                np.array(hidden, dtype=bool),
            )
        )
    return pictures


def labelled_photographs(directory: Path, table: Path) -> list[KnownPicture]:
    """Pictures whose faces a table lists, one per line.

    Tab-separated columns file, left, top, right, bottom, ignored (0 or 1), with a header line.
    A picture without faces has a line with its file alone. Raises EvaluationError, and
    TrainingDataError for a file that is not a picture.
    """
    faces: dict[str, list[list[float]]] = {}
    try:
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                known = faces.setdefault(row["file"], [])
                if row["left"]:
                    names = ("left", "top", "right", "bottom", "ignored")
                    known.append([float(row[name]) for name in names])
        pictures = [(name, read_rgb(directory / name, 0.0)) for name in faces]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise EvaluationError(f"{table} is not a table of faces: {error!r}") from error
    known_pictures = []
    for name, rgb in pictures:
        rows = np.array(faces[name], dtype=np.float32).reshape(-1, 5)
        known_pictures.append(
            KnownPicture(
                name,
                rgb,
                rows[:, :4],
                np.full((len(rows), 5, 2), np.nan, dtype=np.float32),
                rows[:, 4] > 0,
            )
        )
    return known_pictures
