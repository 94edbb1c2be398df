"""A real server with all its processes, over a gallery that is thrown away."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from app.bootstrap.capacity import server_processes
from app.serving.launching import LaunchedServer, Spawn, spawn_child
from app.settings import Settings
from models.registry.locations import open_registry

_ALL_SECONDS = 120
_TICKS = os.sysconf("SC_CLK_TCK")


class ServerProcess(LaunchedServer):
    """`facet serve` without keys over a directory of its own."""

    def __init__(self, spawn: Spawn = spawn_child, /, **settings: object) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="facet-benchmark-")
        place = Path(self._directory.name)
        cache = open_registry().cache_dir.absolute()
        own: dict[str, Any] = {"model_cache_dir": cache, "master_key_file": place / "master.key"}
        chosen = {"auth": "off", **own, **settings}
        super().__init__(place, place / "log", spawn=spawn, **chosen)
        self.processes = server_processes(Settings(**settings))  # type: ignore[arg-type]

    def wait_for_all(self) -> float:
        """Wait until all its processes answer; the seconds since the launch."""
        count = f"facet_server_processes {self.processes}.0"
        while count not in (metrics := (self.get("/metrics") or b"").decode()):
            assert time.perf_counter() - self.launched_at < _ALL_SECONDS, metrics
            time.sleep(0.05)
        return time.perf_counter() - self.launched_at

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        return sum(cpu_seconds(process) for process in self._pids())

    def resident_bytes(self) -> int:
        """Memory held at the moment; pages that processes share count once."""
        return sum(_proportional_bytes(process) for process in self._pids())

    def _pids(self) -> list[int]:
        return [self.pid, *_descendants(self.pid)]

    def __enter__(self) -> Self:
        self.start()
        self.wait_for_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._directory.cleanup()


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS


def _descendants(pid: int) -> Iterator[int]:
    """The processes that it has started, and those that these have."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # some end while they are looked at
            for child in children.read_text().split():
                yield int(child)
                yield from _descendants(int(child))


def _proportional_bytes(pid: int) -> int:
    """Resident memory of a process, with its share of what others have mapped as well.

    None of one that has just ended.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
