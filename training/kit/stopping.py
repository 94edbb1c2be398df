"""Ctrl-C that lets the step under way come to its end."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from training.kit.distributed import World


@contextmanager
def asked_to_stop(world: World) -> Iterator[Callable[[], bool]]:
    """Inside, tells whether somebody pressed Ctrl-C; the second one interrupts as ever.

    Of several processes that wait for one another none may stop by itself: there, and outside
    of the main thread, Ctrl-C does what it always did.
    """
    if world.size > 1 or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    asked = threading.Event()

    def remember(_: int, __: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    # Also where a shell started this in the background, and so with SIGINT ignored.
    former = signal.signal(signal.SIGINT, remember)
    try:
        yield asked.is_set
    finally:
        # None is a handler that Python did not install and cannot put back.
        signal.signal(signal.SIGINT, signal.SIG_DFL if former is None else former)
