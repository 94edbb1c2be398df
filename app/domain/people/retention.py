"""Subjects whose time is over."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.gallery import Reason


@dataclass(frozen=True, slots=True)
class Due:
    """A subject that retention erases, why, and since when."""

    subject_id: str
    reason: Reason
    since: datetime
