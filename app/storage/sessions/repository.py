"""Browsers that are signed in, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from app.domain.access.sessions import Session
from app.storage.sessions.tables import SessionRow

_COLUMNS = (
    SessionRow.id,
    SessionRow.digest,
    SessionRow.key_id,
    SessionRow.key_digest,
    SessionRow.created_at,
    SessionRow.last_used_at,
    SessionRow.address,
    SessionRow.agent,
)


class SqlSessions:
    """Sessions by their ids, with digests of secrets and never the secrets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: Session) -> None:
        self._connection.execute(insert(SessionRow).values(asdict(session)))

    def get(self, session_id: str) -> Session | None:
        query = select(*_COLUMNS).where(SessionRow.id == session_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _session(row)

    def of_key(self, key_id: str) -> Sequence[Session]:
        """The key's sessions, the one that was used last before the others."""
        query = select(*_COLUMNS).where(SessionRow.key_id == key_id)
        query = query.order_by(SessionRow.last_used_at.desc(), SessionRow.id)
        return [_session(row) for row in self._connection.execute(query)]

    def touch(self, session_id: str, at: datetime) -> None:
        """Note the last use; a session that has just ended is ignored."""
        self._connection.execute(
            update(SessionRow).where(SessionRow.id == session_id).values(last_used_at=at)
        )

    def remove(self, session_ids: Sequence[str]) -> int:
        """Returns the number of sessions that there were."""
        return self._connection.execute(
            delete(SessionRow).where(SessionRow.id.in_(session_ids))
        ).rowcount

    def remove_before(self, *, created: datetime, used: datetime) -> None:
        """Remove what was begun, or used last, before these moments."""
        old = or_(SessionRow.created_at < created, SessionRow.last_used_at < used)
        self._connection.execute(delete(SessionRow).where(old))


def _session(row: Any) -> Session:
    return Session(*row)
