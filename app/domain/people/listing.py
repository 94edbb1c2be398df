"""Conditions on the subjects of a collection that somebody lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.domain.gallery import Scalar

ConsentState = Literal["none", "valid", "ended"]
"""`none`: nothing is recorded; `ended`: expired or withdrawn."""


@dataclass(frozen=True, slots=True)
class SubjectFilter:
    """Subjects that somebody lists: those with all of it; each None leaves all of them."""

    name: str | None = None
    external_id: str | None = None
    name_prefix: str | None = None
    """Compared case-sensitively."""
    where: Mapping[str, Scalar] = field(default_factory=dict)
    """Metadata at the top that they have; numbers are compared by value."""
    min_faces: int | None = None
    max_faces: int | None = None
    restricted: bool | None = None
    consent: ConsentState | None = None
    """At the moment at which it is asked."""
    since: datetime | None = None
    """When they were made, inclusive."""
    until: datetime | None = None
    """Likewise, exclusive."""


EVERYBODY = SubjectFilter()
