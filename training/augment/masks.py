"""Face masks of several shapes and colours, drawn on the landmarks."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from training.augment.config import MaskStyle
from training.augment.drawing import (
    Alpha,
    FaceFrame,
    Points,
    filled,
    illumination,
    painted,
    smooth,
    stroked,
)
from training.augment.geometry import Chip, Landmarks

_SURGICAL = [(168, 205, 225), (150, 190, 215), (238, 240, 240), (178, 216, 196), (45, 46, 52)]
_PAPER = [(240, 240, 238), (228, 226, 222), (50, 50, 54), (150, 165, 190)]
WORN = (-0.06, 0.14)
"""How far down masks that are worn as they should be have slid."""
_Detail = Callable[[Chip, FaceFrame, Alpha, NDArray[np.floating], np.random.Generator], Chip]


def with_mask(
    chip: Chip,
    landmarks: Landmarks,
    rng: np.random.Generator,
    styles: Sequence[MaskStyle] = ("surgical", "cone", "cloth", "ffp2"),
    drop: tuple[float, float] = WORN,
) -> Chip:
    """A mask, in one of these shapes, from the bridge of the nose to below the chin.

    `drop` is the range of how far down its upper edge has slid, in heights from eyes to mouth.
    """
    outline, colour, detail = _STYLES[styles[int(rng.integers(len(styles)))]](rng)
    frame = FaceFrame.of(chip, landmarks)
    top = rng.uniform(*drop)
    outline = outline + np.array([0, top]) * np.clip(1.4 - outline[:, 1:], 0, 1)
    outline = outline * np.array([rng.uniform(0.94, 1.06), 1.0])
    polygon = frame.pixels(smooth(outline))
    alpha = filled(frame, polygon)
    light = illumination(chip) * _roundness(frame, rng)
    light = light + rng.standard_normal(light.shape, dtype=np.float32) * 0.015
    chip = _loops(chip, frame, colour, rng, max(0.0, top - WORN[1]))
    # A soft shadow below the upper edge lifts the mask off the cheeks.
    edge = polygon[: len(polygon) // 2]
    chip = painted(chip, stroked(frame, edge, frame.unit * 0.06), np.zeros(3), opacity=0.3)
    chip = painted(chip, alpha, colour, light)
    return detail(chip, frame, alpha, colour * light.mean(), rng)


def _roundness(frame: FaceFrame, rng: np.random.Generator) -> NDArray[np.float32]:
    """(H, W) shading of a surface that turns away at both cheeks and at the chin."""
    height, width = frame.shape
    x = (np.arange(width) - frame.origin[0]) / frame.unit - rng.uniform(-0.25, 0.25)
    y = (np.arange(height) - frame.origin[1]) / float(np.linalg.norm(frame.down)) - 1.0
    depth = rng.uniform(0.1, 0.3)
    shade = 1.03 - depth * x[None, :] ** 2 - 0.5 * depth * y[:, None] ** 2
    return np.asarray(np.clip(shade, 0.45, 1.1), dtype=np.float32)


def _loops(
    chip: Chip,
    frame: FaceFrame,
    colour: NDArray[np.floating],
    rng: np.random.Generator,
    slid: float,
) -> Chip:
    """Elastic bands towards the ears, from edges that have slid so far down."""
    upper, lower = rng.uniform(0.35, 0.5) + slid, rng.uniform(1.0, 1.2) + slid / 2
    band = np.array([225.0, 225.0, 225.0]) if colour.mean() > 90 else colour
    for side in (-1, 1):
        for start, end in ((upper, 0.15), (lower, 0.6)):
            line = frame.pixels(np.array([[side * 1.05, start], [side * 1.6, end]]))
            chip = painted(chip, stroked(frame, line, frame.unit * 0.035), band, opacity=0.85)
    return chip


def _pleats(
    chip: Chip,
    frame: FaceFrame,
    alpha: Alpha,
    colour: NDArray[np.floating],
    rng: np.random.Generator,
) -> Chip:
    """The folds of a surgical mask: a dark line with a light one below."""
    u = np.linspace(-1.1, 1.1, 15)
    for v in np.array([0.75, 1.0, 1.25]) + rng.uniform(-0.05, 0.05):
        curve = np.column_stack([u, v + 0.12 * (1 - u**2)])
        for tone, below in ((0.72, 0.0), (1.12, 0.035)):
            line = stroked(frame, frame.pixels(curve + np.array([0, below])), frame.unit * 0.025)
            chip = painted(chip, np.minimum(line, alpha), colour * tone, opacity=0.6)
    return chip


def _seam(
    chip: Chip,
    frame: FaceFrame,
    alpha: Alpha,
    colour: NDArray[np.floating],
    rng: np.random.Generator,
) -> Chip:
    """The vertical fold of a cone, one side of which lies in the shade."""
    u = rng.uniform(-0.03, 0.03)
    middle = np.array([[u, 0.1], [u * 2, 0.7], [u, 2.1]])
    side = rng.choice([-1.5, 1.5])
    half = np.concatenate([middle, [[side, 2.1], [side, 0.1]]])
    shade = np.minimum(filled(frame, frame.pixels(half)), alpha)
    chip = painted(chip, shade, colour * 0.75, opacity=0.35)
    line = np.minimum(stroked(frame, frame.pixels(middle), frame.unit * 0.03), alpha)
    return painted(chip, line, colour * 0.65, opacity=0.7)


def _pattern(
    chip: Chip,
    frame: FaceFrame,
    alpha: Alpha,
    colour: NDArray[np.floating],
    rng: np.random.Generator,
) -> Chip:
    """Cloth: plain, or printed with stripes or spots."""
    kind = rng.choice(["plain", "stripes", "spots"])
    if kind == "plain":
        return _pleats(chip, frame, alpha, colour, rng) if rng.random() < 0.3 else chip
    height, width = frame.shape
    angle, period = rng.uniform(0, np.pi), frame.unit * rng.uniform(0.12, 0.4)
    y, x = np.mgrid[:height, :width] * (2 * np.pi / period)
    wave = np.sin(np.cos(angle) * x + np.sin(angle) * y)
    if kind == "spots":
        wave = np.minimum(wave, np.sin(np.cos(angle) * y - np.sin(angle) * x))
    print_ = np.where(wave > rng.uniform(0, 0.6), alpha, 0).astype(np.uint8)
    return painted(chip, print_, rng.uniform(20, 235, 3), opacity=rng.uniform(0.4, 0.9))


def _valve(
    chip: Chip,
    frame: FaceFrame,
    alpha: Alpha,
    colour: NDArray[np.floating],
    rng: np.random.Generator,
) -> Chip:
    """A stiff cup: a pressed rim and, on some, a valve."""
    angles = np.linspace(0, 2 * np.pi, 24)
    ring = np.column_stack([0.75 * np.cos(angles), 1.0 + 0.55 * np.sin(angles)])
    line = np.minimum(stroked(frame, frame.pixels(ring), frame.unit * 0.03), alpha)
    chip = painted(chip, line, colour * 0.8, opacity=0.6)
    if rng.random() < 0.5:
        disc = np.column_stack([0.2 * np.cos(angles), 1.0 + 0.18 * np.sin(angles)])
        disc[:, 0] += rng.choice([0.0, 0.35, -0.35])
        chip = painted(chip, filled(frame, frame.pixels(disc)), colour * 0.85)
    return chip


def _mirrored_outline(right: list[tuple[float, float]]) -> Points:
    """A closed outline from its right half, top to bottom."""
    half = np.array(right)
    return np.concatenate([half[::-1] * [-1, 1], half])


def _surgical(rng: np.random.Generator) -> tuple[Points, NDArray[np.float64], _Detail]:
    half = [(0.0, 0.24), (0.25, 0.28), (0.65, 0.46), (1.1, 0.5), (1.1, 1.15), (0.8, 1.65)]
    return _mirrored_outline([*half, (0.35, 1.95)]), _colour(rng, _SURGICAL), _pleats


def _cone(rng: np.random.Generator) -> tuple[Points, NDArray[np.float64], _Detail]:
    half = [(0.0, 0.14), (0.2, 0.26), (0.6, 0.42), (1.15, 0.72), (1.0, 1.25), (0.55, 1.75)]
    return _mirrored_outline([*half, (0.15, 2.05)]), _colour(rng, _PAPER), _seam


def _cup(rng: np.random.Generator) -> tuple[Points, NDArray[np.float64], _Detail]:
    half = [(0.0, 0.2), (0.35, 0.28), (0.75, 0.55), (1.0, 0.95), (0.9, 1.4), (0.5, 1.8)]
    return _mirrored_outline([*half, (0.15, 1.9)]), _colour(rng, _PAPER), _valve


def _cloth(rng: np.random.Generator) -> tuple[Points, NDArray[np.float64], _Detail]:
    rise = rng.uniform(-0.08, 0.08)
    half = [(0.0, 0.3 + rise), (0.4, 0.36), (0.8, 0.5), (1.2, 0.45), (1.2, 1.1), (0.9, 1.6)]
    return _mirrored_outline([*half, (0.3, 1.95)]), rng.uniform(25, 235, 3), _pattern


def _colour(rng: np.random.Generator, colours: list[tuple[int, int, int]]) -> NDArray[np.float64]:
    chosen = np.array(colours[int(rng.integers(len(colours)))], dtype=np.float64)
    return np.clip(chosen + rng.uniform(-12, 12, 3), 0, 255)


_STYLES: dict[
    MaskStyle, Callable[[np.random.Generator], tuple[Points, NDArray[np.float64], _Detail]]
] = {"surgical": _surgical, "cone": _cone, "cloth": _cloth, "ffp2": _cup}
