"""Rights of subjects in SQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, literal, or_, select

from app.domain.gallery import Collection
from app.domain.people.retention import Due
from app.domain.people.rights import Rights, from_json, to_json
from app.storage.base import UtcDateTime
from app.storage.ledger_tables import SubjectRightsRow
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.repositories.stored.sealed import SealedCollections
from app.storage.tables import SubjectRow

# Built once: every recognition asks, and building takes longer than asking.
_BARRED = select(SubjectRightsRow.subject_id).where(
    among(SubjectRightsRow.subject_id, "ids"),
    or_(
        SubjectRightsRow.restricted_at.is_not(None),
        SubjectRightsRow.consent_ends_at <= bindparam("now", type_=UtcDateTime()),
    ),
)


class SqlRights:
    """Rights by subject; without a row nothing is recorded."""

    def __init__(
        self, connection: Connection, changes: SqlChangeLog, sealed: SealedCollections
    ) -> None:
        self._connection = connection
        self._changes = changes
        self._sealed = sealed

    def get(self, subject_id: str) -> Rights:
        """The rights, defaults where nothing is recorded."""
        query = select(
            SubjectRightsRow.collection_id,
            SubjectRightsRow.restricted_at,
            SubjectRightsRow.keep_until,
            SubjectRightsRow.consent,
        ).where(SubjectRightsRow.subject_id == subject_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return Rights()
        return _rights(row, self._sealed.read(row.collection_id, row.consent, _context(subject_id)))

    def put(self, collection_id: str, subject_id: str, rights: Rights) -> None:
        """Record them in place of those before."""
        self.remove([subject_id])
        if rights == Rights():
            return
        consent = rights.consent
        self._connection.execute(
            insert(SubjectRightsRow).values(
                subject_id=subject_id,
                collection_id=collection_id,
                restricted_at=rights.restricted_at,
                keep_until=rights.keep_until,
                consent_ends_at=None if consent is None else consent.ends_at,
                consent=self._sealed.written(
                    collection_id, to_json(rights)["consent"], _context(subject_id)
                ),
            )
        )

    def remove(self, subject_ids: Sequence[str]) -> None:
        """Remove what is recorded of the subjects."""
        query = delete(SubjectRightsRow).where(among(SubjectRightsRow.subject_id, subject_ids))
        if self._connection.execute(query).rowcount:
            self._changes.note_erasure()

    def remove_of_collection(self, collection_id: str) -> None:
        """Remove what is recorded of the collection's subjects."""
        query = delete(SubjectRightsRow).where(SubjectRightsRow.collection_id == collection_id)
        if self._connection.execute(query).rowcount:
            self._changes.note_erasure()

    def barred(self, subject_ids: Sequence[str], now: datetime) -> frozenset[str]:
        """Subjects, of those given, that must not be matched."""
        values = {"ids": subject_ids, "now": now}
        return frozenset(self._connection.execute(_BARRED, values).scalars())

    def due(self, gallery: Collection, now: datetime, *, limit: int) -> Sequence[Due]:
        """Subjects of the collection whose time is over, restricted ones excepted."""
        over = [
            SubjectRightsRow.keep_until <= literal(now, UtcDateTime()),
            SubjectRightsRow.consent_ends_at <= literal(now, UtcDateTime()),
        ]
        oldest = None
        if gallery.policy.keep_days is not None:
            oldest = now - timedelta(days=gallery.policy.keep_days)
            over.append(SubjectRow.created_at <= literal(oldest, UtcDateTime()))
        query = (
            select(
                SubjectRow.id,
                SubjectRow.created_at,
                SubjectRightsRow.keep_until,
                SubjectRightsRow.consent_ends_at,
            )
            .outerjoin(SubjectRightsRow, SubjectRightsRow.subject_id == SubjectRow.id)
            .where(
                SubjectRow.collection_id == gallery.id,
                SubjectRightsRow.restricted_at.is_(None),
                or_(*over),
            )
            .order_by(SubjectRow.id)
            .limit(limit)
        )
        return [_due(row, now, oldest) for row in self._connection.execute(query)]


def _context(subject_id: str) -> str:
    return f"consent/{subject_id}"


def _rights(row: Any, recorded: Any) -> Rights:
    fields = {"restricted_at": None, "keep_until": None, "consent": recorded}
    consent = from_json(fields).consent
    return Rights(row.restricted_at, row.keep_until, consent)


def _due(row: Any, now: datetime, oldest: datetime | None) -> Due:
    if row.consent_ends_at is not None and row.consent_ends_at <= now:
        return Due(row.id, "consent-ended", row.consent_ends_at)
    if row.keep_until is not None and row.keep_until <= now:
        return Due(row.id, "keep-until", row.keep_until)
    since = row.created_at if oldest is None else row.created_at + (now - oldest)
    return Due(row.id, "retention", since)
