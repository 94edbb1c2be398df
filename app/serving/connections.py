"""The connections of a server process: so many at most, the longest idle gives way to a new one."""

from typing import Literal, Protocol

from app.platform.telemetry import CLOSED_CONNECTIONS

State = Literal["idle", "receiving", "working"]
"""No request has arrived whole headers of; a body is awaited; an answer is being made."""


class Connection(Protocol):
    """A connection that can be ended from outside."""

    def drop(self) -> None:
        """End it at once."""


class Connections:
    """Belongs to one event loop. Every step takes constant time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # Dictionaries keep the order of insertion: the first has been in its state the longest.
        self._states: dict[State, dict[Connection, None]] = {
            "idle": {},
            "receiving": {},
            "working": {},
        }

    def __len__(self) -> int:
        return sum(map(len, self._states.values()))

    def enter(self, connection: Connection, state: State) -> None:
        """Note that the connection is in that state from now on."""
        self.forget(connection)
        self._states[state][connection] = None

    def forget(self, connection: Connection) -> None:
        """Note that it has ended; does nothing when it is not known."""
        for members in self._states.values():
            members.pop(connection, None)

    def make_way(self) -> bool:
        """Make a place for one more, by ending the longest idle one if need be; False if none is.

        When all have requests, the one goes whose body has been awaited the longest; those
        whose answers are being made stay.
        """
        return len(self) < self._limit or self.drop_one()

    def drop_one(self) -> bool:
        """End the longest idle one; False when none could be."""
        for state in ("idle", "receiving"):
            members = self._states[state]
            if members:
                connection = next(iter(members))
                del members[connection]
                connection.drop()
                CLOSED_CONNECTIONS.labels("crowded-out").inc()
                return True
        return False
