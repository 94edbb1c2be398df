"""Actions that are under way, and their entries in the transactions that make their changes."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from app.domain.deciding.events import DecisionEvent
from app.services.ports import UnitOfWork

Committed = Callable[[], None]
"""A call to make once a transaction has been committed and has let go of the database."""


@dataclass(slots=True)
class Doing:
    """An action that is under way, and what is known of it."""

    action: str
    collection: str | None = None
    collection_id: str | None = None
    subject_id: str | None = None
    face_ids: tuple[int, ...] = ()
    outcome: str = "done"
    details: dict[str, Any] = field(default_factory=dict)
    decisions: list[DecisionEvent] = field(default_factory=list)
    after: Callable[["Doing", Any], None] | None = None
    """Adds what the result says, which the transaction has to know, see `note_result`."""
    steps: bool = False
    """Whether the change may take more transactions than one."""
    required: bool = False
    """Whether it does not go on without its entry, whatever the setting."""
    begun: bool = False
    """Whether a transaction has written an entry with its change."""
    recorded: bool = False
    """Whether that entry says all there is to say."""
    record: Callable[["Doing", UnitOfWork], Committed] | None = None


under_way: ContextVar[Doing | None] = ContextVar("under_way", default=None)


def record_change(uow: UnitOfWork) -> Committed:
    """Record the action under way in the transaction that makes its change, as its last step.

    Later transactions of the same action have that entry. Does nothing where nobody asked for
    what the transaction does.
    """
    doing = under_way.get()
    if doing is None or doing.record is None or doing.begun:
        return _nothing
    return doing.record(doing, uow)


def _nothing() -> None:
    """Do nothing, for transactions of no action."""
