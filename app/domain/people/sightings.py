"""Sightings: faces that were seen, and to whom nobody has given a name yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Box, Embedding, Landmarks, Pose, Quality


@dataclass(frozen=True, slots=True, eq=False)
class NewSighting:
    """A face about to be kept; storage gives it its id."""

    collection_id: str
    encoder: str
    template: Embedding
    at: datetime
    source: str
    """Where it was seen: for imported pictures the path below the imported directory."""
    source_digest: str | None
    """SHA-256 of the picture, in hex."""
    box: Box
    landmarks: Landmarks
    probability: float
    pose: Pose
    quality: Quality
    image_digest: str | None


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
    """None while it is alone."""


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
