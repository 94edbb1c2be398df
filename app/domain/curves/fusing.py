"""Similarity of a probe to a subject, of all of its faces together."""

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Embedding

MOST_FACES = 64
"""Faces of a subject, those enrolled first, that its template is made of."""
_NOTHING = 1e-6
"""Length of the mean of faces that have nothing in common."""


def template_of(faces: NDArray[np.float32]) -> Embedding:
    """The mean of (F, dimension) faces of one subject, brought to length one.

    What pictures of one person do not have in common is averaged out. Made of the first
    `MOST_FACES`; zeros where they have nothing in common, which is like nobody.
    """
    return brought_to_length_one(faces[:MOST_FACES].mean(axis=0))


def brought_to_length_one(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """(..., dimension) sums of faces as templates."""
    lengths = np.linalg.norm(sums, axis=-1, keepdims=True)
    return np.asarray(np.where(lengths < _NOTHING, 0, sums / np.maximum(lengths, _NOTHING)))


def fused_similarity(nearest: float, probe: Embedding, faces: NDArray[np.float32]) -> float:
    """The cosine to the template of a subject's (F, dimension) `faces`, in [-1, 1].

    Of a single face that is the cosine to it, `nearest`.
    """
    if len(faces) < 2:
        return nearest
    return float(np.clip(probe @ template_of(faces), -1.0, 1.0))
