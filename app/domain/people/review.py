"""Suggestions about who is who, which people accept or refuse, and what they say is not so."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.deciding.identification import rate_among

SuggestionKind = Literal[
    "group-is-subject", "subjects-are-one", "face-not-subject", "group-often-seen"
]
OF_GROUPS: frozenset[SuggestionKind] = frozenset(("group-is-subject", "group-often-seen"))
OF_SUBJECTS: frozenset[SuggestionKind] = frozenset(("subjects-are-one", "face-not-subject"))

LEAST = 0.9
"""Likelihood from which on something is suggested."""
OFTEN = 5
"""Faces from which on a group is a stranger seen often."""
MOST_SUGGESTED = 1_000
"""Suggestions of a collection that are kept, the likeliest."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that is probably so. What it names is there."""

    kind: SuggestionKind
    likelihood: float
    """In [0, 1]; it sorts suggestions, and says how rarely strangers would look like this."""
    group_id: str | None = None
    subject_id: str | None = None
    other_id: str | None = None
    """Of `subjects-are-one` the other one; of `face-not-subject` whose the face may be."""
    face_id: int | None = None

    @property
    def id(self) -> str:
        """The same of the same suggestion, so that a refusal is found again."""
        subjects = [self.subject_id or "", self.other_id or ""]
        if self.kind == "subjects-are-one":
            subjects.sort()
        elif self.kind == "face-not-subject":
            subjects = subjects[:1]  # whoever else it may be of
        parts = (self.kind, self.group_id or "", *subjects, str(self.face_id or ""))
        return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """A suggestion that was found in a collection."""

    suggestion: Suggestion
    collection_id: str
    found_at: datetime

    @property
    def id(self) -> str:
        return self.suggestion.id


@dataclass(frozen=True, slots=True)
class Negative:
    """A kept face that is not of a subject, as somebody has said. It holds no template."""

    id: str
    collection_id: str
    subject_id: str
    face_id: int | None
    """An enrolled face, or else a sighting."""
    sighting_id: int | None
    at: datetime
    key_id: str
    """Of the API key that asked; `local` while auth is off and on the command line."""


def likelihood_of_one(fmr: float, subjects: int) -> float:
    """Likelihood of two faces to be of one person, the most alike of so many subjects.

    The share of strangers of whom no subject would look so alike.
    """
    return 1.0 - rate_among(min(max(fmr, 0.0), 1.0 - 1e-12), subjects)


def likelihood_of_stranger(faces: int) -> float:
    """Likelihood of a group of so many faces that is like no subject; it grows with them."""
    return 1.0 - 1.0 / max(1, faces)


def likelihood_of_unlike(fmr: float, allowed: float) -> float:
    """Likelihood of a face not to be its subject's; strangers are as alike with the rate `fmr`.

    0 where that is as seldom as `allowed`, or more so.
    """
    return max(0.0, 1.0 - allowed / max(fmr, 1e-12))
