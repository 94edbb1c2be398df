"""The edge that every wire format stands on: use cases, and bounds on what requests cost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from app.api.executor import BoundedExecutor
from app.api.streams import StreamPlaces
from app.domain.access.limits import Window
from app.domain.access.rates import Usage
from app.services.use_cases import UseCases
from app.settings import Settings

PixelCounter = Callable[[bytes], int]
"""Pixels of an encoded picture by its header; 0 when it cannot be read."""


class Rates(Protocol):
    """Counts what keys ask for in windows of time."""

    def count(self, key_id: str, window: Window, amount: int, limit: int) -> Usage:
        """Count so much, be it too much or not, and tell what is left of the window."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One of it in a process; all formats share its bounds."""

    use_cases: UseCases
    settings: Settings
    executor: BoundedExecutor
    count_pixels: PixelCounter
    streams: StreamPlaces
    """Places for clients that follow events."""
    rates: Rates
    """Counts what keys ask for, in all processes of the server."""
    closing: Event = field(default_factory=Event)
    """Set when the server is about to end, so that streams do as well."""
