"""Scarves, hands and borders that hide parts of a face."""

import numpy as np

from training.augment.drawing import FaceFrame, filled, illumination, painted, stroked
from training.augment.geometry import Chip, Landmarks


def with_scarf(chip: Chip, landmarks: Landmarks, rng: np.random.Generator) -> Chip:
    """Woven cloth from somewhere between nose and mouth down, over the whole width."""
    frame = FaceFrame.of(chip, landmarks)
    u = np.linspace(-2, 2, 17)
    level = rng.uniform(0.5, 0.95)
    wave = rng.uniform(0.02, 0.1) * np.sin(u * rng.uniform(1, 4) + rng.uniform(0, 6))
    edge = np.column_stack([u, level + wave + rng.uniform(-0.1, 0.1) * u])
    polygon = frame.pixels(np.concatenate([edge, [[2, 4], [-2, 4]]]))
    height, width = frame.shape
    angle = rng.uniform(-0.5, 0.5)
    y, x = np.mgrid[:height, :width] / frame.unit
    across = np.sin(angle) * x + np.cos(angle) * y
    folds = 1 + 0.2 * np.sin(across * rng.uniform(6, 18) + np.sin(3 * x))
    colour = np.broadcast_to(rng.uniform(20, 230, 3), (height, width, 3))
    if rng.random() < 0.5:
        stripes = np.sin(across * rng.uniform(8, 25)) > 0.2
        colour = np.where(stripes[..., None], rng.uniform(20, 230, 3), colour)
    shade = illumination(chip) * folds + rng.normal(0, 0.05, (height, width))
    return painted(chip, filled(frame, polygon), colour, shade)


def with_hand(
    chip: Chip, landmarks: Landmarks, rng: np.random.Generator, width: tuple[float, float]
) -> Chip:
    """Two to four fingers, side by side, that reach in from a side or from below.

    `width` is the range of a finger's width in eye distances.
    """
    frame = FaceFrame.of(chip, landmarks)
    skin = _skin(chip, landmarks) * rng.uniform(0.8, 1.1)
    light = illumination(chip) / float(illumination(chip).mean())
    thick = rng.uniform(*width)
    direction = rng.uniform(-0.2, np.pi + 0.2)  # where the arm is: right, below, left
    inward = -np.array([np.cos(direction), np.sin(direction)])
    beside = np.array([-inward[1], inward[0]])
    tip = np.array([rng.uniform(-0.5, 0.5), rng.uniform(0.3, 1.3)])
    fingers = int(rng.integers(2, 5))
    for i in range(fingers):
        end = tip + beside * (i - (fingers - 1) / 2) * thick + inward * rng.uniform(-0.15, 0.15)
        line = frame.pixels(np.array([end, end - inward * 3]), upright=True)
        pixels = thick * frame.unit
        chip = painted(chip, stroked(frame, line, pixels * 1.1), skin * 0.6, light, 0.8)
        chip = painted(chip, stroked(frame, line, pixels * 0.92), skin, light)
        gleam = stroked(frame, line, pixels * 0.4)
        chip = painted(chip, gleam, skin * 1.12, light, 0.35)
    return chip


def border_cut(chip: Chip, share: float, rng: np.random.Generator) -> Chip:
    """One side of the chip, `share` of it, lost: black, white, grey or the pixels repeated."""
    quarters = int(rng.integers(4))
    turned = np.rot90(chip, quarters).copy()
    lost = round(share * len(turned))
    if lost:
        fills = (np.uint8(0), np.uint8(255), np.uint8(chip.mean()), turned[lost])
        turned[:lost] = fills[int(rng.integers(len(fills)))]
    return np.ascontiguousarray(np.rot90(turned, -quarters))


def _skin(chip: Chip, landmarks: Landmarks) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """(3,) median colour between eyes and mouth."""
    x0, y0 = np.maximum(landmarks.min(axis=0).astype(int), 0)
    x1, y1 = landmarks.max(axis=0).astype(int) + 1
    patch = chip[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].reshape(-1, 3)
    return np.asarray(np.median(patch if len(patch) else chip.reshape(-1, 3), axis=0))
