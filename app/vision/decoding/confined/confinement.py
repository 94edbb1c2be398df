"""Rights that a process gives up before it looks at a file. Linux alone."""

import ctypes
import os
import resource
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_PAGES = Path("/proc/self/statm")
_FIRST_TO_GO = Path("/proc/self/oom_score_adj")


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def close_others(kept: Iterable[int]) -> None:
    """Close every file descriptor but those and the standard ones."""
    start = 3
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, os.sysconf("SC_OPEN_MAX"))


def confine(memory: int, seconds: int, written: int) -> None:
    """Limit this process: so many bytes more than now, so many seconds of processor time.

    No file, socket or pipe can be opened, no more than so many bytes `written` to what is
    open, and no other program started with more rights.
    """
    own = int(_PAGES.read_text().split()[0]) * resource.getpagesize()
    with suppress(OSError):  # where memory runs out for all, the system ends this one first
        _FIRST_TO_GO.write_text("1000")
    ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _limit(resource.RLIMIT_AS, own + memory)
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, written)
    _limit(resource.RLIMIT_NOFILE, 0)


def forget_environment() -> None:
    """Empty the environment: nothing of it is needed once everything has been imported."""
    os.environ.clear()


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    resource.setrlimit(what, (soft, soft if hard is None else hard))
