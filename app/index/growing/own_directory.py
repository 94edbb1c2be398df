"""A directory that one process has to itself."""

from pathlib import Path

from models.files.locking import is_locked, remove_abandoned, try_lock


class OwnDirectory:
    """The first of `root`/0, `root`/1, … that no running process holds.

    Processes on one machine must not write one another's snapshots. What nobody holds any more
    nobody keeps clean of erased vectors either, so it is removed, except the one taken over.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = 0
        while (lock := try_lock(_lock_of(root, str(number)))) is None:
            number += 1
        self.path = root / str(number)
        self.path.mkdir(exist_ok=True, mode=0o700)
        self._lock = lock
        for other in root.iterdir():
            if other.is_dir() and other != self.path:
                remove_abandoned(other, _lock_of(root, other.name))

    def close(self) -> None:
        """Let another process have it."""
        self._lock.release()


def is_held(root: Path, name: str) -> bool:
    """Whether a running process has the directory `name` to itself."""
    return is_locked(_lock_of(root, name))


def _lock_of(root: Path, name: str) -> Path:
    return root / f"{name}.lock"
