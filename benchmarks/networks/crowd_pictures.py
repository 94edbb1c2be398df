"""Pictures of crowds whose faces are known: portraits on the places of a grid, on a background."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.detection.measuring.truth import KnownPicture
from training.detection.scenes.backgrounds import background
from training.detection.scenes.faces import Grey, LabelledFace

FACES = (25, 300)
"""Faces of one picture, fewest and most."""
SIDES = (24.0, 200.0)
"""Shorter sides of the boxes of faces, in pixels, smallest and largest."""
_SPREAD = (0.4, 1.6)
"""Of one picture, relative to its usual face."""
_LARGEST = 12e6
"""Pixels of a picture; one of many faces shows smaller ones."""
_PORTRAIT = 2.2
"""Side of a portrait in shorter sides of its face."""
_LOOSE = 1.15
"""Side of a place in sides of the largest portrait."""


def crowds(faces: Sequence[LabelledFace], count: int, seed: int) -> list[KnownPicture]:
    """So many pictures, each a function of the seed, its number and the faces.

    Numbers and sizes are even on a logarithmic scale. No face hides another.
    """
    return [
        _crowd(faces, f"crowd {number}", np.random.default_rng([seed, number]))
        for number in range(count)
    ]


def _crowd(faces: Sequence[LabelledFace], name: str, rng: np.random.Generator) -> KnownPicture:
    people = int(np.exp(rng.uniform(*np.log(FACES))))
    usual = float(np.exp(rng.uniform(*np.log(SIDES))))
    fitting = (_LARGEST / people) ** 0.5 / (_PORTRAIT * _LOOSE * _SPREAD[1])
    sides = np.clip(min(usual, fitting) * rng.uniform(*_SPREAD, people), *SIDES)
    place = int(np.ceil(_PORTRAIT * _LOOSE * sides.max()))
    columns = round(np.clip(people**0.5 * rng.uniform(0.8, 2.2), 1, people))
    rows = -(-people // columns)
    grey = background(rows * place, columns * place, rng, "held-out")
    soft = rng.random() < 0.5
    boxes = np.zeros((people, 4), dtype=np.float32)
    for number, chosen in enumerate(rng.integers(len(faces), size=people)):
        portrait, box = _portrait(faces[chosen], float(sides[number]), rng)
        free = place - len(portrait)
        corner = np.array([number % columns, number // columns]) * place
        left, top = corner + rng.integers(free + 1, size=2)
        part = grey[top : top + len(portrait), left : left + len(portrait)]
        part[:] = _laid(portrait, part) if soft else portrait
        boxes[number] = box + np.tile([left, top], 2)
    return KnownPicture(
        name,
        np.repeat(grey[..., None], 3, axis=2),
        boxes,
        np.full((people, 5, 2), np.nan, dtype=np.float32),
        np.zeros(people, dtype=np.bool_),
    )


def _portrait(
    face: LabelledFace, side: float, rng: np.random.Generator
) -> tuple[Grey, NDArray[np.float32]]:
    """A square around the face, whose box has that shorter side, and the box in it."""
    low, high = face.box[:2], face.box[2:]
    scale = side / float((high - low).min())
    pixels = int(_PORTRAIT * side)
    middle = (low + high) / 2 * scale
    shift = pixels / 2 - middle
    grey = face.grey
    if scale < 1:  # what warping alone would skip
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    own = grey.shape[1] / face.grey.shape[1]
    matrix = np.array([[scale / own, 0, shift[0]], [0, scale / own, shift[1]]])
    square = cv2.warpAffine(
        grey, matrix, (pixels, pixels), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    box = np.concatenate([low, high]) * scale + np.tile(shift, 2)
    if rng.random() < 0.5:
        square = square[:, ::-1]
        box[[0, 2]] = pixels - box[[2, 0]]
    lit = square.astype(np.float32) * rng.uniform(0.75, 1.2)
    return np.clip(lit, 0, 255).astype(np.uint8), box.astype(np.float32)


def _laid(portrait: Grey, ground: Grey) -> Grey:
    """The portrait within an ellipse with soft borders, as a head before the ground."""
    side = len(portrait)
    y, x = (np.mgrid[:side, :side] + 0.5) / side * 2 - 1
    inside = np.clip((1 - np.hypot(x / 0.85, y)) / 0.15, 0, 1)
    return np.asarray(portrait * inside + ground * (1 - inside), dtype=np.uint8)
