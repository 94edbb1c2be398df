"""A real server with all its processes, over a gallery that is thrown away."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from app.bootstrap.capacity import server_processes
from app.settings import Settings
from models.registry.locations import open_registry

_START_SECONDS = 120
_STOP_SECONDS = 60
_TICKS = os.sysconf("SC_CLK_TCK")


class ServerProcess:
    """`facet serve` on a free port without keys; settings by their names in lower case."""

    def __init__(self, **settings: object) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="facet-benchmark-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        inherited = {key: value for key, value in os.environ.items() if key[:6] != "FACET_"}
        self._environment = inherited | {
            "FACET_DATA_DIR": self._directory.name,
            "FACET_MODEL_CACHE_DIR": str(open_registry().cache_dir.absolute()),
            "FACET_AUTH": "off",
            "FACET_PORT": str(self.port),
            **{f"FACET_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._begin = 0.0
        self.processes = server_processes(Settings(**settings))  # type: ignore[arg-type]

    def start(self) -> float:
        """Start and wait until ready; the seconds that took."""
        self._begin = begin = time.perf_counter()
        with (Path(self._directory.name) / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"],
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        while time.perf_counter() - begin < _START_SECONDS:
            if self._process.poll() is not None:
                break
            if self._ready():
                return time.perf_counter() - begin
            time.sleep(0.01)
        raise RuntimeError(f"the server does not start:\n{self._last_words()}")

    def _ready(self) -> bool:
        try:
            return bool(self._get("/readyz"))
        except OSError:
            return False

    def _get(self, path: str) -> bytes:
        """What it answers; nothing unless that is a success."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.read() if answer.status == 200 else b""
        finally:
            connection.close()

    def wait_for_all(self) -> float:
        """Wait until all its processes answer; the seconds since the start."""
        count = f"facet_server_processes {self.processes}.0"
        while count not in (metrics := self._get("/metrics").decode()):
            assert time.perf_counter() - self._begin < _START_SECONDS, metrics
            time.sleep(0.05)
        return time.perf_counter() - self._begin

    def create_key(self, scope: str) -> str:
        """A new key, for a server that was started with `auth="keys"`."""
        command = [sys.executable, "-m", "app.cli", "keys", "create", "--scope", scope]
        environment = self._environment
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        return sum(cpu_seconds(process) for process in self._pids())

    def resident_bytes(self) -> int:
        """Memory held at the moment; pages that processes share count once."""
        return sum(_proportional_bytes(process) for process in self._pids())

    def _pids(self) -> list[int]:
        assert self._process is not None
        first = self._process.pid
        return [first, *_descendants(first)]

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _last_words(self) -> str:
        return (Path(self._directory.name) / "log").read_text()[-3000:]

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
