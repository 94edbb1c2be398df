"""Many frames of one face to one template: weights over the frames, and their mean."""

import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.face_quality import Pose, Quality

QUALITIES = 7
"""Numbers that describe the quality of a frame."""
_LEAST = 1e-3
"""Weight of a face of no quality at all; some face is better than none."""


def quality_row(
    quality: Quality, size: float, probability: float, pose: Pose
) -> NDArray[np.float32]:
    """(QUALITIES,) numbers of order one that describe a face: score, size (of the shorter side
    of its box, in pixels), sharpness, brightness, probability of the detector, yaw, pitch."""
    doubt = max(1e-6, 1 - probability)
    return np.array(
        [
            quality.score,
            np.log2(max(1.0, size) / 64),
            np.log2(1 + quality.sharpness) / 8,
            quality.brightness / 128 - 1,
            -np.log10(doubt) / 6,
            pose.yaw / 45,
            pose.pitch / 45,
        ],
        dtype=np.float32,
    )


def quality_weights(qualities: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, QUALITIES) → (T,) weights in proportion to the quality score, summing to 1."""
    scores = np.maximum(qualities[:, 0], _LEAST)
    return np.asarray(scores / scores.sum(), dtype=np.float32)


def template(embeddings: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, dimension) embeddings and (T,) weights → their L2-normalized weighted mean.

    It lies in the encoder's own space. The unweighted first embedding where the mean is zero.
    """
    mean = weights @ embeddings
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length > 1e-6 else embeddings[0], dtype=np.float32)
