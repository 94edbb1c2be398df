"""A method in a process of its own: what it gives, how long it takes, and how much memory."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import Connection

from benchmarks.grouping.faces import Labels, Vectors

Method = Callable[[Vectors, float], Labels]


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """The groups, and what they cost."""

    labels: Labels
    seconds: float
    """Of processor time."""
    bytes: int
    """Of memory beyond the vectors, at the most."""


def grouped(method: Method, vectors: Vectors, threshold: float, limit: float) -> Grouped | None:
    """Group them; None where it takes more than `limit` seconds of processor time."""
    context = multiprocessing.get_context("fork")  # the vectors are there, without a copy
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, method, vectors, threshold, limit))
    process.start()
    sender.close()
    try:
        labels, seconds, taken = receiver.recv()
        return Grouped(labels, seconds, taken)
    except EOFError:
        return None
    finally:
        process.terminate()
        process.join()


def _work(
    sender: Connection, method: Method, vectors: Vectors, threshold: float, limit: float
) -> None:
    begin = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(begin + limit), resource.RLIM_INFINITY))
    before = _most()
    labels = method(vectors, threshold)
    seconds = time.process_time() - begin
    sender.send((labels, seconds, _most() - before))


def _most() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
