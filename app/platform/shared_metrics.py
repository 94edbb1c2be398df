"""Metrics of a server that is several processes: all of them count in files of one directory.

prometheus-client looks where that is when it is imported, so nothing here imports it.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - the directory in it has a name of its own
"""Where there is one: on a full disk, writing to a file that is mapped ends the process."""
_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "facet-metrics-"
_LOCK = "lock"


def share_metrics() -> None:
    """Share metrics from here on, among this process and those it starts.

    Does nothing where no temporary directory can be written.
    """
    try:
        parent = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
        _remove_abandoned(parent)
        directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    except OSError:
        return
    # Locked before it has its name: it must not be taken for an abandoned one. The lock goes
    # with this process, however that ends.
    being_made = directory / "being-made"
    fcntl.flock(os.open(being_made, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    being_made.rename(directory / _LOCK)
    os.environ[_VARIABLE] = str(directory)
    atexit.register(remove_shared)


def remove_shared() -> None:
    """Remove the files, if it was this process that began to share; at its end."""
    if are_shared() and first_process() == os.getpid():
        shutil.rmtree(os.environ[_VARIABLE], ignore_errors=True)


def are_shared() -> bool:
    """True when metrics are those of several processes."""
    return _VARIABLE in os.environ


def first_process() -> int:
    """The process that began to share."""
    return int(Path(os.environ[_VARIABLE]).name.removeprefix(_PREFIX).split("-")[0])


def keep_apart() -> None:
    """Count for this process alone, although the one that started it shares."""
    os.environ.pop(_VARIABLE, None)


def _remove_abandoned(parent: Path) -> None:
    """What servers left that were killed."""
    for lock in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        try:
            with lock.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:  # in use, or somebody else's
            continue
