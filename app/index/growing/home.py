"""A directory that one process has to itself."""

import fcntl
import os
import shutil
from pathlib import Path


class Home:
    """The first of `root`/0, `root`/1, … that no running process holds.

    Processes on one machine must not write one another's snapshots. What nobody holds any more
    nobody keeps clean of erased vectors either, so it is removed, except the one taken over.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = 0
        while (lock := _lock(root / f"{number}.lock")) is None:
            number += 1
        self.directory = root / str(number)
        self.directory.mkdir(exist_ok=True, mode=0o700)
        self._lock = lock
        _clear_abandoned(root, keep=number)

    def close(self) -> None:
        """Let another process have it."""
        os.close(self._lock)


def _clear_abandoned(root: Path, keep: int) -> None:
    for path in root.iterdir():
        if not path.is_dir() or path.name == str(keep):
            continue
        lock = _lock(root / f"{path.name}.lock")
        if lock is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(root: Path, name: str) -> bool:
    """Whether a running process has the directory `name` to itself."""
    lock = _lock(root / f"{name}.lock")
    if lock is None:
        return True
    os.close(lock)
    return False
