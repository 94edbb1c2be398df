"""Conditions of SQL for who is listed of a collection."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, literal, null, or_, select

from app.domain.people.listing import ConsentState, SubjectFilter
from app.storage.base import UtcDateTime
from app.storage.ledger_tables import SubjectRightsRow
from app.storage.tables import FaceRow, SubjectRow

_FACES = (
    select(func.count())
    .where(FaceRow.subject_id == SubjectRow.id)
    .correlate(SubjectRow)
    .scalar_subquery()
)
_HAS_FACE = select(FaceRow.id).where(FaceRow.subject_id == SubjectRow.id).exists()


def chosen(wanted: SubjectFilter) -> Iterator[ColumnElement[bool]]:
    """Conditions on what no seal hides: numbers of faces, times, and rights."""
    if wanted.since is not None:
        yield SubjectRow.created_at >= wanted.since
    if wanted.until is not None:
        yield SubjectRow.created_at < wanted.until
    if wanted.min_faces:
        yield _HAS_FACE if wanted.min_faces == 1 else wanted.min_faces <= _FACES
    if wanted.max_faces is not None:
        yield wanted.max_faces >= _FACES if wanted.max_faces else ~_HAS_FACE
    if wanted.restricted is not None:
        restricted = _recorded(SubjectRightsRow.restricted_at.is_not(None))
        yield restricted if wanted.restricted else ~restricted
    if wanted.consent is not None:
        yield _consent(wanted.consent)


def _consent(state: ConsentState) -> ColumnElement[bool]:
    given = SubjectRightsRow.consent.is_not(null())
    if state == "none":
        return ~_recorded(given)
    ends, now = SubjectRightsRow.consent_ends_at, literal(datetime.now(UTC), UtcDateTime())
    if state == "ended":
        return _recorded(given, ends <= now)
    return _recorded(given, or_(ends.is_(None), ends > now))


def _recorded(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    rights = select(SubjectRightsRow.subject_id).where(
        SubjectRightsRow.subject_id == SubjectRow.id, *conditions
    )
    return rights.exists()
