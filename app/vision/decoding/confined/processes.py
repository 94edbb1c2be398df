"""Processes that decode, as the request sees them: started, listened to, ended."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import structlog

from app.domain.errors import FacetError
from app.domain.errors.trouble import OverloadedError
from app.vision.decoding.confined.messages import (
    LONGEST,
    POLL_SECONDS,
    Kind,
    error_of,
    packed,
    unpacked,
)
from app.vision.decoding.confined.result import read_result
from app.vision.decoding.pixels import Rgb

_ROOT = Path(__file__).parents[4]
_STARTER = "app.vision.decoding.confined.starter"
_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
"""Variables that the starter gets; no other one, for some are secrets."""
_LEAN = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
_LEAN["MALLOC_MMAP_THRESHOLD_"] = str(2**20)
_LEAN["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"  # to touch small pages takes most of the time
_ENDED_BY_TIME = (-signal.SIGXCPU, -signal.SIGALRM)
_FIRST_WORD = 20.0
"""Seconds until a process has been started, on a machine that is very busy."""

_ATTEMPTS = 3
"""Starters that are tried for one file."""

_log = structlog.get_logger(__name__)


class OutOfMemoryError(Exception):
    """The process needed more memory than it may use."""


class OutOfTimeError(Exception):
    """The process needed more processor time than it may use."""


class DiedError(Exception):
    """The process ended without an answer."""


def available() -> bool:
    """Whether files can be decoded in processes of their own: on Linux."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(os, "memfd_create")


class DecodingProcess:
    """One process for one file. Close it when done; what happens to it harms nobody else."""

    def __init__(self, kind: Kind, data: bytes, size: int, order: dict[str, Any]) -> None:
        """`size`: bytes that its results may have.

        Raises OverloadedError when no process can be started.
        """
        self._kind = kind
        self._handle = -1
        source, self._target = _filled(data), os.memfd_create("result")
        try:
            os.ftruncate(self._target, size)  # takes memory only when it is written to
            channel, self._handle = _starter.start(kind, source, self._target)
        except BaseException:
            os.close(self._target)
            raise
        finally:
            os.close(source)
        self._connection = Connection(channel.detach())
        self.send(**order)

    def picture(self, shape: tuple[int, int, int]) -> Rgb:
        """The picture it has made. Raises ValueError when that is less."""
        return read_result(self._target, shape)

    def send(self, **fields: Any) -> None:
        with suppress(OSError):  # it has died, which `answer` finds out
            self._connection.send_bytes(packed(**fields))

    def answer(self, check: Callable[[], None]) -> dict[str, Any]:
        """The next message. `check` is called all the while, and may raise to give up.

        Raises the FacetError it reports, OutOfMemoryError, OutOfTimeError or DiedError.
        """
        try:
            while not self._connection.poll(POLL_SECONDS):
                check()
            answer = unpacked(self._connection.recv_bytes(LONGEST))
            error = error_of(answer)
        except (EOFError, OSError, ValueError, RecursionError) as trouble:
            raise DiedError(self._kind) from trouble
        if error is not None:
            raise error
        if "exhausted" in answer:
            raise OutOfMemoryError
        if "ended" in answer:
            if answer["ended"] in _ENDED_BY_TIME:
                raise OutOfTimeError
            _log.warning("decoding-process-died", kind=self._kind, exit_code=answer["ended"])
            raise OutOfMemoryError if answer["ended"] == -signal.SIGKILL else DiedError(self._kind)
        return answer

    def close(self) -> None:
        """End it now; does nothing when it has ended."""
        if self._handle >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            os.close(self._target)
            self._handle = -1
            self._connection.close()

    def __enter__(self) -> "DecodingProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_connection"):
            self.close()


class Decoding:
    """Preparation of a server before its first file to be decoded in a process of its own."""

    def start(self) -> None:
        """Prepare in a thread of its own: it takes some tenths of a second."""
        if available():
            threading.Thread(target=_starter.prepare, name="decoding", daemon=True).start()
        else:
            _log.warning(
                "decoding-not-confined", why="only Linux has what processes are confined with"
            )

    def stop(self) -> None:
        _starter.stop()


class _Starter:
    """The starter of this process, started at the first need and again when it has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def prepare(self) -> None:
        with self._lock, suppress(FacetError):
            self._running()

    def stop(self) -> None:
        """End it, and with it every process that it has started."""
        with self._lock:
            self._end()

    def start(self, kind: Kind, source: int, target: int) -> tuple[socket.socket, int]:
        """The channel to a new process, and its handle. Raises OverloadedError."""
        used: socket.socket | None = None
        for _ in range(_ATTEMPTS):  # a starter may die, killed perhaps where memory ran out
            with self._lock:
                used = self._running(instead_of=used)
                ours, theirs = socket.socketpair()
                with theirs, suppress(OSError):
                    socket.send_fds(used, [kind.encode()], [theirs.fileno(), source, target])
            ours.settimeout(_FIRST_WORD)
            try:
                word, handles, _, _ = socket.recv_fds(ours, 1, 1)
            except TimeoutError:
                ours.close()
                break
            except OSError:
                word, handles = b"", []
            if word and handles:
                ours.settimeout(None)
                return ours, handles[0]
            ours.close()
            if word:
                break  # the system has no room for another process
        raise _cannot_start()

    def _running(self, instead_of: socket.socket | None = None) -> socket.socket:
        """The way to the starter; to a new one when there is none, or that one has failed."""
        dead = self._process is not None and self._process.poll() is not None
        if self._control is None or dead or self._control is instead_of:
            self._end()
            self._control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
            with theirs:
                try:
                    self._process = subprocess.Popen(  # noqa: S603 - our own module
                        [
                            sys.executable,
                            "-m",
                            "app.vision.decoding.confined.starter",
                            str(theirs.fileno()),
                        ],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        pass_fds=(theirs.fileno(),),
                        cwd="/",
                        env=_environment(),
                        start_new_session=True,
                    )
                except OSError as error:
                    raise _cannot_start() from error
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _environment() -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    path = [str(_ROOT), *filter(None, [inherited.get("PYTHONPATH")])]
    return {**inherited, **_LEAN, "PYTHONPATH": os.pathsep.join(path)}


def _filled(data: bytes) -> int:
    """A descriptor of a file in memory, at its beginning."""
    descriptor = os.memfd_create("source")
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _cannot_start() -> OverloadedError:
    return OverloadedError(
        "No process could be started to decode the file.",
        hint="Try again after the time in Retry-After.",
    )


_starter = _Starter()
