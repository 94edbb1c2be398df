"""Ctrl-C that lets the step under way come to its end."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from training.kit.distributed import World
from training.kit.guards import StoppedError
from training.kit.run_files import LAST


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


@contextmanager
def interruption_reported(directory: Path) -> Iterator[None]:
    """Say after a hasty Ctrl-C what there is to go on from. Raises StoppedError for it."""
    try:
        yield
    except KeyboardInterrupt:
        there = (directory / LAST).is_file()
        what = "--resume goes on from the last checkpoint" if there else "nothing was saved yet"
        raise StoppedError(f"Interrupted; {what}.") from None
