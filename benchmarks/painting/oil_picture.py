"""An oil painting drawn by rules: a photograph painted over, with ever finer brushes."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from skimage import data

from benchmarks.painting.picture_rules import SIDE, Picture, as_picture

_BRUSHES = ((90, 26, 500), (64, 18, 900), (44, 12, 1300))
"""Length and width in pixels of a brush's strokes, and how often it is set down."""
_POINTS = 7
"""Of the path of a stroke."""
_RELIEF = 70.0
"""How much light the slopes of the paint catch."""
_TINTS = np.array([[26, 6, -22], [-20, 2, 26], [-8, 14, -14], [16, -10, 10]])
"""Colours that no stroke is mixed without."""

Array = NDArray[np.floating]


def oil() -> Picture:
    """Bristled strokes of thick paint along the edges of a photograph."""
    rng = np.random.default_rng(5)
    photograph = cv2.resize(np.asarray(data.chelsea())[:, 60:360], (SIDE, SIDE))
    warm = photograph * np.array([1.12, 1.0, 0.86])
    colours = warm + 0.25 * (warm - warm.mean(axis=(0, 1)))
    grey = colours.mean(axis=2)
    angles = _along_edges(grey)
    canvas = np.ascontiguousarray(as_picture(0.8 * gaussian_filter(colours, (10, 10, 0))))
    height = np.zeros((SIDE, SIDE), dtype=np.float32)
    for length, width, number in _BRUSHES:
        source = gaussian_filter(colours, (width / 3, width / 3, 0))
        shape = np.abs(gaussian_filter(grey, 2) - gaussian_filter(grey, width))
        for place in rng.uniform(0, SIDE, (number, 2)):
            # The finest brush is for eyes and outlines.
            if width < 16 and shape[_pixel(place)] < 5:
                continue
            path = _path(angles, place, length * rng.uniform(0.6, 1.2), rng)
            tint = _TINTS[rng.integers(len(_TINTS))] * rng.uniform(0, 1)
            tone = source[_pixel(path[_POINTS // 2])] * rng.uniform(0.84, 1.18) + tint
            _stroke(canvas, height, path, width, tone, rng)
    relief = gaussian_filter(height, 0.8)
    shade = np.gradient(relief, axis=0) + np.gradient(relief, axis=1)
    return as_picture(canvas - _RELIEF * shade[..., None])


def _along_edges(grey: Array) -> Array:
    """Radians: the direction in which brightness changes least around each place."""
    down, across = np.gradient(gaussian_filter(grey, 2))
    products = (across * across, down * down, across * down)
    xx, yy, xy = (gaussian_filter(product, 9) for product in products)
    return np.asarray(0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2)


def _pixel(place: Array) -> tuple[int, int]:
    """(row, column) of (x, y), within the picture."""
    x, y = np.clip(place, 0, SIDE - 1).astype(int)
    return int(y), int(x)


def _path(angles: Array, begin: Array, reach: float, rng: np.random.Generator) -> Array:
    """(points, 2): from `begin` along the angles, in gentle bends."""
    slant = rng.normal(0, 0.12)
    path = [begin]
    heading = np.zeros(2)
    for _ in range(_POINTS - 1):
        bearing = angles[_pixel(path[-1])] + slant
        wanted = np.array([np.cos(bearing), np.sin(bearing)])
        heading = heading + (wanted if wanted @ heading >= 0 else -wanted)
        heading /= np.linalg.norm(heading)
        path.append(path[-1] + heading * reach / (_POINTS - 1))
    return np.array(path)


def _stroke(
    canvas: Picture,
    height: Array,
    path: Array,
    width: int,
    tone: Array,
    rng: np.random.Generator,
) -> None:
    """Paint and its thickness, bristle by bristle; thickest at the two rims."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    load, streak = rng.uniform(0.5, 1), 0.0
    for shift in np.arange(-width / 2, width / 2, 1.5):
        streak = 0.6 * streak + rng.normal(0, 0.06)
        points = path + shift * across
        early, late = rng.uniform(0, 0.6, 2)
        points[0] += early * (points[1] - points[0])
        points[-1] -= late * (points[-1] - points[-2])
        line = [np.rint(16 * points).astype(np.int32)]
        paint = tuple(float(v) for v in np.clip(tone * (1 + streak), 0, 255))
        cv2.polylines(canvas, line, False, paint, 2, cv2.LINE_AA, 4)
        rim = 1.8 if abs(shift) > width / 2 - 2.5 else 1.0
        cv2.polylines(height, line, False, load * rim * (1 + 4 * streak), 2, cv2.LINE_8, 4)
