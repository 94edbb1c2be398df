"""Tools of indexes in memory: partitions, their locks and the watermark."""

import threading
from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np

from app.domain.gallery import Partition
from app.index.kit.arrays import (
    Ids,
    Vectors,
    check_dimension,
    checked_additions,
    checked_probes,
    nothing_found,
    ranked,
    similarities_of,
)
from app.index.kit.locking import ReadWriteLock


class Shard(Protocol):
    """The vectors of one partition, all of one dimension. The caller does the locking."""

    def __len__(self) -> int: ...

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Add or replace (N, dim) C-contiguous vectors; the N ids are unique."""

    def discard(self, ids: Ids) -> None:
        """Remove ids; unknown ones are ignored."""

    def top(self, probes: Vectors, k: int) -> tuple[Vectors, Ids]:
        """(P, k) inner products, descending and ties by id, and ids; 1 <= k <= len(self)."""

    def take(self, ids: Ids) -> tuple[Ids, Vectors]:
        """((N,) ids, (N, dim) vectors) of those ids that are there, in any order."""


class LockedShard:
    """A shard with its lock, so that a change in one collection stops no search in another."""

    def __init__(self, shard: Shard, dimension: int) -> None:
        self.shard = shard
        self.dimension = dimension
        self.lock = ReadWriteLock()


class PartitionedIndex(ABC):
    """The five verbs over one shard per partition.

    Changes come one by one, as they do in the log they follow. Searches run beside each other,
    and beside changes of other partitions.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._shards: dict[Partition, LockedShard] = {}
        self._watermark = 0

    @abstractmethod
    def _new_shard(self, dimension: int) -> Shard: ...

    def _dropped(self, partition: Partition, locked: LockedShard) -> None:  # noqa: B027 - few need it
        """A partition has gone; called while nothing else changes."""

    def add(self, partition: Partition, ids: Ids, vectors: Vectors, *, seq: int) -> None:
        """Add or replace (N, dim) vectors by (N,) ids; of an id given twice the last counts.

        Raises EncoderMismatchError when the partition has another dimension.
        """
        ids, vectors = checked_additions(ids, vectors)
        with self._changing:
            if len(ids):
                locked = self._shards.get(partition)
                if locked is None:
                    locked = LockedShard(self._new_shard(vectors.shape[1]), vectors.shape[1])
                check_dimension(locked.dimension, vectors)
                with locked.lock.writing():
                    locked.shard.put(ids, vectors)
                self._shards[partition] = locked  # a new one becomes visible when it is complete
            self._watermark = max(self._watermark, seq)

    def remove(self, partition: Partition, ids: Ids | None, *, seq: int) -> None:
        """Remove ids (unknown ids are ignored), or with None the whole partition."""
        with self._changing:
            locked = self._shards.get(partition)
            if locked is not None and ids is not None:
                with locked.lock.writing():
                    locked.shard.discard(np.ascontiguousarray(ids, dtype=np.int64))
            if locked is not None and (ids is None or not len(locked.shard)):
                del self._shards[partition]
                self._dropped(partition, locked)
            self._watermark = max(self._watermark, seq)

    def search(
        self, partition: Partition, probes: Vectors, k: int, *, among: Ids | None = None
    ) -> tuple[Vectors, Ids]:
        """The k most similar vectors of each of (P, dim) probes: (P, k') similarities and ids.

        Descending; k' = min(k, count). Equal similarities come in ascending order of ids. With
        `among` only those ids count, and they are compared one by one.
        Raises EncoderMismatchError when the partition has another dimension.
        """
        probes = checked_probes(probes)
        locked = self._shards.get(partition)
        if locked is not None:
            check_dimension(locked.dimension, probes)
            with locked.lock.reading():
                if among is not None:
                    return _among(locked.shard, probes, k, among)
                k = min(k, len(locked.shard))
                if k > 0 and len(probes):
                    return locked.shard.top(probes, k)
        return nothing_found(len(probes), max(0, k) if locked is not None else 0)

    def count(self, partition: Partition, *, among: Ids | None = None) -> int:
        """Vectors in the partition, or those of the ids that it has."""
        locked = self._shards.get(partition)
        if locked is None:
            return 0
        with locked.lock.reading():
            if among is None:
                return len(locked.shard)
            return len(locked.shard.take(np.unique(np.asarray(among, dtype=np.int64)))[0])

    def watermark(self) -> int:
        """The position in the change log that the index stands at; 0 when it is empty."""
        return self._watermark

    def clear(self) -> None:
        """Remove everything, and go back to position 0."""
        with self._changing:
            self._shards = {}
            self._watermark = 0


def _among(shard: Shard, probes: Vectors, k: int, among: Ids) -> tuple[Vectors, Ids]:
    ids, vectors = shard.take(np.unique(np.asarray(among, dtype=np.int64)))
    k = max(0, min(k, len(ids)))
    best = np.empty((len(probes), k), dtype=np.float32)
    best_ids = np.empty((len(probes), k), dtype=np.int64)
    for number, probe in enumerate(probes):
        best[number], best_ids[number] = ranked(similarities_of(vectors, probe), ids, k)
    return best, best_ids
