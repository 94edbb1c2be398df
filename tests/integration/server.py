"""Real server processes, to be talked to, stopped and killed."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from app.serving.launching import LaunchedServer
from tests.integration.revision import REVISION

ROOT = Path(__file__).parents[2]
_STOP_SECONDS = 40
_DYING_SECONDS = 5
"""For a process to write where its threads are."""


class Starter:
    """The process that forks servers and workers, see `tests.integration.starter`."""

    def __init__(self) -> None:
        # Pools of threads do not survive a fork, and servers use one thread per request anyway.
        single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.starter"],
            cwd=ROOT,
            env={**os.environ, **single},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, environment: dict[str, str], log: Path, *arguments: str) -> int:
        """The id of a new process that runs `facet` with the arguments."""
        return self._order(arguments=arguments, environment=environment, log=str(log))

    def run(self, environment: dict[str, str], *arguments: str) -> str:
        """What `facet` prints, run to its end."""
        with tempfile.TemporaryDirectory() as place:
            log, answer = Path(place, "log"), Path(place, "answer")
            process = self._order(
                arguments=arguments, environment=environment, log=str(log), answer=str(answer)
            )
            while is_running(process):
                time.sleep(0.005)
            assert Path(f"{answer}.status").read_text() == "0", log.read_text()
            return answer.read_text().strip()

    def _order(self, **order: object) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=_STOP_SECONDS)


class Forked:
    """A process that the starter has started, which takes note of its end."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    @property
    def pid(self) -> int:
        return self._pid

    def is_running(self) -> bool:
        return is_running(self._pid)


class Server(LaunchedServer):
    """One process at a time over one data directory; it can be killed and started again."""

    def __init__(
        self,
        starter: Starter,
        data_dir: Path,
        model_cache: Path,
        *,
        at_revision: str | None = None,
        **settings: str,
    ) -> None:
        """`at_revision`: take that revision of the tables for the newest one."""
        # A second process would take its time to start.
        chosen: dict[str, Any] = {"model_cache_dir": model_cache, "processes": 1, **settings}
        super().__init__(data_dir, data_dir.parent, spawn=self._fork, **chosen)
        self.log = data_dir.parent / f"server-{self.port}.log"
        if at_revision is not None:
            self.environment[REVISION] = at_revision
        self._starter = starter
        self._workers: list[int] = []

    def _fork(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
        return Forked(self._starter.start(dict(environment), log, *arguments))

    def facet(self, *arguments: str) -> str:
        """What a command prints, run to its end on the server's data."""
        return self._starter.run(self.environment, *arguments)

    def create_key(self, scope: str = "admin") -> str:
        return self.facet("keys", "create", "--scope", scope)

    def worker(self) -> int:
        """The id of a new process that runs `facet worker` beside the server."""
        log = self.log.with_suffix(".worker")
        self._workers.append(self._starter.start(self.environment, log, "worker"))
        return self._workers[-1]

    def run(self, log: Path, *arguments: str) -> int:
        """The id of a new process that runs another `facet` command on the server's data."""
        return self._starter.start(self.environment, log, *arguments)

    def kill_after(self, seconds: float) -> None:
        """`kill -9` after a while: the process gets no chance to finish anything."""
        time.sleep(seconds)
        assert self.is_running(), f"the server died by itself:\n{self.last_words()}"
        self.end_by(signal.SIGKILL)

    def stop(self) -> None:
        """End the processes in good order; does nothing when they are over already."""
        super().stop()
        while self._workers:
            with suppress(ProcessLookupError):
                os.kill(self._workers.pop(), signal.SIGTERM)

    def client(self, key: str) -> httpx.Client:
        """A client that sends the key."""
        return httpx.Client(
            base_url=self.address, headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def where_it_hangs(self) -> str:
        """End the process, which writes where its threads are; the end of its log."""
        if self.is_running():
            os.kill(self.pid, signal.SIGABRT)
            ends = time.monotonic() + _DYING_SECONDS
            while self.is_running() and time.monotonic() < ends:
                time.sleep(0.05)
        return self.last_words()


def is_running(process: int) -> bool:
    """Whether there is a process of that id."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
