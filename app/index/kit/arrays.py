"""Arrays as every index takes and gives them: checked on the way in, ordered on the way out."""

import numpy as np
from numpy.typing import NDArray

from app.domain.errors.gallery import EncoderMismatchError

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]


def checked_additions(ids: Ids, vectors: Vectors) -> tuple[Ids, Vectors]:
    """C-contiguous (N,) ids, each once, and (N, dim) vectors; of an id given twice the last."""
    ids = np.ascontiguousarray(ids, dtype=np.int64)
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if ids.ndim != 1 or vectors.ndim != 2 or len(ids) != len(vectors):
        raise ValueError("ids are (N,) and vectors (N, dim)")
    _, from_the_end = np.unique(ids[::-1], return_index=True)
    if len(from_the_end) == len(ids):
        return ids, vectors
    kept = len(ids) - 1 - from_the_end
    return ids[kept], vectors[kept]


def checked_probes(probes: Vectors) -> Vectors:
    """C-contiguous (P, dim) float32."""
    probes = np.ascontiguousarray(probes, dtype=np.float32)
    if probes.ndim != 2:
        raise ValueError("probes are (P, dim)")
    return probes


def check_dimension(expected: int, vectors: Vectors) -> None:
    """Raise EncoderMismatchError unless the (N, dim) vectors fit the partition."""
    if vectors.shape[1] != expected:
        raise EncoderMismatchError(
            f"The partition holds vectors of {expected} numbers, not {vectors.shape[1]}.",
            expected=expected,
            given=vectors.shape[1],
        )


def nothing_found(probes: int, k: int = 0) -> tuple[Vectors, Ids]:
    """Similarities and ids of the shape (probes, k), to be filled unless one of them is zero."""
    return np.empty((probes, k), np.float32), np.empty((probes, k), np.int64)


ROUGH = 1e-5
"""How far the last digits of a matrix product, or of FAISS's kernels, may be off."""


def similarities_of(vectors: Vectors, probe: Vectors) -> Vectors:
    """(N,) inner products of (N, dim) vectors; those of equal vectors are equal.

    A matrix product's are not: its last digits depend on a row's place among the others, and
    so would the order of ties.
    """
    return np.asarray(np.einsum("ij,j->i", vectors, probe))


def ranked(similarities: Vectors, ids: Ids, k: int) -> tuple[Vectors, Ids]:
    """The first k of one probe's (N,) similarities and ids: descending, ties by id."""
    order = np.lexsort((ids, -similarities))[:k]
    return similarities[order], ids[order]
