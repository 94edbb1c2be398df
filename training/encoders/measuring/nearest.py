"""Strangers whom an encoder takes for one person."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Impostor:
    """Two rows of different people, and their similarity."""

    first: int
    second: int
    similarity: float


def nearest_impostors(
    embeddings: NDArray[np.float32], labels: NDArray[np.integer], count: int
) -> list[Impostor]:
    """The `count` most similar pairs of different people, each row at most once, best first.

    `embeddings` is (N, dimension), L2-normalised, `labels` (N,).
    """
    best = np.full(len(embeddings), -2, dtype=np.float32)
    partner = np.zeros(len(embeddings), dtype=np.intp)
    for i in range(0, len(embeddings), _BLOCK):
        scores = embeddings[i : i + _BLOCK] @ embeddings.T
        scores[labels[i : i + _BLOCK, None] == labels[None]] = -2
        partner[i : i + _BLOCK] = scores.argmax(axis=1)
        best[i : i + _BLOCK] = scores.max(axis=1)
    found: list[Impostor] = []
    used: set[int] = set()
    for row in np.argsort(-best, kind="stable"):
        first, second = int(row), int(partner[row])
        if best[row] <= -2 or len(found) == count:
            break
        if used.isdisjoint((first, second)):
            used |= {first, second}
            found.append(Impostor(first, second, float(best[row])))
    return found
