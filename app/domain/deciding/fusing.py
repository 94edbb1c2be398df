"""Similarity of a probe to a subject, of all of its faces together."""

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Embedding

MOST_FACES = 64
"""Faces of a subject, those enrolled first, that its template is made of."""
_NOTHING = 1e-6
"""Length of the mean of faces that have nothing in common."""


def fused_similarity(nearest: float, probe: Embedding, faces: NDArray[np.float32]) -> float:
    """The larger of two cosines: to the nearest face, and to the template of all of them.

    The template is the mean of the subject's (F, dimension) `faces`, brought to length one: what
    pictures of one person do not have in common is averaged out. Of a single face both are one.
    """
    if len(faces) < 2:
        return nearest
    template = faces[:MOST_FACES].mean(axis=0)
    length = float(np.linalg.norm(template))
    if length < _NOTHING:
        return nearest
    return max(nearest, float(np.clip(probe @ template / length, -1.0, 1.0)))
