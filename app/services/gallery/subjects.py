"""Subjects: create, look up, change."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.domain.errors.gallery import ChangedMeanwhileError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import StandingFace, Subject
from app.domain.metadata import clean_conditions, clean_metadata
from app.domain.people.listing import EVERYBODY, SubjectFilter
from app.domain.texts import clean_text, composed
from app.services.gallery.birth_dates import BirthDates
from app.services.gallery.identifiers import new_id
from app.services.ports import Storage, UnitOfWork

_PAGE = 5_000
"""Subjects that are read at once."""


@dataclass(frozen=True, slots=True)
class CountedSubject:
    """A subject, how many faces it has, and the one that stands for it."""

    subject: Subject
    faces: int
    standing: StandingFace | None = None
    birth_date_calendar: str | None = None
    """By which the birth date was written that this call has read from a text."""


class Subjects:
    """The identities of a collection. Merging stands in `corrections`, removal in `erasure`."""

    def __init__(self, storage: Storage, birth_dates: BirthDates) -> None:
        self._storage = storage
        self._birth_dates = birth_dates

    def create(
        self,
        collection: str,
        name: str,
        *,
        external_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> CountedSubject:
        """A `birth_date` in the metadata is stored as ISO 8601, however it was written.

        Raises DuplicateSubjectError when the collection has the name or external id,
        InvalidRequestError for texts and metadata that cannot be kept, and what
        `BirthDates.stored` raises.
        """
        fields, calendar = self._kept(
            {"name": name, "external_id": external_id, "metadata": dict(metadata or {})}
        )
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            subject = Subject(
                id=new_id(), collection_id=gallery.id, created_at=now, updated_at=now, **fields
            )
            uow.subjects.add(subject)
            return uow.note_result(CountedSubject(subject, 0, birth_date_calendar=calendar))

    def get_or_create(self, collection: str, name: str) -> Subject:
        """The subject of that name, made when there is none."""
        return self.find(collection, name) or self.create(collection, name).subject

    def get(self, collection: str, subject_id: str) -> CountedSubject:
        with self._storage.read() as uow:
            subject = uow.subjects.get(uow.collections.get(collection).id, subject_id)
            return counted(uow, [subject])[0]

    def find(self, collection: str, name: str) -> Subject | None:
        """Find by name, in whatever form of Unicode it is written."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            try:
                return uow.subjects.find(gallery.id, clean_text(name, "name"))
            except InvalidRequestError:
                return None

    def list(
        self,
        collection: str,
        wanted: SubjectFilter = EVERYBODY,
        *,
        after: str | None = None,
        limit: int = 50,
        newest_first: bool = False,
    ) -> Sequence[CountedSubject]:
        """List by id, those whose id comes after `after` in the order.

        Raises InvalidRequestError for a name, external id or metadata that none can have, and
        SealedCollectionError for a prefix in a sealed collection.
        """
        wanted = _clean(wanted)
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            subjects = uow.subjects.list(
                gallery.id, wanted, after=after, limit=limit, newest_first=newest_first
            )
            return counted(uow, subjects)

    def names(self, collection: str) -> Sequence[str]:
        """The names of all subjects, oldest first."""
        found: list[str] = []
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            last: str | None = None
            while rows := uow.subjects.list(gallery.id, after=last, limit=_PAGE):
                found += [subject.name for subject in rows]
                last = rows[-1].id
        return found

    def update(
        self,
        collection: str,
        subject_id: str,
        changes: Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> CountedSubject:
        """Change `name`, `external_id` or `metadata`; raises what `create` raises.

        Raises ChangedMeanwhileError where the subject is not of the version `if_match`.
        """
        changes, calendar = self._kept(changes)
        if "metadata" in changes:
            changes["unreadable"] = ()
        with self._storage.write() as uow:
            subject = uow.subjects.get(uow.collections.get(collection).id, subject_id)
            require_version(subject, if_match)
            changed = replace(subject, **changes, updated_at=datetime.now(UTC))
            uow.subjects.update(changed)
            return replace(counted(uow, [changed])[0], birth_date_calendar=calendar)

    def _kept(self, fields: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
        """The fields of a subject as they are stored, and the calendar of a birth date read."""
        kept = dict(fields)
        for field in ("name", "external_id"):
            if kept.get(field) is not None:
                kept[field] = clean_text(kept[field], field)
        if "metadata" in kept:
            stored = self._birth_dates.stored(clean_metadata(kept["metadata"]))
            kept["metadata"] = stored.metadata
            return kept, stored.calendar
        return kept, None


def _clean(wanted: SubjectFilter) -> SubjectFilter:
    """The filter with texts in the form in which they are kept."""
    name, external_id, prefix = wanted.name, wanted.external_id, wanted.name_prefix
    return replace(
        wanted,
        name=None if name is None else clean_text(name, "name"),
        external_id=None if external_id is None else clean_text(external_id, "external_id"),
        name_prefix=composed(prefix).lstrip(" ") if prefix else None,
        where=clean_conditions(wanted.where),
    )


def counted(uow: UnitOfWork, subjects: Sequence[Subject]) -> Sequence[CountedSubject]:
    """The subjects with what is known of their faces, by one question for all of them."""
    ids = [one.id for one in subjects]
    counts, standing = uow.faces.counts_of_subjects(ids), uow.surveys.standing(ids)
    return [CountedSubject(one, counts.get(one.id, 0), standing.get(one.id)) for one in subjects]


def version_of(subject: Subject) -> str:
    """A text that changes with every edit of the subject: of its fields, faces moved, merges."""
    fields = [
        subject.id,
        subject.name,
        subject.external_id,
        subject.metadata,
        subject.updated_at.isoformat(),
    ]
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]


def fulfils(if_match: str | None, version: str) -> bool:
    """Whether a condition as HTTP's `If-Match` has it names the version, in quotes, or any."""
    if if_match is None or if_match.strip() == "*":
        return True
    return f'"{version}"' in [one.strip() for one in if_match.split(",")]


def require_version(subject: Subject, if_match: str | None) -> None:
    """Check a condition as HTTP's `If-Match` has it; None is none.

    Raises ChangedMeanwhileError unless it names the subject's version, in quotes, or is `*`.
    """
    if not fulfils(if_match, version_of(subject)):
        raise ChangedMeanwhileError(
            f"Subject {subject.id!r} was changed since.",
            hint="Get it again, look at what changed, and send the request with its new version.",
            subject=subject.id,
        )
