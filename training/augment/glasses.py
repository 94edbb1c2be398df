"""Sunglasses of several shapes, drawn on the eyes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.augment.config import Glasses
from training.augment.drawing import FaceFrame, Points, filled, painted, smooth, stroked
from training.augment.geometry import Chip, Landmarks

_TINTS = np.array([[18, 18, 20], [34, 26, 20], [16, 24, 34], [22, 30, 24]], dtype=np.float64)
_FRAMES = np.array([[12, 12, 12], [70, 45, 25], [165, 140, 80], [150, 150, 155]], dtype=np.float64)


def with_sunglasses(
    chip: Chip,
    landmarks: Landmarks,
    rng: np.random.Generator,
    styles: Sequence[Glasses] = ("round", "square", "aviator", "shield"),
) -> Chip:
    """Dark lenses, in one of these shapes, a bridge and the beginning of the temples."""
    style = styles[int(rng.integers(len(styles)))]
    frame = FaceFrame.of(chip, landmarks)
    tint = _TINTS[rng.integers(len(_TINTS))] * rng.uniform(0.6, 1.6)
    rim = _FRAMES[rng.integers(len(_FRAMES))]
    opacity = rng.uniform(0.82, 0.98)
    shade = _gradient(frame, rng)
    drop = np.array([0.0, rng.uniform(0.0, 0.1)])  # how far down the nose they sit
    width = frame.unit * rng.uniform(0.03, 0.07)
    for side in (-1, 1):
        temple = np.array([[side * 0.85, -0.08], [side * 1.6, -0.12]]) + drop
        line = stroked(frame, frame.pixels(temple, upright=True), width * 1.3)
        chip = painted(chip, line, rim)
    bridge = np.array([[-0.2, -0.06], [0.0, -0.12], [0.2, -0.06]]) + drop
    chip = painted(chip, stroked(frame, frame.pixels(bridge, upright=True), width * 1.2), rim)
    size = rng.uniform(0.82, 1.02)
    for lens in _lenses(style, size):
        outline = frame.pixels(lens + drop, upright=True)
        chip = painted(chip, filled(frame, outline), tint, shade, opacity)
        closed = np.concatenate([outline, outline[:1]])
        chip = painted(chip, stroked(frame, closed, width), rim)
        chip = _reflection(chip, frame, lens + drop, rng)
    return chip


def _lenses(style: Glasses, size: float) -> list[Points]:
    if style == "shield":
        half = [(0.0, -0.26), (0.6, -0.3), (1.0, -0.2), (1.0, 0.1), (0.7, 0.36), (0.25, 0.3)]
        right = np.array([*half, (0.0, 0.05)])
        return [smooth(np.concatenate([right, (right * [-1, 1])[-2:0:-1]]), 2) * [1, size]]
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    if style == "round":
        lens = 0.38 * np.column_stack([np.cos(angles), np.sin(angles)])
    elif style == "square":
        corner = np.column_stack([np.cos(angles), np.sin(angles)])
        lens = np.sign(corner) * np.abs(corner) ** 0.5 * [0.41, 0.31]
    else:
        lens = smooth(
            np.array([(-0.36, -0.3), (0.42, -0.3), (0.46, 0.05), (0.25, 0.42), (-0.15, 0.36)])
            * 1.08
        )
    lens = lens * size
    return [lens * [-1, 1] - [0.5, 0], lens + np.array([0.5, 0])]


def _gradient(frame: FaceFrame, rng: np.random.Generator) -> NDArray[np.float32]:
    """(H, W): lenses are darkest at the top."""
    rows = (np.arange(frame.shape[0]) - frame.origin[1]) / frame.unit
    shade = 1.0 + rng.uniform(0, 1.2) * np.clip(rows + 0.3, 0, 0.8)
    return np.repeat(shade.astype(np.float32)[:, None], frame.shape[1], axis=1)


def _reflection(chip: Chip, frame: FaceFrame, lens: Points, rng: np.random.Generator) -> Chip:
    """A slanting gleam, on some lenses."""
    if rng.random() < 0.4:
        return chip
    centre = lens.mean(axis=0)
    left = rng.uniform(-0.2, 0.1)
    streak = np.array([(left, -0.4), (left + 0.12, -0.4), (left - 0.08, 0.4), (left - 0.2, 0.4)])
    gleam = filled(frame, frame.pixels(streak + centre, upright=True))
    inside = filled(frame, frame.pixels((lens - centre) * 0.9 + centre, upright=True))
    return painted(
        chip, np.minimum(gleam, inside), np.full(3, 220.0), opacity=rng.uniform(0.05, 0.25)
    )
