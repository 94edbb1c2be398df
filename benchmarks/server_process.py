"""A real server in a process of its own, over a gallery that is thrown away."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

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

    @property
    def data_dir(self) -> str:
        """Where its gallery lies, for another server beside it."""
        return self._environment["FACET_DATA_DIR"]

    def start(self) -> float:
        """Start and wait until ready; the seconds that took."""
        begin = time.perf_counter()
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
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        return cpu_seconds(self.pid)

    def resident_bytes(self) -> int:
        """Memory held at the moment."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

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
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._directory.cleanup()


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS
