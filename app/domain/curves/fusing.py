"""Similarity of a probe to a subject, of all of its faces together."""

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Embedding
from models.pipelines.faces.templates import lengthened

MOST_FACES = 64
"""Faces of a subject, those enrolled first, that its template is made of."""


def template_of(faces: NDArray[np.float32], power: float) -> Embedding:
    """The mean of (F, dimension) faces of one subject, lengthened.

    What pictures of one person do not have in common is averaged out. Made of the first
    `MOST_FACES`; zeros where they have nothing in common, which is like nobody.
    """
    return lengthened(faces[:MOST_FACES].mean(axis=0), power)


def fused_similarity(
    nearest: float, probe: Embedding, faces: NDArray[np.float32], power: float
) -> float:
    """The product with the template of a subject's (F, dimension) `faces`, in [-1, 1].

    With a `power` of 1 the cosine to it. Of a single face the cosine to that, `nearest`.
    """
    if len(faces) < 2:
        return nearest
    return float(np.clip(probe @ template_of(faces, power), -1.0, 1.0))
