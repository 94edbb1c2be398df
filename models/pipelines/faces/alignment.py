"""Bring a face into the pose an encoder was trained on, by a similarity transform."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray


class Panel(NamedTuple):
    """A chip of an encoder, or one of several that lie one below the other."""

    template: NDArray[np.float64]
    """(5, 2) landmarks in its pixels."""
    size: tuple[int, int]
    """(height, width)."""


def aligned(
    image: NDArray[np.uint8], landmarks: NDArray[np.floating], panels: Sequence[Panel]
) -> NDArray[np.uint8]:
    """The chip of a face: that of a single panel, or all of them one below the other.

    Each is cut out of the picture; narrower ones are filled up with black at the right.
    """
    chips = [align(image, landmarks, panel.template, panel.size) for panel in panels]
    if len(chips) == 1:
        return chips[0]
    width = max(chip.shape[1] for chip in chips)
    return np.concatenate(
        [np.pad(chip, ((0, 0), (0, width - chip.shape[1]), (0, 0))) for chip in chips]
    )


def fit_similarity(
    source: NDArray[np.floating], target: NDArray[np.floating]
) -> NDArray[np.float64]:
    """(2, 3) matrix of the rotation, uniform scale and shift that minimise the squared error.

    `source` and `target` are (N, 2) points, N >= 2. Reflections are excluded. After Umeyama,
    "Least-squares estimation of transformation parameters between two point patterns" (1991).
    Raises ValueError when all source points coincide.
    """
    p, q = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    mean_p, mean_q = p.mean(axis=0), q.mean(axis=0)
    p, q = p - mean_p, q - mean_q
    variance = (p**2).sum() / len(p)
    if variance < 1e-12:
        raise ValueError("the points coincide")
    u, singular, vt = np.linalg.svd(q.T @ p / len(p))
    signs = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = u @ np.diag(signs) @ vt
    linear = (singular @ signs) / variance * rotation
    return np.column_stack([linear, mean_q - linear @ mean_p])


def align(
    image: NDArray[np.uint8],
    landmarks: NDArray[np.floating],
    template: NDArray[np.floating],
    size: tuple[int, int],
) -> NDArray[np.uint8]:
    """The chip of (height, width) `size` in which the landmarks lie nearest to the template.

    `image` is (H, W, C); what lies outside of it is filled with its border pixels. A face more
    than twice as large as the chip is reduced by area averaging first, because warping
    samples four pixels only and would leave jagged edges.
    """
    matrix = fit_similarity(landmarks, template)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.5:
        image, matrix = _reduced(image, matrix, landmarks, scale)
    chip = cv2.warpAffine(
        image, matrix, size[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(chip, dtype=np.uint8)


def _reduced(
    image: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    landmarks: NDArray[np.floating],
    scale: float,
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The face's surroundings reduced by a whole factor, and the matrix that goes with them."""
    factor = int(1 / scale)
    center = landmarks.mean(axis=0)
    reach = 2.5 * np.ptp(landmarks, axis=0).max()
    height, width = image.shape[:2]
    x0, y0 = (int(max(0, c - reach)) for c in center)
    x1, y1 = int(min(width, center[0] + reach)), int(min(height, center[1] + reach))
    if x1 - x0 < factor or y1 - y0 < factor:
        return image, matrix
    new_width, new_height = (x1 - x0) // factor, (y1 - y0) // factor
    x1, y1 = x0 + new_width * factor, y0 + new_height * factor
    part = image[y0:y1, x0:x1]
    small = cv2.resize(part, (new_width, new_height), interpolation=cv2.INTER_AREA)
    # A pixel of the reduction has its center at factor * (i + 1/2) - 1/2 + offset.
    offset = np.array([x0, y0]) + (factor - 1) / 2
    linear = matrix[:, :2] * factor
    return np.asarray(small, dtype=np.uint8), np.column_stack(
        [linear, matrix[:, :2] @ offset + matrix[:, 2]]
    )
