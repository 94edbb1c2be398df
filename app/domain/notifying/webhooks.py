"""Webhooks: addresses that are told of events, and events on their way to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from app.domain.errors.requests import InvalidRequestError
from app.domain.notifying.events import EventFilter

MOST_ATTEMPTS = 10
"""After so many a delivery is given up."""
MOST_WAITING = 1_000
"""Deliveries of one webhook that wait; further events wait among the kept ones."""
_LONGEST_URL = 2_000
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address, and what it is told of."""

    id: str
    url: str
    wanted: EventFilter
    created_at: datetime
    position: int
    """The last event that was made a delivery, or passed over."""
    missed: int = 0
    """Times that events were gone before they could be made deliveries."""
    secret: bytes = field(default=b"", repr=False)
    """Sealed under the master key."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to an address."""

    id: int
    webhook_id: str
    event_id: int
    content: Mapping[str, Any]
    attempts: int
    due_at: datetime
    dead: bool
    """Given up until it is sent again by hand."""
    error: str | None


def pause_after(attempts: int) -> timedelta:
    """The time until the next attempt: three times longer each time, two hours at most."""
    longer: int = 3 ** min(attempts - 1, 12)
    return min(_FIRST_PAUSE * longer, _LONGEST_PAUSE)


def clean_url(url: str) -> str:
    """The address as it is kept. Raises InvalidRequestError for what is no address of HTTP."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable():
        raise InvalidRequestError.of_field(
            "url", "is no address", "Such as https://example.org/facet, in ASCII."
        )
    if parts.username is not None or parts.fragment or " " in url:
        raise InvalidRequestError.of_field(
            "url", "holds a user, a space or a fragment", "Leave it out; deliveries are signed."
        )
    return url
