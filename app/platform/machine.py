"""Resources that the machine gives to this process, containers' limits respected."""

import ctypes
import math
import os
import threading
from collections.abc import Iterator
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_MALLOC_OPTIONS = {-3: 16 * 2**20, -1: 32 * 2**20, -8: 4}
"""M_MMAP_THRESHOLD and M_TRIM_THRESHOLD in bytes, M_ARENA_MAX; numbers of malloc.h."""


def give_back_memory() -> None:
    """Give memory that lies free between blocks in use back to the system; some milliseconds.

    Does nothing with other C libraries than glibc.
    """
    library = _c_library()
    if library is not None:
        library.malloc_trim(0)


class FreedMemory:
    """Gives memory that nobody uses any more back to the system. Make one, at the start.

    glibc learns to keep what large pictures needed, up to 64 MiB per arena, for the next one,
    which may never come. With its limits fixed, a huge picture's memory goes at once, while a
    photograph of some megapixels finds its own still there: to ask the system for it anew took
    a tenth of a recognition's time. What is left over between the blocks in use goes every
    `seconds`.
    """

    def __init__(self, seconds: float = 20.0) -> None:
        self._seconds = seconds
        self._stopping = threading.Event()
        library = _c_library()
        if library is not None:
            for option, value in _MALLOC_OPTIONS.items():
                library.mallopt(option, value)

    def start(self) -> None:
        """Start giving back, in a thread of its own."""
        self._stopping.clear()
        threading.Thread(target=self._keep_giving, name="memory", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _keep_giving(self) -> None:
        while not self._stopping.wait(self._seconds):
            give_back_memory()


def _c_library() -> ctypes.CDLL | None:
    """glibc, or None where something else stands in its place."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


def available_cores(cgroups: Path = _CGROUPS, own: Path = Path("/proc/self/cgroup")) -> int:
    """Cores this process may keep busy, 1 at least: its affinity, or its quota if that is less.

    A quota of one and a half cores counts as two: half a core would go unused otherwise.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return max(1, min([cores, *(math.ceil(quota) for quota in _quotas(cgroups, own))]))


def available_memory(cgroups: Path = _CGROUPS, own: Path = Path("/proc/self/cgroup")) -> int:
    """Bytes this process may fill: the machine's memory, or its control groups' limit if less."""
    names = ("memory.max", "memory.limit_in_bytes")  # of version 2 and 1
    limits = [
        int(limit)
        for directory in _groups(cgroups, own, "memory")
        for name in names
        for limit in _numbers(directory / name)[:1]
    ]
    return min([os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), *limits])


def has_gpu() -> bool:
    """True when there is a GPU for torch; torch is not asked, which takes seconds to load."""
    return Path("/dev/nvidiactl").exists()


def _quotas(cgroups: Path, own: Path) -> Iterator[float]:
    """Cores' worth of time allowed by each control group that this process is in."""
    for directory in _groups(cgroups, own, "cpu"):
        match _numbers(directory / "cpu.max"):  # version 2: quota and period, or "max"
            case [quota, period] if period > 0:
                yield quota / period
        quota_v1 = _numbers(directory / "cpu.cfs_quota_us")
        period_v1 = _numbers(directory / "cpu.cfs_period_us")
        if quota_v1 and period_v1 and quota_v1[0] > 0 and period_v1[0] > 0:
            yield quota_v1[0] / period_v1[0]


def _groups(cgroups: Path, own: Path, controller: str) -> Iterator[Path]:
    """Directories of the process's groups and of all groups around them, for one controller."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        lines = []
    for line in [*lines, "0::/"]:
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and controller not in controllers.split(","):
            continue
        root = cgroups / controllers if controllers else cgroups
        inner = root / path.lstrip("/")
        while True:
            yield inner
            if inner == root or root not in inner.parents:
                break
            inner = inner.parent
    yield cgroups / controller


def _numbers(path: Path) -> list[float]:
    """The numbers of a one-line file; none when it is not there or says something else."""
    try:
        return [float(word) for word in path.read_text().split()]
    except (OSError, ValueError):
        return []
