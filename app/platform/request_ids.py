"""The id of the request that the present thread works for."""

from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_request_id() -> str | None:
    """The id; None outside of requests."""
    return _current.get()


def work_for_request(request_id: str) -> None:
    """Make the id known to whatever runs in this context from here on."""
    _current.set(request_id)
