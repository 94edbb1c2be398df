"""Every probe against every vector, in NumPy: the oracle the other indexes are tested against."""

import numpy as np

from app.index.kit.arrays import ROUGH, Ids, Vectors, ranked, similarities_of
from app.index.kit.partitions import PartitionedIndex, Shard


class ExactIndex(PartitionedIndex):
    """Exact search over a matrix per partition."""

    def _new_shard(self, dimension: int) -> Shard:
        return _Matrix(dimension)


class _Matrix:
    """Rows in no particular order, in arrays that double when they are full."""

    def __init__(self, dimension: int) -> None:
        self._vectors = np.zeros((16, dimension), dtype=np.float32)
        self._ids = np.zeros(16, dtype=np.int64)
        self._row_of: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._row_of)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        self._reserve(len(self) + len(ids))
        rows = [self._row_of.setdefault(face_id, len(self._row_of)) for face_id in ids.tolist()]
        self._vectors[rows] = vectors
        self._ids[rows] = ids

    def discard(self, ids: Ids) -> None:
        for face_id in ids.tolist():
            row = self._row_of.pop(face_id, None)
            if row is None:
                continue
            last = len(self._row_of)
            if row != last:
                self._vectors[row] = self._vectors[last]
                self._ids[row] = self._ids[last]
                self._row_of[int(self._ids[row])] = row
            self._vectors[last] = 0  # an erased template does not linger in memory

    def top(self, probes: Vectors, k: int) -> tuple[Vectors, Ids]:
        count = len(self)
        rough = probes @ self._vectors[:count].T
        best = np.empty((len(probes), k), dtype=np.float32)
        best_ids = np.empty((len(probes), k), dtype=np.int64)
        for number, row in enumerate(rough):
            worst = np.partition(row, count - k)[count - k]
            # More than k when some tie for the last place, or seem to.
            candidates = np.flatnonzero(row >= worst - ROUGH)
            similarities = similarities_of(self._vectors[candidates], probes[number])
            best[number], best_ids[number] = ranked(similarities, self._ids[candidates], k)
        return best, best_ids

    def take(self, ids: Ids) -> tuple[Ids, Vectors]:
        rows = [row for face_id in ids.tolist() if (row := self._row_of.get(face_id)) is not None]
        return self._ids[rows], self._vectors[rows]

    def _reserve(self, count: int) -> None:
        capacity = len(self._ids)
        if count <= capacity:
            return
        grown = max(count, 2 * capacity)
        vectors = np.zeros((grown, self._vectors.shape[1]), dtype=np.float32)
        vectors[: len(self)] = self._vectors[: len(self)]
        ids = np.zeros(grown, dtype=np.int64)
        ids[: len(self)] = self._ids[: len(self)]
        self._vectors, self._ids = vectors, ids
