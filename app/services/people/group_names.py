"""Names of groups, and numbers in their place while faces are compared."""

from collections import Counter
from collections.abc import Sequence

from app.services.gallery.identifiers import new_id


def numbered(groups: Sequence[str | None]) -> list[int]:
    """Number groups by their first row; whoever is alone has its own."""
    first: dict[str, int] = {}
    return [row if name is None else first.setdefault(name, row) for row, name in enumerate(groups)]


def settled(before: Sequence[int], groups: Sequence[str | None]) -> set[int]:
    """Numbers of the groups that have a name."""
    return {number for number, name in zip(before, groups, strict=True) if name is not None}


def group_names(
    labels: Sequence[int], before: Sequence[int], groups: Sequence[str | None]
) -> list[str | None]:
    """Ids by row: of a group that there was, a new one, or None for whoever is alone."""
    known = {number: name for number, name in zip(before, groups, strict=True) if name}
    sizes = Counter(labels)
    for label, size in sizes.items():
        if label not in known and size > 1:
            known[label] = new_id()
    return [known.get(label) for label in labels]
