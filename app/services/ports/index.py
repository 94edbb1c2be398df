"""Protocols of an index that is kept on disk."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from app.domain.gallery import Partition
from app.domain.snapshots import SavedPartition
from app.services.ports import VectorIndex
from app.services.ports.repositories import Ids, Templates


class SnapshotIndex(VectorIndex, Protocol):
    """An index that saves what it holds, and where in the change log that was."""

    def restore(self, head: int) -> Mapping[Partition, int]:
        """Load what was saved: partitions and the positions in the log that they stand at.

        Leaves out, and removes, what is damaged or ahead of the log's head.
        """

    def census(self, partition: Partition) -> tuple[int, int]:
        """Count the partition's vectors, and sum their ids."""

    def newest(self, partition: Partition, count: int) -> tuple[Ids, Templates]:
        """About `count` of the vectors that a restored partition got last."""


class SavedSnapshots(Protocol):
    """Snapshots of every process, read without taking them over."""

    def partitions(self) -> Sequence[SavedPartition]: ...

    def vectors(self, saved: SavedPartition) -> Iterator[tuple[Ids, Templates]]:
        """Living vectors in pieces. Raises ValueError that says what is wrong."""

    def in_use(self) -> bool: ...


class Builder(Protocol):
    """An index that builds, and saves what it has built."""

    def build_now(self) -> None: ...

    def discard_saved(self) -> None: ...

    def close(self) -> None: ...
