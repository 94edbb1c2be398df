"""Changes of groups: recording them, and taking them back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.people.corrections import Operation, OperationKind
from app.domain.people.sightings import SightingGroup
from app.services.gallery.undoing.recording import record_operation, superseded
from app.services.ports import UnitOfWork


def record_group_change(
    uow: UnitOfWork, kind: OperationKind, group: SightingGroup, at: datetime, **details: Any
) -> str:
    """Record what is done to a group, as it was before; the id of the operation."""
    before = {"group": group.id, "fixed": group.fixed, "ignored": group.ignored}
    operation = record_operation(uow, kind, group.collection_id, "", at, details=before | details)
    return operation.id


def take_back_group_change(uow: UnitOfWork, operation: Operation) -> str:
    """Have groups be as before; the id of the one that was changed.

    Faces that are in other groups since, have a name or are gone stay so. Raises
    OperationSupersededError where the group is gone, or none of the faces is where it was put.
    """
    details = operation.details
    group: str = details["group"]
    if not uow.groups.among([group]):
        raise superseded(f"Group {group!r} is gone: it was named, merged or erased since.")
    match operation.kind:
        case "split-group":
            _move(uow, details["sightings"], details["made"], group)
            uow.groups.mark(group, fixed=details["fixed"])
        case "merge-groups":
            other = details["other"]
            _move(uow, details["sightings"], group, other["group"])
            uow.groups.mark(other["group"], fixed=other["fixed"], ignored=other["ignored"])
            uow.groups.mark(group, fixed=details["fixed"])
        case _:
            uow.groups.mark(group, ignored=details["ignored"])
    return group


def _move(uow: UnitOfWork, sightings: Sequence[int], source: str, target: str) -> None:
    now = uow.sightings.groups_of(sightings)
    still = [one for one, group in now.items() if group == source]
    if not still:
        raise superseded("The faces are in other groups by now, have a name or are gone.")
    uow.sightings.put_into_groups(dict.fromkeys(still, target))
