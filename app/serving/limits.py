"""Limits of a server process's connections: how many, how long, how large a header block."""

import resource
from dataclasses import dataclass
from math import ceil

from app.settings import Settings

_WANTED = 65_536
"""File descriptors asked for where the system allows more."""
_OWN = 256
"""Descriptors for databases, indexes, weights and log; half of them all where there are few."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Times are in seconds."""

    connections: int
    header_bytes: int
    """Of the request line and all headers together."""
    header_time: float
    """From the connection to the first byte, and from that to the end of the headers; also for
    the rest of a body that was answered before it had come."""
    keep_alive: float
    """Between an answer and the next request."""
    stall: float
    """In which a client reads nothing of its answer."""

    @classmethod
    def of(cls, settings: Settings, processes: int = 1) -> "ConnectionLimits":
        """The share of one of so many processes; fewer connections where descriptors are few."""
        descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        possible = max(descriptors - _OWN, descriptors // 2)
        return cls(
            connections=min(ceil(settings.max_connections / processes), possible),
            header_bytes=settings.max_header_bytes,
            header_time=settings.header_timeout,
            keep_alive=settings.keep_alive_timeout,
            stall=settings.stall_timeout,
        )


def raise_descriptor_limit() -> None:
    """Allow this process, and those it starts, as many open files as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
