"""Which subjects a list is of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypedDict


class SubjectQuery(TypedDict, total=False):
    """Conditions that subjects of a list meet, all of them, and the list's order."""

    name: str | None
    external_id: str | None
    name_prefix: str | None
    """The beginning of a name, which sealed collections refuse."""
    where: Mapping[str, str | int | float | bool | None] | None
    """Metadata that they have, with exactly these values."""
    min_faces: int | None
    max_faces: int | None
    restricted: bool | None
    consent: Literal["none", "valid", "ended"] | None
    since: datetime | str | None
    """When they were made, inclusive."""
    until: datetime | str | None
    """Likewise, exclusive."""
    order: Literal["oldest", "newest"]
