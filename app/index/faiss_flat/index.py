"""FAISS's flat index, exact, and without a similarity for every vector in memory."""

import faiss
import numpy as np

from app.index.kit.arrays import ROUGH, Ids, Vectors, ranked, similarities_of
from app.index.kit.partitions import PartitionedIndex, Shard


class FaissFlatIndex(PartitionedIndex):
    """Exact search by inner product, one FAISS index per partition."""

    def _new_shard(self, dimension: int) -> Shard:
        return Flat(dimension)


class Flat:
    """An IndexFlatIP with ids. FAISS lets many threads search, and none while one changes it."""

    def __init__(self, dimension: int) -> None:
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        # FAISS would add an id a second time, and removing one to be sure costs O(N).
        self._ids: set[int] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        self.discard(ids)
        self._index.add_with_ids(vectors, ids)
        self._ids.update(ids.tolist())

    def discard(self, ids: Ids) -> None:
        known = self._ids.intersection(ids.tolist())
        if known:
            doomed = np.fromiter(known, dtype=np.int64, count=len(known))
            self._index.remove_ids(faiss.IDSelectorBatch(doomed))
            self._ids -= known

    def top(self, probes: Vectors, k: int) -> tuple[Vectors, Ids]:
        # One more than asked for tells whether the last place is shared.
        wanted = min(k + 1, len(self))
        similarities, ids = self._index.search(probes, wanted)
        best = np.empty((len(probes), k), dtype=np.float32)
        best_ids = np.empty((len(probes), k), dtype=np.int64)
        for probe in range(len(probes)):
            row, row_ids = similarities[probe], ids[probe]
            if wanted > k and row[k - 1] - row[k] <= ROUGH:
                row_ids = self._at_least(probes[probe], float(row[k - 1]) - ROUGH)
            exact = similarities_of(self._index.reconstruct_batch(row_ids), probes[probe])
            best[probe], best_ids[probe] = ranked(exact, row_ids, k)
        return best, best_ids

    def take(self, ids: Ids) -> tuple[Ids, Vectors]:
        known = np.array([i for i in ids.tolist() if i in self._ids], dtype=np.int64)
        return known, self._index.reconstruct_batch(known)

    def ids(self) -> Ids:
        """Every id, in no particular order."""
        return np.fromiter(self._ids, dtype=np.int64, count=len(self._ids))

    def _at_least(self, probe: Vectors, similarity: float) -> Ids:
        """Everything above `similarity`: FAISS breaks ties as it likes."""
        ids: Ids = self._index.range_search(probe[np.newaxis], similarity)[2]
        return ids
