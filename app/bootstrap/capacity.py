"""Capacity: processes of a server, requests at once, forward passes and their threads."""

import socket
from dataclasses import dataclass
from math import ceil

from app.platform.machine import available_cores, available_memory, has_gpu
from app.settings import Settings

_PROCESS_BYTES = 2**30
"""What a server process may come to take, networks and some of a gallery; it begins with 550 MB."""
_MOST_PROCESSES = 4
"""Unless asked for more: whoever tries this on a large machine does not expect it to fill it."""

_DECODING_SHARE = 8
_MOST_DECODING_BYTES = 256 * 2**20
"""By default. A server's processes decode one large file each, as a rule."""


def decoding_bytes(settings: Settings) -> int:
    """Memory that decoding one picture or recording may take."""
    own_share = min(_MOST_DECODING_BYTES, available_memory() // _DECODING_SHARE)
    return settings.max_decoding_bytes or own_share


@dataclass(frozen=True, slots=True)
class Capacity:
    """Work at once in a process."""

    workers: int
    """Requests being analysed."""
    lanes: int
    """Forward passes that they share."""
    threads: int
    """Threads of a forward pass."""

    @classmethod
    def of(cls, settings: Settings, processes: int = 1) -> "Capacity":
        """The share of one of so many processes.

        By default one forward pass per core, each on one thread, and half as many requests more.
        Networks this small gain little from a second thread, while requests side by side scale;
        and while some wait for a shared pass, others decode and detect. More of them take the
        processor from each other, and hold up the thread that talks to the clients. Workers
        and threads that are more than the cores together get fewer threads each.
        """
        cores, threads = available_cores(), settings.threads or 1
        if settings.workers:
            threads = max(1, min(threads, cores // settings.workers))
        lanes = max(1, cores // threads // processes)
        workers = ceil(settings.workers / processes) or lanes + max(1, lanes // 2)
        return cls(workers, lanes, threads)


def server_processes(settings: Settings) -> int:
    """Processes of a server: unless the settings say so, up to four, one for each forward pass.

    Threads of one interpreter wait for each other, processes do not. Half of the memory at most
    is for them. There is one on a GPU, which has one lane anyway, and with Milvus Lite, whose
    file belongs to one process.
    """
    if settings.processes:
        return settings.processes
    if has_gpu() or settings.index_is_of_one_process or not hasattr(socket, "send_fds"):
        return 1
    whole = Capacity.of(settings)
    affordable = available_memory() // 2 // _PROCESS_BYTES
    return max(1, min(whole.lanes, whole.workers, affordable, _MOST_PROCESSES))
