"""Protocol of what compacting the change log needs from the database."""

from datetime import datetime
from typing import Protocol

from app.domain.gallery import LogFloor


class CompactionRepository(Protocol):
    def floor(self) -> LogFloor | None:
        """The position that the log was compacted to; None before it was looked at first."""

    def put_floor(self, floor: LogFloor) -> None: ...

    def remove_through(self, seq: int) -> int:
        """Remove the lines up to that position; how many there were."""

    def announce(self, follower: str, seq: int, at: datetime) -> None:
        """Note where a follower stands."""

    def forget_silent(self, before: datetime) -> int:
        """Forget those that were not heard of since; how many there were."""

    def slowest(self) -> int | None:
        """The lowest position of a follower; None when nobody follows."""
