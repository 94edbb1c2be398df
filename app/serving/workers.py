"""The workers of a server, as its acceptor sees them: started, fed, kept alive, ended."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress

import structlog

from app.platform.telemetry import PROCESSES, forget_process
from app.serving.heartbeats import Silence, was_heard

_STOP_SECONDS = 40.0
"""For requests under way when the server ends."""
_PAUSES = (1.0, 60.0)
"""Seconds until a process that has died is started again, the first time and at most."""

_log = structlog.get_logger(__name__)


class Workers:
    """Worker processes; all methods but the constructor belong to one event loop."""

    def __init__(self, count: int, environment: Mapping[str, str], silence: Silence) -> None:
        """`environment`: what they are told beside what this process was told."""
        self.count = count
        self._environment = {**os.environ, **environment}
        self._silence = silence
        self._ending = asyncio.Event()
        self._processes: list[Process] = []
        self._channels: list[socket.socket] = []
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def ready(self) -> int:
        """Number of workers that take connections: they have started and are not silent."""
        return len(self._channels)

    def start(self) -> None:
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self.count)]

    def give(self, number: int, connection: socket.socket) -> bool:
        """Hand the connection to one that is ready; False when it has just ended."""
        try:
            socket.send_fds(self._channels[number], [b"c"], [connection.fileno()])
        except OSError:  # it has just died, or is so far behind that its channel is full
            return False
        return True

    async def stop(self) -> None:
        """End them after the requests under way."""
        self._ending.set()
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.terminate()
        if self._keepers:
            await asyncio.wait(self._keepers, timeout=_STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End them now."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.kill()

    async def _keep(self) -> None:
        """One of them, and after its death another one in its place."""
        pause, longest = _PAUSES
        while not self._ending.is_set():
            try:
                was_ready, how = await self._run()
            except OSError as error:  # no descriptors or no memory for another process
                was_ready, how = False, str(error)
            if self._ending.is_set():
                return
            pause = _PAUSES[0] if was_ready else min(2 * pause, longest)
            _log.warning("server-process-died", how=how, again_in=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)

    async def _run(self) -> tuple[bool, str]:
        """A process from start to end: whether it was ready in between, and how it ended."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                process = await self._start(theirs.fileno())
            self._processes.append(process)
            if self._ending.is_set():  # meanwhile
                process.terminate()
            ours.setblocking(False)
            was_ready = bool(await _ready_sign(ours))
            if was_ready:
                self._set_ready(ours, True)
                watch = asyncio.create_task(self._watch(process, ours))
            await process.wait()
            if was_ready:
                watch.cancel()
                self._set_ready(ours, False)
            self._processes.remove(process)
        forget_process(process.pid)
        return was_ready, f"process {process.pid}, exit status {process.returncode}"

    async def _watch(self, process: Process, channel: socket.socket) -> None:
        """Give nothing to the process while it is silent, and kill it when it stays so.

        Silence is counted in looks, not by the clock: when this process was held up itself,
        it has missed what it might have heard.
        """
        step, silent = self._silence.interval, 0.0
        while True:
            await asyncio.sleep(step)
            heard = was_heard(channel)
            silent = 0.0 if heard or self._ending.is_set() else silent + step
            ready = silent < self._silence.passed_over
            if ready != (channel in self._channels):
                event = "server-process-answers-again" if ready else "server-process-silent"
                _log.warning(event, process=process.pid, seconds=silent)
                self._set_ready(channel, ready)
            if silent >= self._silence.replaced:
                _log.error("server-process-killed", process=process.pid, silent_seconds=silent)
                process.kill()
                return

    def _set_ready(self, channel: socket.socket, ready: bool) -> None:
        if ready and channel not in self._channels:
            self._channels.append(channel)
        elif not ready and channel in self._channels:
            self._channels.remove(channel)
        PROCESSES.set(1 + len(self._channels))

    async def _start(self, descriptor: int) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.serving.worker"),
            *(str(descriptor), str(self.count + 1)),
            pass_fds=(descriptor,),
            env=self._environment,
            start_new_session=True,  # Ctrl-C is the acceptor's to answer
        )


async def _ready_sign(channel: socket.socket) -> bytes:
    """Sign that the process gives when it is ready; empty when it ends instead."""
    with suppress(ConnectionError):
        return await asyncio.get_running_loop().sock_recv(channel, 1)
    return b""
