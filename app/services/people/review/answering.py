"""Suggestions that wait for an answer, and the answers: each is one call, and can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Collection, Subject
from app.domain.people.review import StoredSuggestion, Suggestion
from app.services.gallery.corrections import Corrected, Corrections
from app.services.gallery.subjects import CountedSubject
from app.services.people.groups import MOST_OF_SEEN, Groups
from app.services.people.review.denying import add_negatives, record_refusal
from app.services.ports import Storage, UnitOfWork

_NEWEST = 50
"""Faces of a group, of which the best are taken as negatives."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A suggestion, with what has to be known beside it."""

    stored: StoredSuggestion
    subjects: Mapping[str, Subject]
    """Those whom it names, by id."""
    size: int | None
    """Faces of its group."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The outcome of an answer."""

    suggestion: StoredSuggestion
    accepted: bool
    subject: CountedSubject | None = None
    """Whose the faces are now; None of what was refused."""
    faces: int = 0
    """Faces that were enrolled, or have changed their subject."""
    negatives: int = 0
    """Faces of which it is known now that they are not the subject's."""
    operation_id: str | None = None
    """Undoes it; None when nothing had to be changed."""


class Reviews:
    """Lists suggestions and takes answers."""

    def __init__(
        self,
        storage: Storage,
        groups: Groups,
        corrections: Corrections,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage = storage
        self._groups = groups
        self._corrections = corrections
        self._now = clock

    def list(
        self, collection: str, *, after: tuple[float, str] | None = None, limit: int = 50
    ) -> Sequence[Waiting]:
        """The likeliest first; `after` is the likelihood and id of the last of the page before."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            found = uow.suggestions.list(gallery.id, after=after, limit=limit)
            return _waiting(uow, found)

    def accept(
        self,
        collection: str,
        suggestion_id: str,
        *,
        subject_id: str | None = None,
        new_subject: str | None = None,
    ) -> Answered:
        """Do what is suggested: one transaction.

        Either subject may be named where faces go to one: to another than the suggested, or to a
        new one. Raises UnknownSuggestionError and what naming, merging or moving raises.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            stored = uow.suggestions.get(gallery.id, suggestion_id)
            counts = uow.faces.counts_of_subjects(_named(stored.suggestion))
            subjects = uow.subjects.by_ids(_named(stored.suggestion))
        if subject_id is not None and new_subject is not None:
            raise InvalidRequestError("Name either a subject that there is, or a new one.")
        one = stored.suggestion
        if one.kind == "subjects-are-one":
            if subject_id is not None or new_subject is not None:
                raise InvalidRequestError("Both subjects are named already.", hint="Leave it out.")
            stays, goes = _order(subjects, counts)
            return _corrected(stored, self._corrections.merge(collection, stays, goes))
        if one.kind == "face-not-subject":
            return self._moved(collection, stored, subjects, subject_id, new_subject)
        return self._named(collection, stored, subject_id, new_subject)

    def refuse(self, collection: str, suggestion_id: str) -> Answered:
        """Never suggest it again. One transaction, which can be undone.

        A group that is not a subject's gives the subject negatives; a stranger who need not be
        named is ignored. Raises UnknownSuggestionError.
        """
        now = self._now()
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            stored = uow.suggestions.get(gallery.id, suggestion_id)
            uow.suggestions.refuse(stored.id, now)
            details: dict[str, Any] = {"suggestion": stored.id}
            details |= _refused(uow, gallery, stored.suggestion, now)
            about = stored.suggestion.subject_id or ""
            operation = record_refusal(uow, gallery, about, now, details)
            made = len(details.get("negatives", []))
            return uow.note_result(
                Answered(stored, accepted=False, negatives=made, operation_id=operation.id)
            )

    def _named(
        self,
        collection: str,
        stored: StoredSuggestion,
        subject_id: str | None,
        new_subject: str | None,
    ) -> Answered:
        one = stored.suggestion
        if subject_id is None and new_subject is None:
            subject_id = one.subject_id
        if subject_id is None and new_subject is None:
            new_subject = f"Stranger {(one.group_id or '')[-8:]}"
        named = self._groups.assign(
            collection, one.group_id or "", subject_id=subject_id, new_subject=new_subject
        )
        faces = len(named.face_ids)
        return Answered(stored, True, named.subject, faces, operation_id=named.operation_id)

    def _moved(
        self,
        collection: str,
        stored: StoredSuggestion,
        subjects: Mapping[str, Subject],
        subject_id: str | None,
        new_subject: str | None,
    ) -> Answered:
        one = stored.suggestion
        faces = [one.face_id or 0]
        target = None if new_subject is not None else subject_id or one.other_id
        if target is not None:
            return _corrected(stored, self._corrections.move_faces(collection, faces, target))
        former = subjects[one.subject_id or ""].name
        name = new_subject or f"{former} (face {one.face_id})"
        return _corrected(stored, self._corrections.split(collection, faces, name))


def _refused(uow: UnitOfWork, gallery: Collection, one: Suggestion, at: datetime) -> dict[str, Any]:
    """Have recognition heed it, too; what undoing needs."""
    if one.kind == "group-is-subject" and one.group_id and one.subject_id:
        newest = uow.sightings.newest_of_group(one.group_id, _NEWEST)
        best = sorted(newest, key=lambda face: -face.quality.score)[:MOST_OF_SEEN]
        ids = [face.id for face in best]
        return {"negatives": add_negatives(uow, gallery, one.subject_id, at, [], ids)}
    if one.kind == "group-often-seen" and one.group_id:
        uow.groups.mark(one.group_id, ignored=True)
        return {"ignored": one.group_id}
    if one.kind == "face-not-subject" and one.other_id and one.face_id:
        negatives = add_negatives(uow, gallery, one.other_id, at, [one.face_id], [])
        return {"negatives": negatives}
    return {}


def _named(one: Suggestion) -> list[str]:
    return [name for name in (one.subject_id, one.other_id) if name]


def _order(subjects: Mapping[str, Subject], counts: Mapping[str, int]) -> tuple[str, str]:
    """Put first who stays: with more faces, of equal ones the one that was there first."""
    first, second = sorted(
        subjects.values(), key=lambda one: (-counts[one.id], one.created_at, one.id)
    )
    return first.id, second.id


def _corrected(stored: StoredSuggestion, done: Corrected) -> Answered:
    operation = None if done.operation is None else done.operation.id
    return Answered(stored, True, done.subject, done.moved, operation_id=operation)


def _waiting(uow: UnitOfWork, found: Sequence[StoredSuggestion]) -> Sequence[Waiting]:
    named = sorted({name for one in found for name in _named(one.suggestion)})
    subjects = uow.subjects.by_ids(named)
    ids = sorted({one.suggestion.group_id for one in found if one.suggestion.group_id})
    sizes = {one.id: one.size for one in uow.groups.among(ids)}
    return [
        Waiting(
            one,
            {name: subjects[name] for name in _named(one.suggestion)},
            sizes.get(one.suggestion.group_id or ""),
        )
        for one in found
    ]
