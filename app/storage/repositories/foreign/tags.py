"""Tags of collections in SQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from app.storage.foreign_tables import CollectionTagRow
from app.storage.repositories.membership import among


class SqlTags:
    """Tags: pairs of texts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, collection_id: str) -> Mapping[str, str]:
        query = (
            select(CollectionTagRow.key, CollectionTagRow.value)
            .where(CollectionTagRow.collection_id == collection_id)
            .order_by(CollectionTagRow.key)
        )
        return {row.key: row.value for row in self._connection.execute(query)}

    def put(self, collection_id: str, tags: Mapping[str, str]) -> None:
        """Add the tags, in place of those of the same keys."""
        self.remove(collection_id, list(tags))
        for key, value in tags.items():
            self._connection.execute(
                insert(CollectionTagRow).values(collection_id=collection_id, key=key, value=value)
            )

    def remove(self, collection_id: str, keys: Sequence[str]) -> None:
        self._connection.execute(
            delete(CollectionTagRow).where(
                CollectionTagRow.collection_id == collection_id,
                among(CollectionTagRow.key, list(keys)),
            )
        )
