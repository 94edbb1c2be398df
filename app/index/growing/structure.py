"""Inverted lists of product-quantised codes: what is trained once and then filled with vectors.

Lists narrow a search down to the vectors around the probe (Sivic and Zisserman, "Video Google",
2003); codes of four bits per two numbers are compared in registers (André, Kermarrec and Le
Scouarnec, "Cache locality is not enough", 2015; FAISS's fast scan). Both only choose candidates,
which the caller ranks by their true similarities.
"""

import io
import math
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from app.index.growing.vector_file import Rows
from app.index.kit.arrays import Vectors
from app.platform.machine import give_back_memory

_SAMPLES_PER_LIST = 64
_FEWEST_SAMPLES = 1024
_MOST_LISTS = 16_384
_ROUNDS = 10
_AROUND = 64
"""Lists whose mean distance stands for the distance of what is around a probe."""
_AT_ONCE = 64
"""Probes whose distances from all centres are held at once."""
_SPARE = 32
"""A list has room for one vector in this many more before its row numbers are moved."""
_FEWEST_OF_A_LIST = 5
"""The mean of fewer vectors would remember one of them."""


def samples_for(count: int) -> int:
    """Number of vectors, of `count`, that the training wants to see."""
    return min(count, max(_FEWEST_SAMPLES, _SAMPLES_PER_LIST * _lists_for(count)))


class Structure:
    """A trained FAISS index over rows. FAISS lets many threads search, and none while one adds."""

    def __init__(self, index: Any, reach: Vectors, excess: float = 0.0) -> None:
        """`reach[n - 1]` is the reach with which n lists are searched on average (see `_spans`).

        `excess` is how far an estimated squared distance may lie above the true one.
        """
        self._index = index
        self._reach = reach
        self.excess = excess
        index.nprobe = index.nlist  # a place for every list in what `nearest` chooses
        self._numbers = np.arange(index.nlist)
        self._centres: Vectors = index.quantizer.reconstruct_n(0, index.nlist)
        self._squares: Vectors = np.einsum("ij,ij->i", self._centres, self._centres)

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
        structure = cls(index, np.empty(0, np.float32))
        shares = np.arange(1, structure.lists + 1) / structure.lists
        spans = structure._spans(sample[:_FEWEST_SAMPLES])
        structure._reach = np.quantile(spans, shares).astype(np.float32)
        return structure

    @classmethod
    def from_bytes(cls, data: bytes) -> "Structure":
        parts = np.load(io.BytesIO(data), allow_pickle=False)
        index = faiss.deserialize_index(parts["index"])
        return cls(index, parts["reach"], float(parts["excess"]))

    def to_bytes(self) -> bytes:
        """The bytes of what was trained, without any vector."""
        empty = faiss.clone_index(self._index)
        empty.reset()
        data = io.BytesIO()
        trained = faiss.serialize_index(empty)
        np.savez(data, index=trained, reach=self._reach, excess=np.float64(self.excess))
        return data.getvalue()

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

    def add(self, rows: Rows, vectors: Vectors) -> None:
        self._index.add_with_ids(np.ascontiguousarray(vectors), rows)

    def tighten(self) -> None:
        """Copy the lists into as little memory as they need, once they are filled.

        A list doubles its memory when it is full, and so wastes up to half of it.
        """
        give_back_memory()  # or the copies would lie in pages that are in use already
        loose: Any = faiss.downcast_InvertedLists(self._index.invlists)
        tight = faiss.BlockInvertedLists(  # type: ignore[attr-defined]
            loose.nlist, loose.n_per_block, loose.block_size
        )
        sizes = [loose.list_size(number) for number in range(loose.nlist)]
        for number, size in enumerate(sizes):
            tight.resize(number, size + size // _SPARE)
            tight.resize(number, size)
        for number, size in enumerate(sizes):
            if size:
                _copy(loose.get_ids(number), tight.get_ids(number), size)
                used = -(-size // loose.n_per_block) * loose.block_size
                _copy(loose.get_codes(number), tight.get_codes(number), used)
        self._index.replace_invlists(tight, True)
        tight.this.disown()
        self._index.init_code_packer()
        give_back_memory()

    def nearest(self, probes: Vectors, count: int, lists: int) -> tuple[Vectors, Rows]:
        """Rows near each probe, looked for in the lists around it, so many on average.

        (P, count) squared distances that they hardly fall below, ascending, and rows; -1 is none.
        """
        bounds = np.empty((len(probes), count), dtype=np.float32)
        rows = np.empty((len(probes), count), dtype=np.int64)
        for start in range(0, len(probes), _AT_ONCE):
            here = slice(start, start + _AT_ONCE)
            spans = self._spans(probes[here])
            limit = self._reach[lists - 1] if lists < self.lists else np.inf
            limits = np.maximum(limit, spans.min(axis=1, keepdims=True))
            chosen = np.where(spans <= limits, self._numbers, -1)
            bounds[here], rows[here] = self._index.search_preassigned(
                probes[here], count, chosen, spans
            )
        return bounds - np.float32(self.excess), rows

    def _spans(self, probes: Vectors) -> Vectors:
        """(P, lists) how much farther from the probe each centre is than those around the probe.

        In squared distances. Of two probes the one in the thick of things has more lists to be
        looked for in, by the same reach.
        """
        distances = self._squares - 2 * (probes @ self._centres.T)
        near = min(_AROUND, self.lists)
        around = np.partition(distances, near - 1, axis=1)[:, :near]
        return np.asarray(distances - around.mean(axis=1, keepdims=True))


def _copy(source: Any, target: Any, count: int) -> None:
    """Copy so many elements from one of FAISS's pointers to another."""
    faiss.rev_swig_ptr(target, count)[:] = faiss.rev_swig_ptr(source, count)


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
