"""Composed scenes on disk, and batches of them."""

import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn
from torch import Tensor

from models.files.writing import publish
from training.detection.scenes.compose import Material, Scene, SceneKind, compose
from training.detection.scenes.patches import MIRRORED
from training.detection.scenes.placing import visible_share

_FORMAT = 1
_console = Console(stderr=True)


@dataclass(frozen=True, slots=True, eq=False)
class SceneSet:
    """Scenes of one size, mapped from disk."""

    greys: NDArray[np.uint8]
    """(N, H, W)."""
    starts: NDArray[np.int64]
    """(N + 1,) where a scene's faces begin in the next two."""
    boxes: NDArray[np.float32]
    """(F, 4)."""
    landmarks: NDArray[np.float32]
    """(F, 5, 2)."""

    def __len__(self) -> int:
        return len(self.greys)

    def scene(self, index: int) -> Scene:
        """One of them."""
        faces = slice(self.starts[index], self.starts[index + 1])
        return Scene(np.array(self.greys[index]), self.boxes[faces], self.landmarks[faces])


@dataclass(frozen=True, slots=True)
class SceneBatch:
    """Pictures of one step with their truth."""

    greys: Tensor
    """(n, H, W) uint8."""
    boxes: tuple[Tensor, ...]
    """Per picture (M, 4)."""
    landmarks: tuple[Tensor, ...]
    """Per picture (M, 5, 2)."""
    ignored: tuple[Tensor, ...]
    """Per picture (M,): too small or too little of it in sight to be taught."""


def rendered(
    material: Material, kind: SceneKind, count: int, seed: int, cache_dir: Path
) -> SceneSet:
    """`count` scenes, each a function of seed and number; drawn once and kept in `cache_dir`."""
    digest = hashlib.sha256(json.dumps([_FORMAT, asdict(kind), count, seed]).encode())
    seen = (part.grey for part in material.faces), (part.grey for part in material.photographs)
    for grey in (*seen[0], *seen[1], *material.distractors):
        digest.update(np.ascontiguousarray(grey).data)
    directory = cache_dir / f"scenes-{digest.hexdigest()[:16]}"
    if not directory.is_dir():
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_dir, prefix="partial-") as name:
            partial = Path(name) / "scenes"
            partial.mkdir()
            _render(partial, material, kind, count, seed)
            if not directory.exists():  # another process may have been faster
                publish(partial, directory)
    truth = np.load(directory / "truth.npz")
    return SceneSet(
        np.load(directory / "greys.npy", mmap_mode="r"),
        truth["starts"], truth["boxes"], truth["landmarks"],
    )  # fmt: skip


def _render(directory: Path, material: Material, kind: SceneKind, count: int, seed: int) -> None:
    shape = (count, kind.height, kind.width)
    greys = np.lib.format.open_memmap(directory / "greys.npy", "w+", np.uint8, shape)
    starts, boxes, landmarks = [0], [], []
    columns = (MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*Progress.get_default_columns()[:2], *columns, console=_console) as progress:
        for i in progress.track(range(count), description="Composing scenes"):
            scene = compose(material, kind, np.random.default_rng([seed, i]))
            greys[i] = scene.grey
            starts.append(starts[-1] + len(scene.boxes))
            boxes.append(scene.boxes)
            landmarks.append(scene.landmarks)
    greys.flush()
    np.savez(
        directory / "truth.npz",
        starts=np.array(starts, dtype=np.int64),
        boxes=np.concatenate(boxes),
        landmarks=np.concatenate(landmarks),
    )


def batch_of(
    scenes: SceneSet, size: int, side: int, smallest: float, rng: np.random.Generator
) -> SceneBatch:
    """Squares of `side` pixels of `size` random scenes, mirrored and lit anew by chance.

    Faces smaller than `smallest` or hardly in the square are marked to be ignored.
    """
    picked = rng.integers(len(scenes), size=size)
    parts = [_varied(scenes.scene(int(i)), side, rng) for i in picked]
    ignored = []
    for scene in parts:
        sides = scene.boxes[:, 2:] - scene.boxes[:, :2]
        hidden = [visible_share(box, side, side) < 0.4 for box in scene.boxes]
        ignored.append(
            torch.from_numpy(np.array(hidden, bool) | (np.sqrt(sides.prod(1)) < smallest))
        )
    return SceneBatch(
        torch.from_numpy(np.stack([scene.grey for scene in parts])),
        tuple(torch.from_numpy(scene.boxes) for scene in parts),
        tuple(torch.from_numpy(scene.landmarks) for scene in parts),
        tuple(ignored),
    )


def _varied(scene: Scene, side: int, rng: np.random.Generator) -> Scene:
    boxes, points = scene.boxes.copy(), scene.landmarks.copy()
    height, width = scene.grey.shape
    # Elsewhere each time, or a face would meet the same anchors again and again.
    top, left = (int(rng.integers(length - side + 1)) for length in (height, width))
    grey = scene.grey[top : top + side, left : left + side]
    move = np.array([left, top], dtype=np.float32)
    boxes, points = boxes - np.tile(move, 2), points - move
    if rng.random() < 0.5:
        grey = grey[:, ::-1]
        boxes[:, [0, 2]] = side - boxes[:, [2, 0]]
        points[..., 0] = side - points[..., 0]
        points = points[:, MIRRORED]
    gain, shift = rng.uniform(0.7, 1.25), rng.normal(0, 18)
    table = np.clip((np.arange(256) - 128) * gain + 128 + shift, 0, 255).astype(np.uint8)
    seen = np.array([visible_share(box, side, side) > 0 for box in boxes], dtype=bool)
    return Scene(table[grey], boxes[seen], points[seen])
