"""The default index: every partition grows from exact to clustered by itself, and survives a start.

One thread beside the serving ones builds, swaps and takes snapshots. See
docs/explain/search-index.md.
"""

import logging
import os
import random
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import faiss
import numpy as np

from app.domain.errors import FacetError
from app.domain.gallery import Partition
from app.index.faiss_flat.index import Flat
from app.index.growing import snapshots
from app.index.growing.building import build
from app.index.growing.clustered import Clustered
from app.index.growing.own_directory import OwnDirectory
from app.index.growing.sampling import RecallSampler
from app.index.growing.shard import GrowingShard, Journal
from app.index.growing.snapshots import Generation, SnapshotError
from app.index.growing.tuning import Likeness
from app.index.kit.arrays import Ids, Vectors
from app.index.kit.partitions import LockedShard, PartitionedIndex

log = logging.getLogger(__name__)

_TICK = 0.25
_SNAPSHOT_SECONDS = 10.0
_RETRY_SECONDS = 60.0
_NICENESS = 10


class GrowingIndex(PartitionedIndex):
    """Five verbs over partitions of any size, with snapshots in `directory`.

    `exact_limit` is the number of vectors up to which a partition is compared one by one;
    `sampling` the share of clustered searches that are checked against an exact one; `likeness`
    tells how alike a match has to be, at which it is found (see `tuning`).
    """

    def __init__(
        self,
        directory: Path,
        *,
        exact_limit: int = 20_000,
        sampling: float = 0.001,
        likeness: Likeness = lambda encoder, faces: None,
    ) -> None:
        super().__init__()
        self._directory = directory
        self._exact_limit = exact_limit
        self._sampler = RecallSampler(sampling)
        self._likeness = likeness
        self._own: OwnDirectory | None = None
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._not_before: dict[Partition, float] = {}

    def start(self) -> None:
        """Begin to build and to take snapshots in the background."""
        if self._thread is None:
            self._closing = False
            self._thread = threading.Thread(target=self._maintain, name="index", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop the background work, take a last snapshot, and let go of the directory."""
        self._closing = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for partition, locked in self._growing():
            with suppress(OSError, FacetError):
                self._snapshot(partition, locked)
        if self._own is not None:
            self._own.close()
            self._own = None

    def restore(self, head: int) -> Mapping[Partition, int]:
        """Load what snapshots hold; the position in the log that each partition stands at.

        Snapshots that are damaged, or ahead of the log's head, are removed, with a warning.
        """
        restored: dict[Partition, int] = {}
        own = self._own_directory()
        for directory, manifest in reversed(snapshots.manifests(own)):
            try:
                if isinstance(manifest, SnapshotError):
                    raise manifest
                if manifest.watermark > head:
                    raise SnapshotError("it is ahead of the database's change log")
                if manifest.partition in restored:
                    raise SnapshotError("a later generation serves")
                self._adopt(*snapshots.load(directory, manifest), manifest)
                restored[manifest.partition] = manifest.watermark
            except SnapshotError as error:
                log.warning("snapshot %s removed: %s", directory, error)
                shutil.rmtree(directory, ignore_errors=True)
        return restored

    def discard_saved(self) -> None:
        """Remove what lies on disk of this process, and of those that are gone."""
        for directory in self._own_directory().iterdir():
            shutil.rmtree(directory, ignore_errors=True)

    def census(self, partition: Partition) -> tuple[int, int]:
        """The number of vectors of a partition, and the sum of their ids."""
        locked = self._shards.get(partition)
        if locked is None:
            return 0, 0
        with locked.lock.reading():
            serving = _shard(locked).serving
            if isinstance(serving, Flat):
                return len(serving), int(serving.ids().sum())
            return len(serving), serving.id_sum

    def newest(self, partition: Partition, count: int) -> tuple[Ids, Vectors]:
        """The last vectors of a partition that came from a snapshot."""
        locked = self._shards.get(partition)
        if locked is not None:
            with locked.lock.reading():
                serving = _shard(locked).serving
                if isinstance(serving, Clustered):
                    return serving.newest(count)
        return np.empty(0, np.int64), np.empty((0, 0), np.float32)

    def remove(self, partition: Partition, ids: Ids | None, *, seq: int) -> None:
        super().remove(partition, ids, seq=seq)
        locked = self._shards.get(partition)
        if locked is not None and ids is not None and len(ids):
            with locked.lock.reading():
                serving = _shard(locked).serving
                if isinstance(serving, Clustered):
                    serving.file.sync()  # erased means erased after a power cut as well

    def search(
        self, partition: Partition, probes: Vectors, k: int, *, among: Ids | None = None
    ) -> tuple[Vectors, Ids]:
        similarities, ids = super().search(partition, probes, k, among=among)
        if among is None and ids.size and self._sampler.wants(random.random()):  # noqa: S311
            locked = self._shards.get(partition)
            if locked is not None and isinstance(_shard(locked).serving, Clustered):
                self._sampler.take(locked, np.array(probes[0]), float(similarities[0, 0]))
                self._wake.set()
        return similarities, ids

    def build_now(self) -> None:
        """Build, swap and save what has outgrown its form, without waiting for the background."""
        for partition, locked in self._growing():
            if _shard(locked).outgrown(self._exact_limit):
                self._build(partition, locked)
                self._snapshot(partition, locked)

    def _new_shard(self, dimension: int) -> GrowingShard:
        return GrowingShard(dimension)

    def _dropped(self, partition: Partition, locked: LockedShard) -> None:
        shard = _shard(locked)
        with locked.lock.writing():
            shard.close()
            shard.serving = Flat(shard.dimension)
        if self._own is not None:
            directory = snapshots.partition_directory(self._own.path, partition)
            shutil.rmtree(directory, ignore_errors=True)

    def _own_directory(self) -> Path:
        if self._own is None:
            self._own = OwnDirectory(self._directory)
        return self._own.path

    def _growing(self) -> Iterator[tuple[Partition, LockedShard]]:
        yield from list(self._shards.items())

    def _adopt(
        self, generation: Generation, clustered: Clustered, manifest: snapshots.Manifest
    ) -> None:
        shard = GrowingShard(manifest.dimension)
        shard.serving, shard.generation = clustered, generation
        shard.checkpointed = manifest.watermark
        with self._changing:
            self._shards[manifest.partition] = LockedShard(shard, manifest.dimension)

    def _maintain(self) -> None:
        faiss.omp_set_num_threads(1)  # for this thread: the others serve
        with suppress(AttributeError, OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while not self._closing:
            self._wake.wait(_TICK)
            self._wake.clear()
            self._sampler.check()
            # Nothing is built while the index is being filled: it would be outgrown at once.
            if self._watermark and not self._closing:
                for partition, locked in self._growing():
                    self._look_after(partition, locked)

    def _look_after(self, partition: Partition, locked: LockedShard) -> None:
        now = time.monotonic()
        if now < self._not_before.get(partition, 0.0):
            return
        try:
            if _shard(locked).outgrown(self._exact_limit):
                self._build(partition, locked)
                self._snapshot(partition, locked)
            elif _shard(locked).snapshot_due(self._watermark, now, _SNAPSHOT_SECONDS):
                self._snapshot(partition, locked)
        except (OSError, FacetError) as error:
            log.warning("the index could not be built or saved: %s", error)
            self._not_before[partition] = now + _RETRY_SECONDS

    def _build(self, partition: Partition, locked: LockedShard) -> None:
        shard = _shard(locked)
        started = time.monotonic()
        generation = Generation.create(self._own_directory(), partition)
        journal = Journal()
        with self._changing, locked.lock.writing():
            shard.journal = journal
            ids = shard.serving.ids() if isinstance(shard.serving, Flat) else None
        try:
            if ids is None:
                ids = shard.serving.ids()
            likeness = self._likeness(partition.encoder, len(ids))
            successor = build(shard, journal, generation, np.sort(ids), likeness)
            self._swap(partition, locked, successor, generation)
        except BaseException:
            with self._changing, locked.lock.writing():
                shard.journal = None
            generation.remove()
            raise
        log.info(
            "index of collection %s built: %d faces, %d of %d lists searched, %.1f s",
            partition.collection_id,
            len(successor),
            successor.lists,
            successor.structure.lists,
            time.monotonic() - started,
        )

    def _swap(
        self,
        partition: Partition,
        locked: LockedShard,
        successor: Clustered,
        generation: Generation,
    ) -> None:
        shard = _shard(locked)
        with self._changing, locked.lock.writing():
            if self._shards.get(partition) is not locked or shard.journal is None:
                successor.file.close()
                raise FileNotFoundError("the partition has been removed meanwhile")
            shard.journal.replay(successor)
            before = GrowingShard(shard.dimension)
            before.serving, before.generation = shard.serving, shard.generation
            shard.serving, shard.generation, shard.journal = successor, generation, None
            shard.checkpointed = 0
        before.close()

    def _snapshot(self, partition: Partition, locked: LockedShard) -> None:
        shard = _shard(locked)
        with self._changing:
            watermark, serving, generation = self._watermark, shard.serving, shard.generation
            if not isinstance(serving, Clustered) or generation is None:
                return
            rows, ascending = serving.file.rows, serving.ascending
        if watermark > shard.checkpointed and self._shards.get(partition) is locked:
            generation.complete(serving, rows, ascending, watermark)
            shard.snapshot_taken(watermark, time.monotonic())


def _shard(locked: LockedShard) -> GrowingShard:
    assert isinstance(locked.shard, GrowingShard)  # noqa: S101 - this index makes no other
    return locked.shard
