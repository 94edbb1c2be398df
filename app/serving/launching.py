"""`facet serve` in a process of its own: for the demo, for measurements and for tests."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol, Self

FACET = (sys.executable, "-m", "app.cli")
_START_SECONDS = 120
_STOP_SECONDS = 60
_LAST_CHARACTERS = 4000
_PORTS = range(20_000, 32_000)
"""Below those that systems give to connections, one of which could take the port meanwhile."""
_TRIES, _ANY = 50, 0


class LaunchError(Exception):
    """A command that failed, or a server that does not start or end, with the end of its log."""


class Process(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int: ...

    def is_running(self) -> bool: ...


class Spawn(Protocol):
    """Starts `facet` with these arguments; both its outputs are appended to the log."""

    def __call__(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> Process: ...


class Child:
    """A process started by this one, which takes note of its end."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as stream:
            self._process = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)  # noqa: S603

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None


def spawn_child(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    """Start `facet` of this interpreter."""
    return Child((*FACET, *arguments), environment, log)


def facet(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command to its end and give its output. Raises LaunchError with its errors."""
    done = subprocess.run(  # noqa: S603
        [*FACET, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LaunchError(done.stderr)
    return done.stdout.strip()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses."""
    for port in (*random.SystemRandom().sample(_PORTS, _TRIES), _ANY):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise LaunchError("No port of 127.0.0.1 is free.")


def environment_of(data_dir: Path, port: int, **settings: object) -> dict[str, str]:
    """The environment of this process with these settings, and with no others of Facet.

    Settings go by their names in lower case.
    """
    inherited = {name: value for name, value in os.environ.items() if name[:6] != "FACET_"}
    chosen = {"data_dir": data_dir, "port": port, **settings}
    return inherited | {f"FACET_{name.upper()}": str(value) for name, value in chosen.items()}


class LaunchedServer:
    """A server on a free port of 127.0.0.1 over a data directory; it can be started again."""

    def __init__(
        self, data_dir: Path, log: Path, *, spawn: Spawn = spawn_child, **settings: object
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        self.log = log
        self.environment = environment_of(data_dir, self.port, **settings)
        self._spawn = spawn
        self._process: Process | None = None
        self.launched_at = 0.0
        """By `time.perf_counter`."""

    @property
    def pid(self) -> int:
        """Id of the process that was started last. Raises LaunchError before the first."""
        if self._process is None:
            raise LaunchError("the server has not been started")
        return self._process.pid

    def create_key(self, scope: str = "admin") -> str:
        """A new key, made by the command line on the server's database."""
        return facet(self.environment, "keys", "create", "--scope", scope)

    def launch(self) -> None:
        """Start the process without waiting for it."""
        self.launched_at = time.perf_counter()
        self._process = self._spawn(["serve"], self.environment, self.log)

    def wait_until_ready(self) -> float:
        """Wait for the first answer that says so; seconds since the launch. Raises LaunchError."""
        deadline = time.perf_counter() + _START_SECONDS
        while self.is_running() and time.perf_counter() < deadline:
            if self._is_ready():
                return time.perf_counter() - self.launched_at
            time.sleep(0.01)
        raise LaunchError(f"the server does not start:\n{self.last_words()}")

    def start(self) -> Self:
        """Start the process and wait until it is ready. Raises LaunchError, and kills it."""
        self.launch()
        try:
            self.wait_until_ready()
        except BaseException:  # nobody else would end it
            self._kill()
            raise
        return self

    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running()

    def stop(self) -> None:
        """End the process in good order; does nothing when it is over already.

        Raises LaunchError, and kills it, when it does not end.
        """
        if self.is_running():
            self.end_by(signal.SIGTERM)

    def end_by(self, how: signal.Signals) -> None:
        """Send the signal and wait for the end. Raises LaunchError."""
        os.kill(self.pid, how)
        deadline = time.monotonic() + _STOP_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                words = self.where_it_hangs()
                self._kill()
                raise LaunchError(f"the server lives on:\n{words}")
            time.sleep(0.01)

    def _kill(self) -> None:
        if self.is_running():
            os.kill(self.pid, signal.SIGKILL)

    def where_it_hangs(self) -> str:
        """The end of the log."""
        return self.last_words()

    def last_words(self) -> str:
        """The end of the log."""
        return self.log.read_text()[-_LAST_CHARACTERS:] if self.log.exists() else "(no log)"

    def _is_ready(self) -> bool:
        try:
            return self.get("/readyz") is not None
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str) -> bytes | None:
        """The body of its answer; None unless that is a success."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.read() if answer.status == 200 else None
        finally:
            connection.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
