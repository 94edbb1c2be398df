"""Places of patches in a scene, and the way they get there."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pipelines.detection.boxes import overlap
from training.detection.scenes.patches import Patch

Matrix = NDArray[np.float64]
"""(2, 3) from a patch's pixels to the scene's."""
_TRIES = 8
"""Places tried for a patch before it is left out."""
_APART = 0.15
"""Share of the smaller box that two faces may have in common."""
_VISIBLE = 0.6
"""Share of a face's box that must lie in the scene."""


def centred(box: NDArray[np.float32], size: float, degrees: float) -> Matrix:
    """Turns about the box's centre and gives the box this size (geometric mean of its sides)."""
    sides, centre = box[2:] - box[:2], (box[:2] + box[2:]) / 2
    scale = size / float(np.sqrt(sides[0] * sides[1]))
    about = (float(centre[0]), float(centre[1]))
    return np.asarray(cv2.getRotationMatrix2D(about, degrees, scale), dtype=np.float64)


def shifted(matrix: Matrix, box: NDArray[np.float32], target: NDArray[np.float64]) -> Matrix:
    """The same, with the box's centre brought to the target (2,)."""
    centre = (box[:2] + box[2:]) / 2
    moved = matrix.copy()
    moved[:, 2] += target - (matrix[:, :2] @ centre + matrix[:, 2])
    return moved


def place(
    patch: Patch,
    shape: tuple[int, int],
    taken: NDArray[np.float32],
    size: float,
    rng: np.random.Generator,
) -> Matrix | None:
    """Somewhere in a scene of this (height, width), or None when there is no room.

    `taken` (M, 4) are boxes that are to stay in sight.
    """
    matrix = centred(patch.box, size, float(np.clip(rng.normal(0, 11), -35, 35)))
    matrix[0] *= np.exp(rng.normal(0, 0.04))  # lenses and heads differ in width
    for _ in range(_TRIES):
        target = rng.uniform((0, 0), shape[::-1])
        moved = shifted(matrix, patch.box, target)
        box = moved_box(patch.box, moved)
        if visible_share(box, *shape) < _VISIBLE:
            continue
        if not len(taken) or overlap(box[None], taken, "minimum").max() <= _APART:
            return moved
    return None


def visible_share(box: NDArray[np.floating], height: int, width: int) -> float:
    """Share of a box that lies in the picture."""
    across = min(box[2], width) - max(box[0], 0)
    down = min(box[3], height) - max(box[1], 0)
    whole = (box[2] - box[0]) * (box[3] - box[1])
    return float(max(across, 0) * max(down, 0) / whole)


def moved_box(box: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """The upright box of the same sides around the moved centre: heads turn within it."""
    centre = matrix[:, :2] @ ((box[:2] + box[2:]) / 2) + matrix[:, 2]
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    half = (box[2:] - box[:2]) / 2 * scale
    return np.concatenate([centre - half, centre + half]).astype(np.float32)


def moved_points(points: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """(..., 2) points of the patch in the scene."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32)


def paste(canvas: NDArray[np.float32], patch: Patch, matrix: Matrix) -> None:
    """Draw the patch into the scene, reduced by area averaging when it shrinks."""
    grey, alpha = patch.grey, patch.alpha
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.7:
        size = tuple(max(2, round(side * scale)) for side in grey.shape[::-1])
        factors = np.array(grey.shape[::-1]) / size
        grey, alpha = (
            np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
            for layer in (grey, alpha)
        )
        # A pixel of the reduction has its centre at factor * (i + 1/2) - 1/2.
        matrix = np.column_stack(
            [matrix[:, :2] * factors, matrix[:, 2] + matrix[:, :2] @ ((factors - 1) / 2)]
        )
    ends = np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * grey.shape[::-1]
    moved = ends @ matrix[:, :2].T + matrix[:, 2]
    height, width = canvas.shape
    x0, y0 = (max(0, int(v)) for v in np.floor(moved.min(axis=0)))
    x1, y1 = np.ceil(moved.max(axis=0)).astype(int) + 1
    x1, y1 = min(width, int(x1)), min(height, int(y1))
    if x0 >= x1 or y0 >= y1:
        return
    shift = matrix.copy()
    shift[:, 2] -= (x0, y0)
    size = (x1 - x0, y1 - y0)
    cover = cv2.warpAffine(alpha, shift, size)
    drawn = cv2.warpAffine(grey, shift, size, borderMode=cv2.BORDER_REPLICATE)
    part = canvas[y0:y1, x0:x1]
    part[...] = part + cover * (drawn - part)
