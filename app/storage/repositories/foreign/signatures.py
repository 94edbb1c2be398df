"""Signed requests that came, and the sealed secrets that sign them, in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from app.storage.foreign_tables import KeySecretRow, SeenSignatureRow


class SqlSignatures:
    """Signatures by their values, and secrets by their keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, signature: str) -> Mapping[str, datetime]:
        """The moments at which the signature came, by attempt."""
        query = select(SeenSignatureRow.attempt, SeenSignatureRow.seen_at).where(
            SeenSignatureRow.signature == signature
        )
        return {row.attempt: row.seen_at for row in self._connection.execute(query)}

    def note(self, signature: str, attempt: str, at: datetime) -> None:
        self._connection.execute(
            insert(SeenSignatureRow).values(signature=signature, attempt=attempt, seen_at=at)
        )

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
        row = self._connection.execute(
            select(KeySecretRow.sealed, KeySecretRow.previous).where(KeySecretRow.key_id == key_id)
        ).one_or_none()
        return [] if row is None else [one for one in row if one is not None]
