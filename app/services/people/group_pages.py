"""Groups page by page, and what people say of them."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.errors.gallery import ChangedMeanwhileError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Collection, Partition, Subject
from app.domain.people.corrections import OperationKind
from app.domain.people.sightings import Sighting, SightingFilter, SightingGroup
from app.services.gallery.identifiers import new_id
from app.services.gallery.subjects import fulfils
from app.services.gallery.undoing.grouping import record_group_change
from app.services.ports import Storage, UnitOfWork

_LOOKED_AT = 50
"""The newest sightings of a group, which stand for it."""
_SHOWN = 4
_NEAREST = 3
_MOST_SPLIT = 1_000


@dataclass(frozen=True, slots=True)
class NearestSubject:
    """A subject to whom faces of a group are nearest."""

    subject: Subject
    faces: int
    """Of the newest ones of the group."""
    fmr: float | None
    """The least rate that an answer gave of them."""
    fmr_is_bound: bool = False


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """A group without all its faces."""

    group: SightingGroup
    faces: Sequence[Sighting]
    """Of the best quality."""
    nearest: Sequence[NearestSubject]
    operation_id: str | None = None
    """Undoes what was just done to it; None where nothing had to be."""


class GroupPages:
    """Groups as they are looked at and corrected."""

    def __init__(
        self, storage: Storage, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._storage = storage
        self._now = clock

    def page(
        self,
        collection: str,
        *,
        ignored: bool = False,
        after: tuple[int, str] | None = None,
        limit: int = 50,
    ) -> Sequence[GroupSummary]:
        """The largest first; `after` is the size and id of the last one of the page before."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            found = uow.groups.list(gallery.id, ignored=ignored, after=after, limit=limit)
            return [_summary(uow, one) for one in found]

    def get(self, collection: str, group_id: str) -> GroupSummary:
        """Raises UnknownGroupError."""
        with self._storage.read() as uow:
            return _summary(uow, uow.groups.get(uow.collections.get(collection).id, group_id))

    def waiting(self, collection: str) -> int:
        """Number of faces that were not compared with the others yet."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            return uow.sightings.waiting(Partition(gallery.id, gallery.encoder))

    def split(
        self,
        collection: str,
        group_id: str,
        sighting_ids: Sequence[int],
        *,
        if_match: str | None = None,
    ) -> GroupSummary:
        """Give some of a group's faces a group of their own, which is the answer.

        Grouping anew leaves both as they are. Raises UnknownGroupError, InvalidRequestError for
        faces of other groups, none, or all, or ChangedMeanwhileError.
        """
        wanted = set(sighting_ids)
        if not 0 < len(wanted) <= _MOST_SPLIT:
            raise InvalidRequestError(f"Name 1 to {_MOST_SPLIT} sightings of the group.")
        with self._storage.write() as uow:
            group = uow.groups.get(uow.collections.get(collection).id, group_id)
            require_group_version(group, if_match)
            now = uow.sightings.groups_of(sorted(wanted))
            others = sorted(one for one in wanted if now.get(one) != group_id)
            if others:
                raise InvalidRequestError.of_field(
                    "sighting_ids", f"names {others[0]}, which is not of the group", "Leave it out."
                )
            if len(wanted) == group.size:
                raise InvalidRequestError("These are all of the group; nothing is split off.")
            made = new_id()
            uow.sightings.put_into_groups(dict.fromkeys(wanted, made))
            for one in (group_id, made):
                uow.groups.mark(one, fixed=True)
            done = self._recorded(uow, "split-group", group, made=made, sightings=sorted(wanted))
            return uow.note_result(_summary(uow, uow.groups.get(group.collection_id, made), done))

    def merge(
        self, collection: str, group_id: str, other_id: str, *, if_match: str | None = None
    ) -> GroupSummary:
        """Give all faces of the other group to this one.

        Raises UnknownGroupError, or ChangedMeanwhileError.
        """
        if group_id == other_id:
            raise InvalidRequestError("A group cannot be merged with itself.")
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            group = uow.groups.get(gallery.id, group_id)
            require_group_version(group, if_match)
            other = uow.groups.get(gallery.id, other_id)
            members = _members(uow, gallery, other.id)
            uow.sightings.put_into_groups(dict.fromkeys(members, group.id))
            uow.groups.mark(group.id, fixed=True)
            former = {"group": other.id, "fixed": other.fixed, "ignored": other.ignored}
            done = self._recorded(uow, "merge-groups", group, other=former, sightings=members)
            return uow.note_result(_summary(uow, uow.groups.get(gallery.id, group.id), done))

    def ignore(
        self,
        collection: str,
        group_id: str,
        *,
        ignored: bool = True,
        if_match: str | None = None,
    ) -> GroupSummary:
        """List the group no more, whoever joins it, or list it again.

        Raises UnknownGroupError, or ChangedMeanwhileError.
        """
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            group = uow.groups.get(gallery.id, group_id)
            require_group_version(group, if_match)
            if group.ignored == ignored:
                return uow.note_result(_summary(uow, group))
            uow.groups.mark(group_id, ignored=ignored)
            done = self._recorded(uow, "ignore-group", group)
            return uow.note_result(_summary(uow, uow.groups.get(gallery.id, group_id), done))

    def _recorded(
        self, uow: UnitOfWork, kind: OperationKind, group: SightingGroup, **details: Any
    ) -> str:
        return record_group_change(uow, kind, group, self._now(), **details)


def version_of_group(group: SightingGroup) -> str:
    """A text that changes when faces join or leave the group, or somebody corrects it."""
    fields = [
        group.id,
        group.size,
        group.first_at.isoformat(),
        group.last_at.isoformat(),
        group.ignored,
        group.fixed,
    ]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()[:16]


def require_group_version(group: SightingGroup, if_match: str | None) -> None:
    """Check a condition as HTTP's `If-Match` has it; None is none.

    Raises ChangedMeanwhileError.
    """
    if not fulfils(if_match, version_of_group(group)):
        raise ChangedMeanwhileError(
            f"Group {group.id!r} was changed since.",
            hint="Get it again, look at what changed, and send the request with its new version.",
            group=group.id,
        )


def _members(uow: UnitOfWork, gallery: Collection, group_id: str) -> list[int]:
    ids: list[int] = []
    wanted = SightingFilter(group_id=group_id)
    while page := uow.sightings.list(
        gallery.id, wanted, after=ids[-1] if ids else 0, limit=_MOST_SPLIT
    ):
        ids += [one.id for one in page]
    return ids


def _summary(
    uow: UnitOfWork, group: SightingGroup, operation_id: str | None = None
) -> GroupSummary:
    newest = uow.sightings.newest_of_group(group.id, _LOOKED_AT)
    best = sorted(newest, key=lambda one: -one.quality.score)[:_SHOWN]
    near: dict[str, list[Sighting]] = {}
    # Of whom somebody has said that it is not they is suggested no more.
    denied = uow.negatives.of_sightings([one.id for one in newest if one.subject_id is not None])
    for one in newest:
        if one.subject_id is not None and one.subject_id not in denied.get(one.id, ()):
            near.setdefault(one.subject_id, []).append(one)
    subjects = uow.subjects.by_ids(sorted(near))
    nearest = [_nearest(subjects, subject, faces) for subject, faces in near.items()]
    nearest.sort(key=lambda one: (1.0 if one.fmr is None else one.fmr, -one.faces))
    return GroupSummary(group, best, nearest[:_NEAREST], operation_id)


def _nearest(
    subjects: Mapping[str, Subject], subject_id: str, faces: Sequence[Sighting]
) -> NearestSubject:
    rates = [(one.fmr, not one.fmr_is_bound) for one in faces if one.fmr is not None]
    fmr, counted = min(rates, default=(None, True))
    return NearestSubject(subjects[subject_id], len(faces), fmr, not counted)
