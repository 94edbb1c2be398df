"""The process of a job as its worker sees it: started aside, listened to, killed."""

import os
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from app.jobs.messages import Ended, Reported
from app.jobs.orders import OpenHandler, Order

_NICENESS = 10
"""Of 19. Beside a busy process that serves requests, the scheduler gives it a tenth of a core."""


class JobProcess:
    """One process of its own for one job: it can be killed without harm to anything else.

    It is started anew and not forked, which threads and open connections would not survive.
    """

    def __init__(self, open_handler: OpenHandler, order: Order) -> None:
        receiving, sending = os.pipe()
        self._receiver = Connection(receiving, writable=False)
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "app.jobs.child", str(sending)],
            stdin=subprocess.PIPE,
            pass_fds=(sending,),
            process_group=0,  # Ctrl-C is the worker's to answer
        )
        os.close(sending)
        # Before it has imported anything: what it starts later inherits the priority.
        os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICENESS)
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        with suppress(BrokenPipeError):  # dead already, which `next` finds out
            Connection(os.dup(self._process.stdin.fileno()), readable=False).send(
                (open_handler, order)
            )

    def next(self, seconds: float) -> Reported | Ended | None:
        """The next message, None without one in that time. Raises EOFError when it has died."""
        if not self._receiver.poll(seconds):
            return None
        message: Reported | Ended = self._receiver.recv()
        return message

    def exit_code(self) -> int | None:
        """Exit code after the end; negative is the number of the signal that killed it."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._process.returncode

    def kill(self) -> None:
        """End it now; does nothing when it has ended."""
        self._process.kill()
        self._process.communicate()
        self._receiver.close()
