"""Things drawn before a face, in coordinates of that face."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augment.colour import is_grey
from training.augment.geometry import Chip, Landmarks

Alpha = NDArray[np.uint8]
"""(H, W): 255 where something covers the chip."""
Points = NDArray[np.float64]
"""(N, 2): u to the right, v down; the eyes are at (-0.5, 0) and (0.5, 0)."""
_SHIFT = 4
"""OpenCV's fixed-point bits of a coordinate."""
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class FaceFrame:
    """Coordinates fixed to a face, so that what is drawn turns and shrinks with it."""

    origin: NDArray[np.float64]
    """(2,) midway between the eyes, chip pixels."""
    right: NDArray[np.float64]
    """(2,) from the left eye to the right one."""
    down: NDArray[np.float64]
    """(2,) from between the eyes to between the corners of the mouth."""
    shape: tuple[int, int]
    """Height and width of the chip."""

    @classmethod
    def of(cls, chip: Chip, landmarks: Landmarks) -> "FaceFrame":
        """The frame of a face. Of a profile, where the eyes come close, the width is kept."""
        points = np.asarray(landmarks, dtype=np.float64)
        origin = points[:2].mean(axis=0)
        right, down = points[1] - points[0], points[3:].mean(axis=0) - origin
        width, height = float(np.linalg.norm(right)), float(np.linalg.norm(down))
        if height < 1:  # points of a failed detection; any frame will do
            down, height = np.array([0.0, 1.0]), 1.0
        if width < 0.7 * height:
            axis = right / width if width > 0 else np.array([1.0, 0.0])
            right = axis * 0.7 * height
        return cls(origin, right, down, (chip.shape[0], chip.shape[1]))

    @property
    def unit(self) -> float:
        """Length of the eye distance in pixels."""
        return float(np.linalg.norm(self.right))

    def pixels(self, points: Points, *, upright: bool = False) -> NDArray[np.float64]:
        """Points of the face in chip pixels.

        v reaches 1 at the mouth; with `upright` it is measured in eye distances at right
        angles to the eyes instead, for rigid things such as glasses.
        """
        down = np.array([-self.right[1], self.right[0]]) if upright else self.down
        points = np.asarray(points, dtype=np.float64)
        return np.asarray(self.origin + points[:, :1] * self.right + points[:, 1:] * down)


def smooth(points: Points, rounds: int = 3) -> Points:
    """The closed polygon with its corners cut (Chaikin 1974)."""
    for _ in range(rounds):
        following = np.roll(points, -1, axis=0)
        pairs = np.stack([0.75 * points + 0.25 * following, 0.25 * points + 0.75 * following], 1)
        points = pairs.reshape(-1, 2)
    return points


def filled(frame: FaceFrame, polygon: NDArray[np.float64]) -> Alpha:
    """A polygon of chip pixels, antialiased."""
    alpha = np.zeros(frame.shape, dtype=np.uint8)
    cv2.fillPoly(alpha, [_fixed(polygon)], 255, cv2.LINE_AA, _SHIFT)
    return alpha


def stroked(frame: FaceFrame, line: NDArray[np.float64], width: float) -> Alpha:
    """An open line of chip pixels, `width` pixels wide, antialiased."""
    alpha = np.zeros(frame.shape, dtype=np.uint8)
    thickness = max(1, round(width))
    cv2.polylines(alpha, [_fixed(line)], False, 255, thickness, cv2.LINE_AA, _SHIFT)
    return alpha


def illumination(chip: Chip) -> NDArray[np.float32]:
    """(H, W) how bright the light is here, about 1: what is drawn must share the face's light."""
    coarse = cv2.resize(chip, (6, 6), interpolation=cv2.INTER_AREA).astype(np.float32)
    luma = (coarse @ _LUMA)[..., None]
    light = cv2.resize(luma, chip.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    # 130 is the mean of a well-lit face.
    return np.asarray(np.clip(0.35 + 0.65 * light / 130, 0.15, 1.35), dtype=np.float32)


def painted(
    chip: Chip,
    alpha: Alpha,
    colour: NDArray[np.floating],
    shade: NDArray[np.floating] | float = 1.0,
    opacity: float = 1.0,
) -> Chip:
    """The chip under a colour, (3,) or (H, W, 3) in 0..255, times a (H, W) shade.

    On a grey chip the colour becomes grey too.
    """
    left, top, width, height = cv2.boundingRect(alpha)
    if not width:
        return chip
    box = np.s_[top : top + height, left : left + width]
    cover = np.asarray(colour, dtype=np.float32)
    cover = cover[box] if cover.ndim > 1 else cover
    if is_grey(chip):
        cover = np.repeat((cover @ _LUMA)[..., None], 3, axis=-1)
    if isinstance(shade, np.ndarray):
        cover = cover * shade[box][..., None].astype(np.float32)
    else:
        cover = cover * np.float32(shade)
    under = chip[box].astype(np.float32)
    weight = alpha[box][..., None] * np.float32(opacity / 255)
    result = chip.copy()
    result[box] = under + weight * (np.clip(cover, 0, 255) - under) + np.float32(0.5)
    return result


def _fixed(points: NDArray[np.float64]) -> NDArray[np.int32]:
    # OpenCV overflows on far points, and nothing that far can be seen.
    return np.rint(np.clip(points, -2000, 2000) * (1 << _SHIFT)).astype(np.int32)
