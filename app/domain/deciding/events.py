"""Decisions as they are counted and recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.deciding.identification import Threshold

Action = Literal["compare", "claim", "identify", "identify-track", "find-duplicates"]
"""compare: two pictures; claim: a picture and the subject that it is claimed to show; identify, a
picture's face, and identify-track, a recording's, in a collection; find-duplicates: a face that is
about to be enrolled, among the other subjects."""

Outcome = Literal["match", "no-match", "known", "unknown", "duplicate", "no-duplicate"]


@dataclass(frozen=True, slots=True)
class DecisionEvent:
    """One decision about one face. It holds no picture, template or name, and no number that the
    answer does not disclose.
    """

    at: datetime
    key_id: str
    """Of the API key that asked; `local` for commands and where keys are off."""
    request_id: str | None
    """None outside of HTTP."""
    action: Action
    outcome: Outcome
    encoder: str
    threshold: Threshold
    """That was decided at: similarity to a thousandth, rate to one digit."""
    collection_id: str | None = None
    """None where two pictures were compared."""
    subject_id: str | None = None
    """The subject claimed, found, or nearest; None where there is nobody."""
    face_id: int | None = None
    """The subject's face that decided."""
    similarity: float | None = None
    """As the answer gives it."""
    fmr: float | None = None
    fmr_is_bound: bool = False
    """As the answer gives both."""
