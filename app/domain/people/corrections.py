"""Corrections of who is who, recorded so that they can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from app.domain.gallery import Subject

UNDO_FOR = timedelta(days=30)
"""How long a correction is recorded, and can be undone."""
MOST_FACES = 1_000
"""Faces that one correction may name."""

OperationKind = Literal[
    "move",
    "merge",
    "refuse",
    "choose-face",
    "name-group",
    "split-group",
    "merge-groups",
    "ignore-group",
]
GROUP_CHANGES: frozenset[OperationKind] = frozenset({"split-group", "merge-groups", "ignore-group"})
"""Kinds that are done to groups alone."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A correction: faces of others or of nobody were given to a subject, groups were changed, or
    something was refused."""

    id: str
    collection_id: str
    kind: OperationKind
    at: datetime
    key_id: str
    """Of the API key that asked; `local` while auth is off and on the command line."""
    subject_id: str
    """Subject that was given the faces, or that somebody is not; empty for nobody."""
    made_subject: bool
    """Whether the subject was made for it."""
    absorbed: Subject | None
    """Of a merge: the subject that was removed; None once it is back."""
    undone_at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """Everything else that undoing needs, as JSON: ids alone."""

    @property
    def ends_at(self) -> datetime:
        """Time at which it is forgotten and can no longer be undone."""
        return self.at + UNDO_FOR
