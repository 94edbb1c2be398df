"""Real server processes, to be talked to, stopped and killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import httpx

from tests.integration.revision import REVISION

ROOT = Path(__file__).parents[2]
_START_SECONDS = 90
_STOP_SECONDS = 40


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
        assert self._process.stdin is not None and self._process.stdout is not None
        order = json.dumps({"arguments": arguments, "environment": environment, "log": str(log)})
        with self._lock:
            self._process.stdin.write(order + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=_STOP_SECONDS)


class Server:
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
        self.data_dir = data_dir
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        self.log = data_dir.parent / f"server-{port}.log"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("FACET_")}
        self.environment = inherited | {
            "FACET_DATA_DIR": str(data_dir),
            "FACET_MODEL_CACHE_DIR": str(model_cache),
            "FACET_PORT": str(port),
            "FACET_PROCESSES": "1",  # a second one would take its time to start
            **{f"FACET_{name.upper()}": value for name, value in settings.items()},
        }
        if at_revision is not None:
            self.environment[REVISION] = at_revision
        self._starter = starter
        self._process: int | None = None
        self._workers: list[int] = []

    def create_key(self) -> str:
        """A new admin's key, made by the command line on the server's database."""
        command = [sys.executable, "-m", "app.cli", "keys", "create", "--scope", "admin"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def launch(self) -> None:
        """Start the process without waiting for it."""
        self._process = self._starter.start(self.environment, self.log, "serve")

    def worker(self) -> int:
        """The id of a new process that runs `facet worker` beside the server."""
        log = self.log.with_suffix(".worker")
        self._workers.append(self._starter.start(self.environment, log, "worker"))
        return self._workers[-1]

    def run(self, log: Path, *arguments: str) -> int:
        """The id of a new process that runs another `facet` command on the server's data."""
        return self._starter.start(self.environment, log, *arguments)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._running() and time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.address}/readyz", timeout=10).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the server is not ready:\n{self._last_words()}")

    def start(self) -> Self:
        """Start the process and wait until it is ready."""
        self.launch()
        self.wait_until_ready()
        return self

    def kill_after(self, seconds: float) -> None:
        """`kill -9` after a while: the process gets no chance to finish anything."""
        time.sleep(seconds)
        assert self._running(), f"the server died by itself:\n{self._last_words()}"
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the processes in good order; does nothing when they are over already."""
        if self._running():
            self._end(signal.SIGTERM)
        while self._workers:
            with suppress(ProcessLookupError):
                os.kill(self._workers.pop(), signal.SIGTERM)

    def client(self, key: str) -> httpx.Client:
        """A client that sends the key."""
        return httpx.Client(
            base_url=self.address, headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def _running(self) -> bool:
        return self._process is not None and is_running(self._process)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process, how)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._running():
            assert time.monotonic() < deadline, f"the server lives on:\n{self.where_it_hangs()}"
            time.sleep(0.01)
        self._process = None

    def where_it_hangs(self) -> str:
        """End the process, which writes where its threads are; the end of its log."""
        if self._running():
            assert self._process is not None
            os.kill(self._process, signal.SIGABRT)
            time.sleep(1)
        return self._last_words()

    def _last_words(self) -> str:
        return self.log.read_text()[-4000:] if self.log.exists() else "(no log)"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def is_running(process: int) -> bool:
    """Whether there is a process of that id."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
