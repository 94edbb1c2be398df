"""Sightings: faces that were seen and remembered, most of which nobody has given a name yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from app.domain.deciding.identification import Known
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import Box, Embedding, Face, Landmarks, Pose, Quality
from app.domain.gallery import Collection
from app.domain.texts import clean_text

MOST_DAYS = 3_650
MOST_PER_DAY = 1_000_000
"""Bounds of what a policy may ask to be remembered."""
MOST_SOURCE = 100
"""Characters of a source's label."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A face that was just decided, in a collection that remembers, or that found somebody."""

    collection: Collection
    at: datetime
    source: str
    face: Face
    """Of a track, the best one."""
    template: Embedding
    encoder: str
    """That made it; the collection may have another one by the time it is kept."""
    decision: Known
    subject_id: str | None
    """Whoever was found, or is nearest, whether or not the asker is told."""
    similarity: float | None
    fmr: float | None
    fmr_is_bound: bool
    """All three as the answer gives them."""

    @property
    def is_wanted(self) -> bool:
        """Whether the collection's policy asks for it to be remembered."""
        wanted = self.collection.policy.remember
        return wanted == "all" or (wanted == "unknown" and self.decision == "unknown")


@dataclass(frozen=True, slots=True, eq=False)
class NewSighting:
    """A face about to be kept; storage gives it its id."""

    collection_id: str
    encoder: str
    template: Embedding
    at: datetime
    source: str
    """Where it was seen: what the caller says, or of imported pictures the path below the imported
    directory."""
    source_digest: str | None
    """SHA-256 of the picture, in hex; None for what was recognized."""
    box: Box
    landmarks: Landmarks
    probability: float
    pose: Pose
    quality: Quality
    image_digest: str | None
    decision: Known | None = None
    """None of imported faces, which nobody has looked for."""
    subject_id: str | None = None
    """Whoever was found, or is nearest."""
    similarity: float | None = None
    fmr: float | None = None
    fmr_is_bound: bool = False
    """All three as the answer gave them."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A kept face, without its template."""

    id: int
    collection_id: str
    encoder: str
    at: datetime
    source: str
    source_digest: str | None
    box: Box
    landmarks: Landmarks
    probability: float
    pose: Pose
    quality: Quality
    image_digest: str | None
    group_id: str | None
    """None while it is alone, or was known."""
    decision: Known | None = None
    subject_id: str | None = None
    similarity: float | None = None
    fmr: float | None = None
    fmr_is_bound: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in the order in which faces were seen."""

    at: datetime
    id: int
    """Id of the sighting: several are seen at once."""


@dataclass(frozen=True, slots=True)
class SightingFilter:
    """Sightings that are asked for."""

    since: datetime | None = None
    """Inclusive."""
    until: datetime | None = None
    """Exclusive."""
    source: str | None = None
    decision: Known | None = None
    group_id: str | None = None
    alone: bool = False
    """Only those without a name that are in no group."""
    subject_id: str | None = None
    min_quality: float | None = None
    max_quality: float | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Faces that a collection should have remembered since the day before, and did not."""

    over_limit: int = 0
    """More than its policy allows of a day."""
    lost: int = 0
    """There were more at once than could be stored, or the database could not be written."""


@dataclass(frozen=True, slots=True, eq=False)
class Unnamed:
    """Everything that grouping looks at, ids ascending."""

    ids: NDArray[np.int64]
    templates: NDArray[np.float32]
    """(N, dim), rows L2-normalised."""
    groups: Sequence[str | None]
    new: Sequence[int]
    """Rows that were not compared with the others yet."""


def picture_owner(collection_id: str) -> str:
    """Name under whose data key the pictures of a collection's sightings are."""
    return f"sightings:{collection_id}"


def clean_source(label: str) -> str:
    """The label of a source as it is kept; empty for none. Raises InvalidRequestError."""
    if not label:
        return ""
    label = clean_text(label, "source")
    if len(label) > MOST_SOURCE:
        raise InvalidRequestError.of_field(
            "source", f"has {len(label)} characters; {MOST_SOURCE} are allowed", "Shorten it."
        )
    return label


@dataclass(frozen=True, slots=True)
class SightingGroup:
    """Facts about the sightings of one group together."""

    id: str
    collection_id: str
    ignored: bool
    """Not listed unless asked for."""
    fixed: bool
    """Made by hand: grouping anew leaves its faces where they are."""
    size: int
    first_at: datetime
    last_at: datetime
