"""Bounds of what a collection may hold."""

from dataclasses import dataclass, fields

from app.domain.errors.gallery import CollectionFullError
from app.domain.gallery import Collection, Policy

MOST_HELD = 10**15
"""The largest bound that a policy may name."""
_BOUNDED = {
    "subjects": "{} subjects",
    "faces": "{} faces",
    "bytes": "{} bytes of pictures",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """Contents of a collection, as far as its policy bounds them; None where it does not."""

    subjects: int | None = None
    faces: int | None = None
    """Faces, those without a name included."""
    bytes: int | None = None


def bounds(policy: Policy) -> Usage:
    """The most that a collection may hold."""
    return Usage(policy.max_subjects, policy.max_faces, policy.max_bytes)


def is_bounded(policy: Policy) -> bool:
    """Whether anything about it has to be counted."""
    return bounds(policy) != Usage()


def fits(collection: Collection, usage: Usage) -> bool:
    """Whether it holds no more than it may; not of what was not counted."""
    most = bounds(collection.policy)
    return all(
        limit is None or (used is not None and used <= limit)
        for each in fields(Usage)
        for limit, used in [(getattr(most, each.name), getattr(usage, each.name))]
    )


def require_bounds(collection: Collection, usage: Usage) -> None:
    """Raise CollectionFullError where it holds more than it may.

    How much it holds is not told: not everybody who enrolls may know.
    """
    most = bounds(collection.policy)
    for each in fields(Usage):
        limit, used = getattr(most, each.name), getattr(usage, each.name)
        if limit is not None and used is not None and used > limit:
            what = _BOUNDED[each.name].format(limit)
            raise CollectionFullError(
                f"The collection may hold {what} at most; nothing was changed.",
                hint="Erase what is no longer needed, or have an administrator raise "
                f"`policy.max_{each.name}`.",
                limit=limit,
                of=each.name,
            )
