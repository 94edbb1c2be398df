"""Pictures of made-up people, as embeddings and in pairs."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from training.measure.gallery import Gallery
from training.measure.pairs import Pair


def unit(rng: np.random.Generator, count: int, dimension: int = 8) -> NDArray[np.float32]:
    rows = rng.standard_normal((count, dimension)).astype(np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def people(
    count: int, each: int, seed: int = 0, spread: float = 0.5, lost: tuple[int, ...] = ()
) -> Gallery:
    """Pictures "p_i" of made-up people around a centre each."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(unit(rng, count), each, axis=0)
    rows = centres + spread * unit(rng, count * each)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    detected = np.ones(len(rows), dtype=np.bool_)
    detected[list(lost)] = False
    rows[~detected] = 0
    names = tuple(f"{p:02}_{i}" for p in range(count) for i in range(each))
    return Gallery(names, tuple(name[:2] for name in names), rows, detected)


def pairs_among(gallery: Gallery, seed: int = 0) -> list[Pair]:
    """Every genuine pair and as many impostors, in four folds."""
    rng = np.random.default_rng(seed)
    both = list(combinations(range(len(gallery.names)), 2))
    owner = gallery.identities
    same = [p for p in both if owner[p[0]] == owner[p[1]]]
    other = [p for p in both if owner[p[0]] != owner[p[1]]]
    other = [other[i] for i in rng.permutation(len(other))[: len(same)]]
    return [
        Pair(i % 4, gallery.names[a], gallery.names[b], owner[a] == owner[b])
        for i, (a, b) in enumerate(same + other)
    ]
