"""The index as it lies on disk, seen from outside: its owner may be serving from it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.domain.snapshots import SavedPartition
from app.index.growing import snapshots
from app.index.growing.own_directory import is_held
from app.index.growing.snapshots import SnapshotError
from app.index.kit.arrays import Ids, Vectors


class SavedIndex:
    """Reads snapshots without taking them over."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def partitions(self) -> Sequence[SavedPartition]:
        """Every snapshot of every process."""
        if not self._root.is_dir():
            return []
        return [
            _described(directory, manifest, process)
            for process in sorted(path for path in self._root.iterdir() if path.is_dir())
            for directory, manifest in snapshots.manifests(process)
        ]

    def vectors(self, saved: SavedPartition) -> Iterator[tuple[Ids, Vectors]]:
        """Every living vector of a snapshot in pieces, checksums verified.

        No further ones when its owner removes it meanwhile, for a later generation serves.
        Raises SnapshotError, a ValueError that says what is wrong.
        """
        for directory, manifest in snapshots.manifests(saved.path.parent.parent):
            if directory == saved.path:
                try:
                    if isinstance(manifest, SnapshotError):
                        raise manifest
                    yield from snapshots.check(directory, manifest)
                except SnapshotError:
                    if saved.problem is not None or snapshots.is_complete(directory):
                        raise

    def in_use(self) -> bool:
        """Whether a running process holds any of it."""
        return any(is_held(self._root, path.name) for path in self._root.glob("[0-9]*/"))


def _described(
    directory: Path, manifest: snapshots.Manifest | SnapshotError, process: Path
) -> SavedPartition:
    running = is_held(process.parent, process.name)
    size = sum(path.stat().st_size for path in directory.iterdir())
    if isinstance(manifest, SnapshotError):
        return SavedPartition(directory, process.name, running, None, str(manifest), nbytes=size)
    return SavedPartition(
        directory,
        process.name,
        running,
        manifest.partition,
        None,
        manifest.watermark,
        manifest.rows,
        manifest.lists,
        size,
    )
