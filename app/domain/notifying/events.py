"""Events: what has happened, for programs that wait for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

EventKind = Literal["sighted", "recognized", "enrolled", "erased", "group-named", "health-changed"]
"""sighted: a face was remembered; recognized: somebody was found; enrolled: faces were stored;
erased: a receipt was given; group-named: faces without a name became a subject's; health-changed:
a collection's health is another one."""
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
MOST_EVENTS = 100_000
"""Events that are kept, the newest."""
KEPT_FOR = timedelta(days=7)
"""How long they are kept."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that has just happened. It holds ids and figures: no name, picture or template."""

    kind: EventKind
    collection_id: str
    collection: str
    """Its name."""
    data: Mapping[str, Any]
    """JSON."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is kept."""

    id: int
    """In the order of commits; never comes back."""
    at: datetime
    kind: EventKind
    collection_id: str
    collection: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Events that somebody waits for."""

    collection_id: str | None = None
    """None: of every collection."""
    kinds: tuple[EventKind, ...] = ()
    """None of them: every kind."""
