"""Names of the master keys that the data is under, in SQL."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.storage.tables import MasterKeyRow


class SqlProtection:
    """Names by which a master key is known to be the right one; no key is kept here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def master_keys(self) -> frozenset[str]:
        """Names of the keys that something may be sealed with."""
        return frozenset(self._connection.execute(select(MasterKeyRow.id)).scalars())

    def note_master_key(self, name: str, at: datetime) -> None:
        """Remember that something may be sealed with it from now on."""
        self._connection.execute(insert(MasterKeyRow).values(id=name, first_used_at=at))
