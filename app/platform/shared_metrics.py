"""Metrics of a server that is several processes: all of them count in files of one directory.

prometheus-client looks where that is when it is imported, so nothing here imports it.
"""

import atexit
import os
import tempfile
from pathlib import Path

from models.files.locking import ScratchDirectory

_MEMORY = Path("/dev/shm")  # noqa: S108 - the directory in it has a name of its own
"""Where there is one: on a full disk, writing to a file that is mapped ends the process."""
_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "facet-metrics-"
_made: list[ScratchDirectory] = []
"""Held for as long as this process runs."""


def share_metrics() -> None:
    """Share metrics from here on, among this process and those it starts.

    Does nothing where no temporary directory can be written.
    """
    try:
        parent = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
        shared = ScratchDirectory(parent, _PREFIX, f"{os.getpid()}-")
    except OSError:
        return
    os.environ[_VARIABLE] = str(shared.path)
    _made.append(shared)
    atexit.register(remove_shared)


def remove_shared() -> None:
    """Remove the files, if it was this process that began to share; at its end."""
    if _made and first_process() == os.getpid():
        _made.pop().close()


def are_shared() -> bool:
    """True when metrics are those of several processes."""
    return _VARIABLE in os.environ


def first_process() -> int:
    """The process that began to share."""
    return int(Path(os.environ[_VARIABLE]).name.removeprefix(_PREFIX).split("-")[0])


def keep_apart() -> None:
    """Count for this process alone, although the one that started it shares."""
    os.environ.pop(_VARIABLE, None)
