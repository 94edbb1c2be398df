"""What an attack does to a server's other clients and to its memory."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

SLOWEST = 0.5
"""Seconds in which `/healthz` has to answer, on machines that do other things as well."""
LARGEST_RISE = 600 * 2**20
"""Bytes that all processes of a server may take more, at most."""
_PAUSE = 0.02


class Watch:
    """Asks `/healthz` without a pause and measures the memory of all processes meanwhile."""

    def __init__(self, address: str, process: int) -> None:
        """`process`: the first of the server's; the others are its descendants."""
        self.slowest = 0.0
        self.failures: list[str] = []
        self._address, self._process = address, process
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=task) for task in (self._ask, self._measure)]

    def __enter__(self) -> Self:
        for process in family(self._process):
            with suppress(OSError):
                Path(f"/proc/{process}/clear_refs").write_text("5")  # the peak begins anew
        self._before = self._most = memory(self._process)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        time.sleep(5 * _PAUSE)  # what is blocked now shows
        self._ended.set()
        for thread in self._threads:
            thread.join()
        if kind is None:
            assert not self.failures, self.failures
            assert self.slowest < SLOWEST, f"/healthz took {self.slowest:.2f} s"
            assert self.rise < LARGEST_RISE, f"memory rose by {self.rise / 2**20:.0f} MiB"

    @property
    def rise(self) -> int:
        """Bytes between what the processes took before and the most that they took since."""
        peaks = sum(_status(process, "VmHWM") for process in family(self._process))
        return max(self._most, peaks) - self._before

    def _ask(self) -> None:
        with httpx.Client(base_url=self._address, timeout=30) as client:
            while not self._ended.is_set():
                start = time.perf_counter()
                try:
                    answer = client.get("/healthz", headers={"Connection": "close"})
                except httpx.TransportError as error:
                    self.failures.append(repr(error))
                else:
                    if answer.status_code != 200:
                        self.failures.append(answer.text)
                self.slowest = max(self.slowest, time.perf_counter() - start)
                time.sleep(_PAUSE)

    def _measure(self) -> None:
        while not self._ended.wait(_PAUSE):
            self._most = max(self._most, memory(self._process))


def family(process: int) -> Iterator[int]:
    """The process and all its descendants."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from family(int(child))


def memory(process: int) -> int:
    """Bytes that the process and its descendants have in memory."""
    return sum(_status(one, "VmRSS") for one in family(process))


def _status(process: int, name: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0
