"""Inverted lists of product-quantised codes: what is trained once and then filled with vectors.

Lists narrow a search down to the vectors around the probe (Sivic and Zisserman, "Video Google",
2003); codes of four bits per two numbers are compared in registers (André, Kermarrec and Le
Scouarnec, "Cache locality is not enough", 2015; FAISS's fast scan). Both only choose candidates,
which the caller ranks by their true similarities.
"""

import math
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from app.index.arrays import Vectors
from app.index.vector_file import Rows

_SAMPLES_PER_LIST = 64
_FEWEST_SAMPLES = 1024
_MOST_LISTS = 16_384
_ROUNDS = 10
_FEWEST_OF_A_LIST = 5
"""The mean of fewer vectors would remember one of them."""


def samples_for(count: int) -> int:
    """How many of `count` vectors the training wants to see."""
    return min(count, max(_FEWEST_SAMPLES, _SAMPLES_PER_LIST * _lists_for(count)))


class Structure:
    """A trained FAISS index over rows. FAISS lets many threads search, and none while one adds."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def train(cls, sample: Vectors, count: int) -> "Structure":
        """Lists and codes for about `count` vectors like those of the (N, dimension) sample."""
        dimension = sample.shape[1]
        sample = np.resize(sample, (max(len(sample), _FEWEST_SAMPLES), dimension))
        centroids = _centroids(sample, _lists_for(count))
        coarse = faiss.IndexFlatL2(dimension)
        coarse.add(centroids)
        pieces = dimension // 2 if dimension % 2 == 0 else dimension
        index = faiss.IndexIVFPQFastScan(
            coarse, dimension, len(centroids), pieces, 4, faiss.METRIC_L2
        )
        index.own_fields = True
        coarse.this.disown()  # type: ignore[attr-defined]
        index.by_residual = False
        index.train(sample)
        return cls(index)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Structure":
        return cls(faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))

    def to_bytes(self) -> bytes:
        """What was trained, without any vector."""
        empty = faiss.clone_index(self._index)
        empty.reset()
        return bytes(faiss.serialize_index(empty))

    @property
    def lists(self) -> int:
        return int(self._index.nlist)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def code_bytes(self) -> int:
        """Bytes of one vector's code."""
        return int(self._index.code_size)

    def reserve(self, sample: Vectors, rows: int) -> None:
        """Make room for `rows` vectors like those of the sample, before they come in pieces.

        Lists that double when they are full would waste up to half of their memory.
        """
        _, nearest = self._index.quantizer.search(sample, 1)
        share = np.bincount(nearest[:, 0], minlength=self.lists) / max(1, len(sample))
        inverted = self._index.invlists
        for number, size in enumerate(np.ceil(share * rows).astype(int).tolist()):
            inverted.resize(number, size)
            inverted.resize(number, 0)

    def add(self, rows: Rows, vectors: Vectors) -> None:
        self._index.add_with_ids(np.ascontiguousarray(vectors), rows)

    def nearest(self, probes: Vectors, count: int, lists: int) -> Rows:
        """(P, count) rows near each probe, looked for in its `lists` nearest lists; -1 is none."""
        parameters = faiss.SearchParametersIVF(
            nprobe=min(lists, self.lists)  # type: ignore[call-arg]
        )
        _, rows = self._index.search(probes, count, params=parameters)
        return np.asarray(rows)


def _lists_for(count: int) -> int:
    """About the square root, a power of two, and never so many that lists are nearly empty."""
    power = round(math.log2(max(1.0, math.sqrt(count))))
    return int(max(1, min(2**power, _MOST_LISTS, count // 32)))


def _centroids(sample: Vectors, lists: int) -> NDArray[np.float32]:
    dimension = sample.shape[1]
    clustering = faiss.Kmeans(
        dimension, lists, niter=_ROUNDS, seed=1, min_points_per_centroid=1, verbose=False
    )
    clustering.train(sample)
    _, nearest = clustering.index.search(sample, 1)
    members = np.bincount(nearest[:, 0], minlength=lists)
    kept = members >= _FEWEST_OF_A_LIST
    return np.ascontiguousarray(np.asarray(clustering.centroids)[kept], dtype=np.float32)
