"""Signed requests that came, and the sealed secrets that sign them, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from app.storage.foreign_tables import KeySecretRow, SeenSignatureRow

_BEFORE = select(SeenSignatureRow.signature).where(
    SeenSignatureRow.signature == bindparam("sent_signature"),
    or_(
        SeenSignatureRow.attempt == bindparam("sent_attempt"),
        SeenSignatureRow.seen_at < bindparam("since", type_=SeenSignatureRow.seen_at.type),
    ),
)
_NOTE = (
    insert(SeenSignatureRow)
    .from_select(
        ["signature", "attempt", "seen_at"],
        select(
            bindparam("sent_signature", type_=SeenSignatureRow.signature.type),
            bindparam("sent_attempt", type_=SeenSignatureRow.attempt.type),
            bindparam("sent_at", type_=SeenSignatureRow.seen_at.type),
        ).where(~_BEFORE.exists()),
    )
    .execution_options(preserve_rowcount=True)
)
# Built once: every request asks, and building takes longer than asking.
_SECRETS = select(KeySecretRow.sealed, KeySecretRow.previous).where(
    KeySecretRow.key_id == bindparam("key_id")
)


class SqlSignatures:
    """Signatures by their values, and secrets by their keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, signature: str, attempt: str, at: datetime, *, since: datetime) -> bool:
        """Note an attempt, unless it came before, or another with that signature before `since`.

        Whether it was noted. Writers come one by one, so nobody notes it meanwhile.
        """
        sent = {"sent_signature": signature, "sent_attempt": attempt, "sent_at": at}
        return self._connection.execute(_NOTE, {**sent, "since": since}).rowcount > 0

    def forget_before(self, at: datetime) -> int:
        """Returns the number of rows that there were."""
        old = delete(SeenSignatureRow).where(SeenSignatureRow.seen_at < at)
        return self._connection.execute(old).rowcount

    def keep_secret(self, key_id: str, sealed: bytes) -> None:
        """Keep the key's secret, and the one before it beside it."""
        known = self.secrets_of(key_id)
        self._connection.execute(delete(KeySecretRow).where(KeySecretRow.key_id == key_id))
        previous = known[0] if known else None
        self._connection.execute(
            insert(KeySecretRow).values(key_id=key_id, sealed=sealed, previous=previous)
        )

    def secrets_of(self, key_id: str) -> Sequence[bytes]:
        """The sealed secret, and the one before it; nothing for keys that sign nothing."""
        row = self._connection.execute(_SECRETS, {"key_id": key_id}).one_or_none()
        return [] if row is None else [one for one in row if one is not None]
