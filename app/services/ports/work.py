"""Work beside the requests."""

from typing import Protocol


class BackgroundWork(Protocol):
    """Something that works beside the requests between a start and a stop."""

    def start(self) -> None: ...

    def close(self) -> None: ...
