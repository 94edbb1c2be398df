"""The request that is being worked on: for log lines, and for records of who did what."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import structlog


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A request, its client's address and its key; texts are empty outside of requests."""

    request_id: str = ""
    address: str = ""
    """Of the client, as a trusted proxy says where there is one."""
    key_id: str = ""
    """Of the API key, once it is known to be good; `local` while auth is off."""
    source: str = ""
    """Label that the client gives to where its pictures come from."""


_OUTSIDE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request", default=_OUTSIDE)


def current_request() -> RequestContext:
    """The request that this thread or task works on."""
    return _current.get()


@contextmanager
def working_on(request_id: str, source: str = "") -> Iterator[None]:
    """Make everything inside belong to the request; every log line names it."""
    token = _current.set(RequestContext(request_id, source=source))
    try:
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            yield
    finally:
        _current.reset(token)


def note_caller(*, address: str | None = None, key_id: str | None = None) -> None:
    """Add what has become known about whoever asks."""
    known = {"address": address, "key_id": key_id}
    given = {name: value for name, value in known.items() if value is not None}
    _current.set(replace(_current.get(), **given))
