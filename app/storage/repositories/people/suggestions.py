"""Suggestions about who is who in SQL, and which of them were refused."""

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, insert, or_, select, update

from app.domain.errors.people import UnknownSuggestionError
from app.domain.people.review import StoredSuggestion, Suggestion, SuggestionKind
from app.storage.people_tables import GroupRow, SuggestionRow
from app.storage.repositories.membership import among
from app.storage.tables import FaceRow, SubjectRow

_NAMES = ("kind", "likelihood", "group_id", "subject_id", "other_id", "face_id")


class SqlSuggestions:
    """Suggestions by id. Those that are open are found anew again and again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, collection_id: str, *, after: tuple[float, str] | None, limit: int
    ) -> Sequence[StoredSuggestion]:
        """Open ones, the likeliest first; `after` is a likelihood and an id."""
        query = _open(collection_id).order_by(SuggestionRow.likelihood.desc(), SuggestionRow.id)
        if after is not None:
            likelihood, last = after
            same = and_(SuggestionRow.likelihood == likelihood, SuggestionRow.id > last)
            query = query.where(or_(SuggestionRow.likelihood < likelihood, same))
        return [_stored(row) for row in self._connection.execute(query.limit(limit))]

    def get(self, collection_id: str, suggestion_id: str) -> StoredSuggestion:
        """An open one. Raises UnknownSuggestionError."""
        query = _open(collection_id).where(SuggestionRow.id == suggestion_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownSuggestionError(
                f"There is no suggestion {suggestion_id!r} that waits for an answer.",
                suggestion=suggestion_id,
            )
        return _stored(row)

    def replace(
        self,
        collection_id: str,
        kinds: Some[SuggestionKind],
        found: Sequence[Suggestion],
        at: datetime,
    ) -> int:
        """Have these be the open ones of those kinds, without refused ones and what is gone; how
        many there are. Those that stay keep their time.
        """
        there = select(SuggestionRow.id, SuggestionRow.found_at, SuggestionRow.refused_at).where(
            SuggestionRow.collection_id == collection_id, among(SuggestionRow.kind, sorted(kinds))
        )
        rows = self._connection.execute(there).all()
        refused = {row.id for row in rows if row.refused_at is not None}
        since = {row.id: row.found_at for row in rows}
        gone = [row.id for row in rows if row.refused_at is None]
        self._connection.execute(delete(SuggestionRow).where(among(SuggestionRow.id, gone)))
        new = {one.id: one for one in self._possible(found) if one.id not in refused}
        if new:
            self._connection.execute(
                insert(SuggestionRow),
                [_row(one, collection_id, since.get(name, at)) for name, one in new.items()],
            )
        return len(new)

    def refuse(self, suggestion_id: str, at: datetime) -> None:
        """Never suggest it again, until it is reopened."""
        self._connection.execute(
            update(SuggestionRow).where(SuggestionRow.id == suggestion_id).values(refused_at=at)
        )

    def reopen(self, suggestion_id: str) -> None:
        """Forget that it was refused."""
        self._connection.execute(
            update(SuggestionRow).where(SuggestionRow.id == suggestion_id).values(refused_at=None)
        )

    def refused_with(self, subject_id: str) -> Sequence[str]:
        """Subjects that are not one with this one, as somebody has said."""
        query = select(SuggestionRow.subject_id, SuggestionRow.other_id).where(
            SuggestionRow.kind == "subjects-are-one",
            SuggestionRow.refused_at.is_not(None),
            or_(SuggestionRow.subject_id == subject_id, SuggestionRow.other_id == subject_id),
        )
        return sorted(
            {one for row in self._connection.execute(query) for one in row} - {subject_id}
        )

    def refuse_pairs(
        self, collection_id: str, subject_id: str, others: Sequence[str], at: datetime
    ) -> None:
        """Note that a subject is not one with the others, as far as there are these."""
        named = select(SubjectRow.id).where(among(SubjectRow.id, others))
        there = set(self._connection.execute(named).scalars()) - {subject_id}
        pairs = [
            Suggestion("subjects-are-one", 0.0, None, subject_id, one) for one in sorted(there)
        ]
        ids = [one.id for one in pairs]
        self._connection.execute(delete(SuggestionRow).where(among(SuggestionRow.id, ids)))
        rows = [_row(one, collection_id, at) | {"refused_at": at} for one in pairs]
        if rows:
            self._connection.execute(insert(SuggestionRow), rows)

    def _possible(self, found: Sequence[Suggestion]) -> Sequence[Suggestion]:
        """Keep those of which all that they name is there still."""
        groups = self._there(
            select(GroupRow.id).where(
                among(GroupRow.id, sorted({one.group_id for one in found if one.group_id}))
            )
        )
        named = {name for one in found for name in (one.subject_id, one.other_id) if name}
        subjects = self._there(select(SubjectRow.id).where(among(SubjectRow.id, sorted(named))))
        faces = self._there(
            select(FaceRow.id).where(
                among(FaceRow.id, sorted({one.face_id for one in found if one.face_id}))
            )
        )
        return [
            one
            for one in found
            if {one.group_id} <= groups
            and {one.subject_id, one.other_id} <= subjects
            and {one.face_id} <= faces
        ]

    def _there(self, query: Select[Any]) -> set[Any]:
        return {*self._connection.execute(query).scalars(), None}


def _open(collection_id: str) -> Select[Any]:
    """Select those that wait for an answer, and still make sense."""
    return (
        select(SuggestionRow.__table__)
        .outerjoin(FaceRow, FaceRow.id == SuggestionRow.face_id)
        .outerjoin(GroupRow, GroupRow.id == SuggestionRow.group_id)
        .where(
            SuggestionRow.collection_id == collection_id,
            SuggestionRow.refused_at.is_(None),
            or_(SuggestionRow.face_id.is_(None), FaceRow.subject_id == SuggestionRow.subject_id),
            or_(SuggestionRow.group_id.is_(None), GroupRow.ignored.is_(False)),
        )
    )


def _row(one: Suggestion, collection_id: str, at: datetime) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in _NAMES}
    return row | {"id": one.id, "collection_id": collection_id, "found_at": at, "refused_at": None}


def _stored(row: Any) -> StoredSuggestion:
    suggestion = Suggestion(**{name: getattr(row, name) for name in _NAMES})
    return StoredSuggestion(suggestion, row.collection_id, row.found_at)
