"""`python -m app.vision.decoding.confined.starter`: copies itself for every file to be decoded.

It holds no file's bytes, no descriptor and no variable of the service, and it has one thread,
so that a copy is made in a millisecond and finds everything imported. It ends when the process
that started it does, for then nobody holds the other end of its socket.
"""

import gc
import importlib
import os
import pkgutil
import select
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import cast

from app.vision.decoding.confined.child import decode_one
from app.vision.decoding.confined.confinement import (
    close_others,
    die_with_parent,
    forget_environment,
)
from app.vision.decoding.confined.messages import KINDS, Kind, packed

_LONGEST_KIND = 32
_DESCRIPTORS = 3
"""With each kind come the channel, the file and the place for the result."""


def main(descriptor: int) -> None:
    """Take orders from the socket with that file descriptor until its other end is closed."""
    forget_environment()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to answer
    nowhere = os.open(os.devnull, os.O_RDWR)
    control = socket.socket(fileno=descriptor)
    running: dict[int, tuple[int, int]] = {}
    poll = select.poll()
    poll.register(control, select.POLLIN)
    gc.collect()
    gc.freeze()
    while True:
        for ready, _ in poll.poll():
            if ready != control.fileno():
                poll.unregister(ready)
                _tell_end(ready, *running.pop(ready))
                continue
            word, descriptors, _, _ = socket.recv_fds(control, _LONGEST_KIND, _DESCRIPTORS)
            if not word:
                os._exit(0)
            started = _start(cast(Kind, word.decode()), descriptors, nowhere)
            if started is not None:
                handle, pid = started
                running[handle] = (pid, descriptors[0])
                poll.register(handle, select.POLLIN)


def _start(kind: Kind, descriptors: list[int], nowhere: int) -> tuple[int, int] | None:
    """A copy that decodes: its handle and its number; None when there can be no more."""
    for module in KINDS[kind]:
        _import_whole(module)
    channel, *others = descriptors
    try:
        pid = os.fork()
    except OSError:
        with suppress(OSError), _borrowed(channel) as refused:
            refused.send(b"n")
        for descriptor in descriptors:
            os.close(descriptor)
        return None
    if pid == 0:
        try:
            die_with_parent()
            for standard in (0, 1, 2):  # libraries talk about damaged files
                os.dup2(nowhere, standard)
            close_others(descriptors)
            decode_one(kind, *descriptors)
        finally:
            os._exit(1)
    for descriptor in others:
        os.close(descriptor)
    handle = os.pidfd_open(pid)
    with suppress(OSError), _borrowed(channel) as asking:  # whoever wanted it may have gone
        socket.send_fds(asking, [b"p"], [handle])
    return handle, pid


def _import_whole(name: str) -> None:
    """Import what PyAV would import later, where nothing can be opened any more."""
    if name in sys.modules:
        return
    module = importlib.import_module(name)
    if name.partition(".")[0] != "av":
        return
    for inner in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
        if not inner.name.endswith("__main__"):
            _import_whole(inner.name)


def _tell_end(handle: int, pid: int, channel: int) -> None:
    """Say how the process has ended, to whoever still listens."""
    os.close(handle)
    _, status = os.waitpid(pid, 0)
    os.set_blocking(channel, False)  # nobody waits for one that does not listen
    with suppress(OSError), Connection(channel) as connection:
        connection.send_bytes(packed(ended=os.waitstatus_to_exitcode(status)))


def _borrowed(descriptor: int) -> socket.socket:
    return socket.socket(fileno=os.dup(descriptor))


if __name__ == "__main__":
    main(int(sys.argv[1]))
