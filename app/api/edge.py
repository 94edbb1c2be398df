"""The edge that every wire format stands on: use cases, and bounds on what requests cost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event

from app.api.executor import BoundedExecutor
from app.services.use_cases import UseCases
from app.settings import Settings

PixelCounter = Callable[[bytes], int]
"""Pixels of an encoded picture by its header; 0 when it cannot be read."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One of it in a process; all formats share its bounds."""

    use_cases: UseCases
    settings: Settings
    executor: BoundedExecutor
    count_pixels: PixelCounter
    streams: BoundedSemaphore
    """Places for clients that follow events."""
    closing: Event = field(default_factory=Event)
    """Set when the server is about to end, so that streams do as well."""
