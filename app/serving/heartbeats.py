"""Signs of life of a server's processes, sent over the channel to the acceptor."""

import socket
from dataclasses import dataclass

from app.settings import Settings

_LONGEST = 1.0
"""Seconds between two signs of life at most."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Seconds without a sign of life after which something happens to a process."""

    passed_over: float
    """It gets no connections until it answers again."""
    replaced: float
    """It is killed, and another one is started in its place."""

    @classmethod
    def of(cls, settings: Settings) -> "Silence":
        return cls(settings.process_silence, settings.process_replacement)

    @property
    def interval(self) -> float:
        """Seconds between two signs of life."""
        return min(_LONGEST, self.passed_over / 5)


def give_sign(channel: socket.socket) -> None:
    """Tell the acceptor that this one's event loop turns. Raises OSError when it is gone."""
    try:
        channel.send(b"h")
    except BlockingIOError:  # it has not listened for a long time; what it missed is enough
        return


def was_heard(channel: socket.socket) -> bool:
    """True when a sign of life came since the last call."""
    try:
        return bool(channel.recv(4096))
    except (BlockingIOError, ConnectionError):
        return False
