"""Locks between the processes of one machine, each a file that one of them holds.

A lock goes with its process, however that ends, so what is locked by nobody was left behind.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_NO_MODE = -1
"""What filelock takes for none."""

_LOCK = "lock"


@contextmanager
def lock(path: Path, *, mode: int | None = 0o600) -> Iterator[None]:
    """Alone with the lock of that file, which is made where it is missing; waits for it.

    With no `mode` the process's own umask decides who may read a file that is made.
    """
    with _file_lock(path, mode):
        yield


def try_lock(path: Path) -> FileLock | None:
    """The lock of that file, to be released by its holder; None while somebody else has it."""
    held = _file_lock(path)
    try:
        held.acquire(blocking=False)
    except Timeout:
        return None
    return held


def is_locked(path: Path) -> bool:
    """Whether a running process holds the lock of that file."""
    held = try_lock(path)
    if held is None:
        return True
    held.release()
    return False


def remove_abandoned(path: Path, lock_file: Path) -> None:
    """Remove a file or directory unless a running process holds its lock.

    The lock may be the file itself, or lie in the directory.
    """
    held = try_lock(lock_file)
    if held is None:
        return
    try:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    finally:
        held.release()


class ScratchDirectory:
    """A directory for this process alone; what others have left is removed when one is made."""

    def __init__(self, parent: Path, prefix: str, label: str = "") -> None:
        """Makes a directory in `parent`; its name begins with `prefix`, then `label`.

        Those with the prefix that no running process holds are removed. Raises OSError.
        """
        for left in parent.glob(f"{prefix}*/"):
            try:
                remove_abandoned(left, left / _LOCK)
            except OSError:  # somebody else's
                continue
        # Locked before it has its name: it must not be taken for an abandoned one.
        made = Path(tempfile.mkdtemp(prefix=f".new-{prefix}{label}", dir=parent))
        self._lock = _file_lock(made / _LOCK)
        self._lock.acquire(blocking=False)
        self.path = made.rename(parent / made.name.removeprefix(".new-"))

    def close(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()


def _file_lock(path: Path, mode: int | None = 0o600) -> FileLock:
    # Of the process and not of a thread; and never a marker, which would outlive its process.
    given = _NO_MODE if mode is None else mode
    return FileLock(path, mode=given, thread_local=False, fallback_to_soft=False)
