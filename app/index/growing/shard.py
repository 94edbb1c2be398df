"""One partition that grows: exact while small, then clustered, then clustered anew."""

import threading
from dataclasses import dataclass, field

from app.index.faiss_flat.index import Flat
from app.index.growing.clustered import Clustered
from app.index.growing.rows import RowOfId
from app.index.growing.snapshots import Generation
from app.index.growing.vector_file import VectorFile
from app.index.kit.arrays import Ids, Vectors

_GROWTH = 4
"""Lists are trained anew when they hold this many times what they were trained for."""
_DEAD_SHARE = 4
"""… or when one row in this many is dead."""
_FEWEST_DEAD = 1024
_MOST_LATE = 100_000


@dataclass
class Journal:
    """The changes while a copy of the partition is being clustered.

    Its lock orders the copying and the changes: an erased vector never reaches the copy, or is
    overwritten in it at once.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    _changes: list[tuple[Ids, Vectors | None]] = field(default_factory=list)
    _copy: VectorFile | None = None
    _rows: RowOfId | None = None
    _scrubbed: list[Ids] = field(default_factory=list)

    def copying_to(self, copy: VectorFile) -> None:
        """The copy is about to be filled through `copied`."""
        self._copy, self._rows = copy, RowOfId(copy, 0)

    def copied(self, ids: Ids, vectors: Vectors) -> None:
        """Give the copy its next rows. To be called under the lock."""
        assert self._copy is not None and self._rows is not None  # noqa: S101
        self._copy.append(ids, vectors)
        self._rows.appended(ids)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        self._changes.append((ids, vectors.copy()))

    def discard(self, ids: Ids) -> None:
        self._changes.append((ids, None))
        if self._copy is not None and self._rows is not None:
            rows = self._rows.find_all(ids)
            found, _, alive = self._copy.take(rows)
            self._copy.erase(rows[alive])
            self._scrubbed.append(found[alive])

    def replay(self, clustered: Clustered, most: int | None = None) -> int:
        """Apply the first changes, all of them by default; how many are left."""
        with self.lock:
            now, self._changes = self._changes[:most], self._changes[len(self._changes[:most]) :]
            for ids in self._scrubbed:
                clustered.count_out(ids)
            self._scrubbed.clear()
            for ids, vectors in now:
                if vectors is None:
                    clustered.discard(ids)
                else:
                    clustered.put(ids, vectors)
            return len(self._changes)


class GrowingShard:
    """Passes everything on to what serves now, and keeps a journal while its successor is made."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.serving: Flat | Clustered = Flat(dimension)
        self.generation: Generation | None = None
        self.journal: Journal | None = None
        self.checkpointed = 0
        """The watermark of the snapshot; 0 when there is none."""
        self._checkpointed_at = 0.0

    def __len__(self) -> int:
        return len(self.serving)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        if self.journal is None:
            return self.serving.put(ids, vectors)
        with self.journal.lock:
            self.serving.put(ids, vectors)
            self.journal.put(ids, vectors)

    def discard(self, ids: Ids) -> None:
        if self.journal is None:
            return self.serving.discard(ids)
        with self.journal.lock:
            self.serving.discard(ids)
            self.journal.discard(ids)

    def top(self, probes: Vectors, k: int) -> tuple[Vectors, Ids]:
        return self.serving.top(probes, k)

    def take(self, ids: Ids) -> tuple[Ids, Vectors]:
        return self.serving.take(ids)

    def outgrown(self, exact_limit: int) -> bool:
        """Whether what serves should have a successor."""
        serving = self.serving
        if isinstance(serving, Flat):
            return len(serving) >= exact_limit
        return (
            serving.dead > max(_FEWEST_DEAD, serving.file.rows // _DEAD_SHARE)
            or serving.file.rows > _GROWTH * max(exact_limit, serving.trained_rows)
            or serving.late > _MOST_LATE
        )

    def snapshot_due(self, watermark: int, now: float, seconds: float) -> bool:
        """Whether the log has moved on and the last snapshot is `seconds` old."""
        clustered = isinstance(self.serving, Clustered)
        old = self.checkpointed == 0 or now - self._checkpointed_at >= seconds
        return clustered and watermark > self.checkpointed and old

    def snapshot_taken(self, watermark: int, now: float) -> None:
        self.checkpointed, self._checkpointed_at = watermark, now

    def close(self) -> None:
        """Let go of the files and remove them."""
        if isinstance(self.serving, Clustered):
            self.serving.file.close()
        if self.generation is not None:
            self.generation.remove()
