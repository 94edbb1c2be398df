"""Findings about a gallery, and its self-test, as values."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.domain.deciding.identification import Threshold
from app.domain.people.shares import Share

DECADES = 12
"""Rates are told down to this power of ten."""
Item = TypeVar("Item", covariant=True)


@dataclass(frozen=True, slots=True)
class Findings(Generic[Item]):
    """The worst findings of one kind, and how many there are in all."""

    total: int
    listed: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class WeakSubject:
    """A subject with too few faces, or none good enough."""

    subject: str
    faces: int
    best_quality: float | None
    """None without a face."""


@dataclass(frozen=True, slots=True)
class UnlikeFace:
    """A face that none of its subject's other faces is like."""

    face_id: int
    subject: str
    fmr: float
    """How often strangers are as alike as the subject's most similar other face, see `decade`."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A face that could be another subject's."""

    face_id: int
    subject: str
    other_face_id: int
    other_subject: str
    fmr: float
    """How often strangers are that alike, see `decade`."""
    nearer: bool
    """Whether it is more like the other subject than any other face of its own."""


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two faces of a subject that are nearly the same picture."""

    face_id: int
    other_face_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class SubjectTest:
    """The self-test of one subject."""

    subject: str
    faces: int
    """Faces that were left out, one after the other."""
    found: int
    wrong: int
    """Faces that were given another subject's name."""
    weakest_friend: float | None
    """Rate of the face that is least like its own subject, see `decade`; None with one face."""
    best_stranger: float | None
    """Rate of the face that is most like another subject; None where there is no other."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """Faces left out one after the other and looked for, at the rate of the collection."""

    found: Share
    """Of faces whose subject has others: those that are given its name."""
    wrong: Share
    """Of the same: those that are given another name."""
    strangers_named: Share
    """Of all faces, with their whole subject left out: those that are given a name. It should be
    at most the collection's rate."""
    weakest_friend: float | None
    best_stranger: float | None
    subjects: Findings[SubjectTest]
    """Those with least between their weakest friend and their best stranger."""
    friends: tuple[int, ...]
    """Faces by the power of ten of their most similar own face's rate: over 0.1 first, and last all
    at or below the smallest that the curve's comparisons support."""
    strangers: tuple[int, ...]
    """Faces by that of the most similar face of another subject."""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Findings about a gallery, and its self-test."""

    collection: str
    encoder: str
    at: datetime
    subjects: int
    faces: int
    compared: int
    """Faces that were compared with all others."""
    sampled: bool
    """Whether those are a sample, so that findings and counts are of the sample alone."""
    other_encoder: int
    """Faces of another encoder, which are compared with nothing."""
    barred: int
    """Faces of subjects that must not be matched, which are compared with nothing."""
    threshold: Threshold
    fpir: float
    few_faces: Findings[WeakSubject]
    poor_faces: Findings[WeakSubject]
    unlike: Findings[UnlikeFace]
    could_be_another: Findings[Lookalike]
    near_duplicates: Findings[NearDuplicate]
    self_test: SelfTest


def decade(fmr: float) -> float:
    """The power of ten that is not below the rate, `DECADES` of them at most."""
    return 10.0 ** -decades_down_to(fmr)


def decades_down_to(fmr: float) -> int:
    """Number of powers of ten below 1 that are not below the rate, `DECADES` at most."""
    return min(DECADES, max(0, math.floor(-math.log10(max(fmr, 1e-300)) + 1e-9)))
