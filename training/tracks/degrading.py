"""Degradations of a face while a camera follows it, which vary along a track."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augment import colour, covers, quality
from training.augment.geometry import Chip, Landmarks
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask
from training.augment.turning import turned

Cover = Literal["none", "mask", "sunglasses", "hand", "scarf"]
_COVERS: tuple[Cover, ...] = ("none", "mask", "sunglasses", "hand", "scarf")
_COVER_SHARES = (0.6, 0.1, 0.1, 0.12, 0.08)
_FACE = 2.2
"""Width of a face in eye distances."""
_SPARE = 1.6
"""Resolution that warping is done at, as a multiple of the frame's."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Look of the face in one frame."""

    size: float
    """Pixels of the face's width."""
    yaw: float
    pitch: float
    """Degrees, on top of the picture's own pose."""
    blur: float
    """Standard deviation in hundredths of the face's width."""
    light: float
    """Share of the light that is left."""
    cover: Cover


@dataclass(frozen=True, slots=True)
class Course:
    """The moments of a track, and what stays the same along it."""

    moments: tuple[Moment, ...]
    noise: float
    """Standard deviation in 0..255."""
    jpeg: int
    """Quality of the compression."""
    drawing: int
    """Seed of the cover's shape and colour."""


def draw_course(frames: int, rng: np.random.Generator) -> Course:
    """A random course: distance, pose, focus, light and covers, each along a smooth curve."""
    size = np.exp(rng.uniform(np.log(22), np.log(90)) + 0.45 * _curve(frames, rng))
    yaw = rng.uniform(0, 48) * _curve(frames, rng)
    pitch = rng.uniform(0, 18) * _curve(frames, rng)
    blur = np.maximum(0, rng.normal(0.3, 1.1) + rng.uniform(0, 4.5) * _curve(frames, rng))
    shade = np.zeros(frames)
    if rng.random() < 0.35:
        shade = rng.uniform(0, 2.4) * np.clip(_curve(frames, rng) + rng.uniform(-0.5, 1), 0, 1)
    cover = _COVERS[int(rng.choice(len(_COVERS), p=_COVER_SHARES))]
    covered = _curve(frames, rng) > rng.uniform(-0.6, 0.6)
    moments = tuple(
        Moment(
            size=float(np.clip(size[t], 17, 110)),
            yaw=float(yaw[t]),
            pitch=float(pitch[t]),
            blur=float(blur[t]),
            light=float(np.exp(-shade[t])),
            cover=cover if covered[t] else "none",
        )
        for t in range(frames)
    )
    jpeg, noise = int(rng.integers(25, 92)), float(rng.uniform(0, 6))
    return Course(moments, noise, jpeg, int(rng.integers(2**31)))


def shown(picture: Chip, landmarks: Landmarks, course: Course, frame: int) -> Chip:
    """The (H, W, 3) picture as the frame of that number shows it, at the frame's resolution."""
    moment = course.moments[frame]
    eyes = float(np.linalg.norm(landmarks[1] - landmarks[0]))
    scale = min(1.0, moment.size / (_FACE * max(1.0, eyes)))
    # Warping costs by the pixel, so most of those that go anyway go first.
    ahead = min(1.0, _SPARE * scale)
    picture, landmarks, eyes = _reduced(picture, ahead), landmarks * ahead, eyes * ahead
    scale /= ahead
    picture = _covered(picture, landmarks, moment.cover, np.random.default_rng(course.drawing))
    picture = turned(picture, landmarks, moment.yaw, moment.pitch)
    picture = _reduced(picture, scale)
    sigma = moment.blur / 100 * _FACE * eyes * scale
    if sigma > 0.3:
        picture = quality.blurred(picture, sigma)
    grain = np.random.default_rng([course.drawing, frame])
    picture = colour.darkened(picture, moment.light, course.noise, grain)
    return quality.recompressed(picture, course.jpeg)


def _reduced(picture: Chip, scale: float) -> Chip:
    if scale >= 1:
        return picture
    height, width = picture.shape[:2]
    small = (max(24, round(width * scale)), max(24, round(height * scale)))
    return np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _curve(frames: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """(frames,) a smooth random curve within [-1, 1]: a slow and a faster wave."""
    time = np.linspace(0, 1, frames)
    slow = np.sin(2 * np.pi * (rng.uniform(0.2, 0.8) * time + rng.random()))
    fast = np.sin(2 * np.pi * (rng.uniform(1, 3) * time + rng.random()))
    return np.asarray(0.65 * slow + 0.35 * fast)


def _covered(picture: Chip, landmarks: Landmarks, cover: Cover, rng: np.random.Generator) -> Chip:
    match cover:
        case "mask":
            return with_mask(picture, landmarks, rng)
        case "sunglasses":
            return with_sunglasses(picture, landmarks, rng)
        case "hand":
            return covers.with_hand(picture, landmarks, rng, (0.25, 0.4))
        case "scarf":
            return covers.with_scarf(picture, landmarks, rng)
        case "none":
            return picture
