"""Faces, and things that are none, made ready to be pasted: lit, extended, and with a mask.

What a detector must not learn is the border of the paste. So masks are tight or wide, sharp or
soft, crops go on beyond their border, and patches without a face are pasted the same way.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.detection.scenes.backgrounds import noise
from training.detection.scenes.faces import Grey, LabelledFace

MIRRORED = [1, 0, 2, 4, 3]
"""Landmarks after left and right are exchanged."""
_EXTENSION = 0.75
"""A crop is extended on every side by this share of its size."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Something to paste. Coordinates are pixels of `grey`."""

    grey: NDArray[np.float32]
    """(H, W) in 0..255."""
    alpha: NDArray[np.float32]
    """(H, W): 1 where the scene is covered."""
    box: NDArray[np.float32]
    """(4,) left, top, right, bottom of the face, or of what stands in for it."""
    landmarks: NDArray[np.float32] | None
    """(5, 2); None when this is no face."""


def reduced(face: LabelledFace, size: float) -> LabelledFace:
    """The face in a crop no larger than needed to show it at `size` pixels: that saves time."""
    sides = face.box[2:] - face.box[:2]
    factor = 1
    while factor < 4 and float(np.sqrt(sides.prod())) / (2 * factor) > 1.3 * size:
        factor *= 2
    if factor == 1:
        return face
    height, width = (side // factor * factor for side in face.grey.shape)
    small = cv2.resize(
        face.grey[:height, :width], (width // factor, height // factor),
        interpolation=cv2.INTER_AREA,
    )  # fmt: skip
    return LabelledFace(
        np.asarray(small, dtype=np.uint8),
        face.box / np.float32(factor),
        face.landmarks / np.float32(factor),
        face.identity,
    )


def face_patch(face: LabelledFace, rng: np.random.Generator) -> Patch:
    """A face as it may be seen: mirrored, lit otherwise, partly covered, softly or hard cut."""
    grey, box, points = face.grey, face.box.copy(), face.landmarks.copy()
    if rng.random() < 0.5:
        last = grey.shape[1] - 1
        grey = np.ascontiguousarray(grey[:, ::-1])
        box[[0, 2]] = last - box[[2, 0]]
        points[:, 0] = last - points[:, 0]
        points = points[MIRRORED]
    values, margin = extended(grey, rng)
    box, points = box + margin, points + margin
    values = relit(values, rng)
    if rng.random() < 0.15:
        _cover(values, box, rng)
    alpha = _mask(values.shape, grey.shape, margin, box, rng)
    return Patch(values, alpha, box, points)


def faceless_patch(grey: Grey, box: NDArray[np.float32], rng: np.random.Generator) -> Patch:
    """A picture without a face, or a face in disorder, cut out as a face would be."""
    values, margin = extended(grey, rng)
    values = relit(values, rng)
    alpha = _mask(values.shape, grey.shape, margin, box + margin, rng)
    return Patch(values, alpha, box + margin, None)


def shuffled(face: LabelledFace, rng: np.random.Generator) -> Grey:
    """The crop cut into tiles, which change places and are turned: skin and edges, no face."""
    parts = int(rng.integers(3, 6))
    side = min(face.grey.shape) // parts
    tiles = [
        face.grey[y * side : (y + 1) * side, x * side : (x + 1) * side]
        for y in range(parts)
        for x in range(parts)
    ]
    order = rng.permutation(len(tiles))
    turned = [np.rot90(tiles[i], int(rng.integers(4))) for i in order]
    rows = [np.hstack(turned[i * parts : (i + 1) * parts]) for i in range(parts)]
    mixed = np.ascontiguousarray(np.vstack(rows))
    full = cv2.resize(mixed, face.grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(full, (0, 0), rng.uniform(0.8, 3.0)), dtype=np.uint8)


def extended(grey: Grey, rng: np.random.Generator) -> tuple[NDArray[np.float32], int]:
    """The crop going on beyond its border, ever softer, and by how many pixels."""
    margin = round(_EXTENSION * max(grey.shape))
    how = cv2.BORDER_REPLICATE if rng.random() < 0.5 else cv2.BORDER_REFLECT
    sharp = cv2.copyMakeBorder(grey, margin, margin, margin, margin, how).astype(np.float32)
    if rng.random() < 0.2:
        return sharp, margin
    # Blurring a reduction costs a sixteenth.
    small = cv2.resize(sharp, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), rng.uniform(1.5, 6.0))
    soft = cv2.resize(small, sharp.shape[::-1], interpolation=cv2.INTER_LINEAR)
    inside = np.zeros(sharp.shape, dtype=np.float32)
    inside[margin:-margin, margin:-margin] = 1
    seam = max(3, min(grey.shape) // 8)
    weight = cv2.blur(inside, (seam, seam)) * inside
    return np.asarray(soft + weight * (sharp - soft), dtype=np.float32), margin


def relit(values: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Another exposure, contrast and gamma, and light from a side."""
    height, width = values.shape
    mean = float(values.mean())
    lit = np.clip((values - mean) * rng.uniform(0.5, 1.3) + mean + rng.normal(0, 25), 0, 255)
    lit = 255 * (lit / 255) ** np.float32(np.exp(rng.normal(0, 0.25)))
    if rng.random() < 0.4:
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        slope, angle = rng.uniform(0.1, 0.9), rng.uniform(0, 2 * np.pi)
        side = np.float32(slope * np.cos(angle)) * x + np.float32(slope * np.sin(angle)) * y
        lit = lit * np.clip(1 + side, 0.2, 1.8)
    return np.asarray(np.clip(lit, 0, 255), dtype=np.float32)


def _mask(
    shape: tuple[int, ...],
    crop: tuple[int, ...],
    margin: int,
    box: NDArray[np.float32],
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """(H, W) how much of the patch is seen."""
    alpha = np.zeros(shape, dtype=np.float32)
    centre, sides = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    soft = float(sides.mean())
    kind = rng.random()
    if kind < 0.40:  # the face alone, as an ellipse or the convex hull of noisy points on it
        axes = sides / 2 * rng.uniform(0.92, 1.15)
        _blob(alpha, centre, axes, rng, rough=rng.uniform(0, 0.08))
        soft *= float(np.exp(rng.uniform(np.log(0.01), np.log(0.12))))
    elif kind < 0.80:  # with what was around it, well beyond the crop
        axes = sides / 2 * rng.uniform(1.2, 1.7)
        _blob(alpha, centre, axes, rng, rough=rng.uniform(0, 0.25))
        soft *= float(rng.uniform(0.08, 0.25))
    else:  # the crop as it is
        grown = int(rng.uniform(0, 0.6) * margin) if rng.random() < 0.5 else 0
        top, left = margin - grown, margin - grown
        alpha[top : margin + crop[0] + grown, left : margin + crop[1] + grown] = 1
        soft *= float(np.exp(rng.uniform(np.log(0.004), np.log(0.1))))
    if soft > 0.6:
        size = 2 * round(soft) + 1
        alpha[...] = cv2.blur(cv2.blur(alpha, (size, size)), (size, size))
    edge = min(shape) // 24
    alpha[:edge] = alpha[-edge:] = alpha[:, :edge] = alpha[:, -edge:] = 0
    return np.asarray(alpha, dtype=np.float32)


def _blob(
    alpha: NDArray[np.float32],
    centre: NDArray[np.floating[Any]],
    axes: NDArray[np.floating[Any]],
    rng: np.random.Generator,
    rough: float,
) -> None:
    """A filled closed curve around the centre, its radius disturbed by a few slow waves."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = np.ones_like(angles)
    for frequency in (1, 2, 3, 5):
        radius += rng.normal(0, rough / 2) * np.sin(frequency * angles + rng.uniform(0, 2 * np.pi))
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius[:, None] * axes + centre
    cv2.fillPoly(alpha, [np.rint(points).astype(np.int32)], 1.0)


def _cover(values: NDArray[np.float32], box: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Something in front of up to a third of the face."""
    sides, low = box[2:] - box[:2], box[:2]
    shade = float(rng.uniform(0, 255))
    layer = np.zeros(values.shape, dtype=np.float32)
    if rng.random() < 0.5:  # from one side
        share = rng.uniform(0.1, 0.35)
        span = [low[0], low[1], low[0] + sides[0], low[1] + sides[1]]
        edge = int(rng.integers(4))
        axis = edge % 2
        span[(edge + 2) % 4] = span[edge] + sides[axis] * share * (1 if edge < 2 else -1)
        x0, x1 = sorted((int(span[0]), int(span[2])))
        y0, y1 = sorted((int(span[1]), int(span[3])))
        cv2.rectangle(layer, (x0, y0), (x1, y1), 1.0, -1)
    else:
        _blob(layer, low + sides * rng.uniform(0.1, 0.9, 2), sides * rng.uniform(0.08, 0.25, 2),
              rng, rough=0.2)  # fmt: skip
    layer[...] = cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.5, 4))
    grain = noise(values.shape[0], values.shape[1], rng, 3) * rng.uniform(0, 25)
    values += layer * (np.clip(shade + grain, 0, 255) - values)
