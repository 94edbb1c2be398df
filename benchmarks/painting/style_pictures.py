"""Pictures in seven manners, drawn by rules, to judge style transfer by."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from skimage import data

from benchmarks.painting.oil_picture import oil
from benchmarks.painting.picture_rules import SIDE, Picture, as_picture, noise

Draw = Callable[[], Picture]


def stained_glass() -> Picture:
    """Coloured cells between leads."""
    rng = np.random.default_rng(4)
    count = 260
    seeds = rng.uniform(0, SIDE, (count, 2))
    palette = np.array(
        [
            [28, 74, 196], [245, 190, 52], [206, 32, 44], [40, 150, 92], [120, 46, 160],
            [240, 122, 28], [88, 186, 220], [236, 230, 214],
        ]
    )  # fmt: skip
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    distances, nearest = cKDTree(seeds).query(np.stack([x, y], axis=-1).reshape(-1, 2), k=2)
    edge = (distances[:, 1] - distances[:, 0]).reshape(SIDE, SIDE)
    colours = palette[rng.integers(len(palette), size=count)][nearest[:, 0]]
    light = 1 + 0.25 * noise(rng, 6) + 0.06 * noise(rng, 1)
    glass = colours.reshape(SIDE, SIDE, 3) * light[..., None]
    lead = 1 / (1 + np.exp(-(edge - 5) / 0.8))
    return as_picture(glass * lead[..., None] + 24 * (1 - lead[..., None]))


def hatching() -> Picture:
    """Ink strokes in four directions, denser where it is dark."""
    rng = np.random.default_rng(1)
    paper = np.full((SIDE, SIDE, 3), (238, 230, 210), dtype=np.float64)
    darkness = _unit(noise(rng, 50))
    canvas = np.ascontiguousarray(as_picture(paper + 4 * noise(rng, 1)[..., None]))
    for layer, angle in enumerate((0.7, -0.6, 0.1, 1.4)):
        for _ in range(5000):
            x, y = rng.uniform(0, SIDE, 2)
            if darkness[int(y), int(x)] < 0.25 + 0.2 * layer:
                continue
            heading = angle + rng.normal(0, 0.08)
            reach = rng.uniform(8, 22)
            end = (int(x + reach * np.cos(heading)), int(y + reach * np.sin(heading)))
            cv2.line(canvas, (int(x), int(y)), end, (44, 36, 40), 1, cv2.LINE_AA)
    return canvas


def mosaic() -> Picture:
    """Small bright stones in rows that follow a wave, with joints."""
    rng = np.random.default_rng(2)
    canvas = np.full((SIDE, SIDE, 3), (70, 62, 56), dtype=np.uint8)
    picture = cv2.resize(np.asarray(data.coffee()), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(picture, (0, 0), 6)
    step = 13
    for row in range(-4, SIDE // step + 4):
        for column in range(SIDE // step + 2):
            x = column * step + (row % 2) * step / 2 + rng.normal(0, 0.8)
            y = row * step + 18 * np.sin(x / 70) + rng.normal(0, 0.8)
            inside = (int(np.clip(y, 0, SIDE - 1)), int(np.clip(x, 0, SIDE - 1)))
            colour = smooth[inside] * rng.uniform(0.75, 1.25) + rng.normal(0, 14, 3)
            heading = np.degrees(np.arctan(18 / 70 * np.cos(x / 70))) + rng.normal(0, 4)
            size = (step - 2.5 + rng.normal(0, 0.6), step - 2.5 + rng.normal(0, 0.6))
            corners = cv2.boxPoints(((x, y), size, heading))
            tone = tuple(int(v) for v in np.clip(colour, 0, 255))
            cv2.fillConvexPoly(canvas, np.rint(corners * 16).astype(int), tone, cv2.LINE_AA, 4)
    return canvas


def night_strokes() -> Picture:
    """Short strokes in a whirling flow, blue with rare yellow lights."""
    rng = np.random.default_rng(3)
    angles = _flow(rng)
    tones = np.array([[22, 40, 92], [38, 74, 140], [70, 112, 176], [120, 160, 205], [30, 90, 96]])
    base = np.clip(_unit(noise(rng, 5)) * len(tones), 0, len(tones) - 1).astype(int)
    colours = tones[base]
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    for centre in ((130, 120), (390, 90), (250, 330), (70, 420)):
        distance = np.hypot(x - centre[0], y - centre[1])
        glow = np.exp(-((distance / 34) ** 2))[..., None]
        colours = colours * (1 - glow) + np.array([244, 196, 60]) * glow
        angles = np.where(
            distance < 90, np.arctan2(y - centre[1], x - centre[0]) + np.pi / 2, angles
        )
    return _strokes(colours, angles, ((34, 7, 2600), (26, 5, 3200)), rng)


def watercolour() -> Picture:
    """Transparent washes on white paper, each with a dark rim where its pigment dried."""
    rng = np.random.default_rng(6)
    paper = np.full((SIDE, SIDE, 3), (250, 246, 236), dtype=np.float64)
    pigments = np.array(
        [[50, 104, 170], [206, 84, 66], [92, 142, 78], [226, 164, 50], [104, 74, 146]]
    )
    for _ in range(18):
        field = noise(rng, rng.uniform(26, 55)) + 0.05 * noise(rng, 6)
        depth = field - rng.uniform(0.5, 1.5)
        wash = 1 / (1 + np.exp(-40 * depth))
        rim = wash * np.exp(-14 * depth.clip(0))
        strength = wash * (0.34 + 0.1 * noise(rng, 18)) + 0.42 * rim
        pigment = pigments[rng.integers(len(pigments))] / 255
        paper *= 1 - np.clip(strength, 0, 1)[..., None] * (1 - pigment)
    return as_picture(paper * (1 + 0.02 * noise(rng, 1.2))[..., None])


def woodcut() -> Picture:
    """Black and white lines that swell and thin out around a form."""
    picture = cv2.resize(np.asarray(data.rocket())[20:400, 130:510], (SIDE, SIDE))
    tone = gaussian_filter(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) / 255.0, 3)
    rng = np.random.default_rng(7)
    tone = 0.15 + 0.7 * _unit(tone + 0.6 * _unit(noise(rng, 30)))
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    bend = 26 * noise(rng, 60) + 60 * tone
    phase = 2 * np.pi * (y + 0.25 * x + bend) / 12
    carved = (0.5 + 0.5 * np.cos(phase)) - (1 - tone) + 0.10 * noise(rng, 2)
    ink = 1 / (1 + np.exp(carved * 22))
    return as_picture(232 - 206 * ink[..., None] * np.ones(3) + np.array([4, 0, -14]))


STYLES: dict[str, Draw] = {
    "stained glass": stained_glass,
    "hatching": hatching,
    "mosaic": mosaic,
    "night strokes": night_strokes,
    "oil": oil,
    "watercolour": watercolour,
    "woodcut": woodcut,
}


def _strokes(
    colours: NDArray[np.floating],
    angles: NDArray[np.floating],
    layers: tuple[tuple[int, int, int], ...],
    rng: np.random.Generator,
) -> Picture:
    """Strokes of (length, width, number) in every layer, with bristles of many tones."""
    canvas = np.ascontiguousarray(as_picture(gaussian_filter(colours, (8, 8, 0))))
    for length, width, number in layers:
        source = gaussian_filter(colours, (width / 2, width / 2, 0))
        for _ in range(number):
            x, y = rng.uniform(0, SIDE, 2)
            at = (int(y), int(x))
            heading = angles[at] + rng.normal(0, 0.12)
            along = np.array([np.cos(heading), np.sin(heading)])
            across = np.array([-along[1], along[0]])
            colour = source[at] * rng.uniform(0.86, 1.16)
            reach = length * rng.uniform(0.6, 1.2)
            for bristle in range(width):
                shift = (bristle - width / 2) * across + rng.normal(0, 0.3, 2)
                tone = np.clip(colour * rng.normal(1, 0.09), 0, 255)
                begin = np.array([x, y]) + shift
                ends = np.stack([begin - along * reach / 2, begin])
                ends[1] += along * reach * rng.uniform(0.35, 0.55)
                first, last = (tuple(int(v) for v in p) for p in np.rint(ends * 16))
                cv2.line(canvas, first, last, tuple(map(float, tone)), 1, cv2.LINE_AA, 4)
    return canvas


def _flow(rng: np.random.Generator) -> NDArray[np.float64]:
    field = noise(rng, 45)
    return (
        np.asarray(np.arctan2(np.gradient(field, axis=0), np.gradient(field, axis=1))) + np.pi / 2
    )


def _unit(field: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = np.percentile(field, (1, 99))
    return np.asarray(np.clip((field - low) / (high - low), 0, 1), np.float64)
