"""The image files that exist, in SQL. The files themselves are in `app.files.images`."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from app.storage.people_tables import SightingRow
from app.storage.repositories.membership import among
from app.storage.tables import DataKeyRow, FaceRow, ImageRow


class SqlImages:
    """Rows come before files and go before them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, digest: str, *, media_type: str, size: int, key_id: str | None = None) -> None:
        """Does nothing when the digest is known. `size` is in bytes, of the file."""
        if not self.known([digest]):
            self._connection.execute(
                insert(ImageRow).values(
                    digest=digest, media_type=media_type, size=size, key_id=key_id
                )
            )

    def release(self, digests: Sequence[str]) -> Sequence[str]:
        """Remove the rows of those digests that no face or sighting needs, and name them.

        Data keys that nothing is under any more are destroyed.
        """
        unused = (
            ~select(row.id).where(row.image_digest == ImageRow.digest).exists()
            for row in (FaceRow, SightingRow)
        )
        query = delete(ImageRow).where(among(ImageRow.digest, digests), *unused)
        returning = query.returning(ImageRow.digest, ImageRow.key_id)
        rows = self._connection.execute(returning).all()
        keys = sorted({row.key_id for row in rows if row.key_id is not None})
        if keys:
            empty = ~select(ImageRow.digest).where(ImageRow.key_id == DataKeyRow.id).exists()
            destroy = delete(DataKeyRow).where(among(DataKeyRow.id, keys), empty)
            self._connection.execute(destroy)
        return [row.digest for row in rows]

    def known(self, digests: Sequence[str]) -> frozenset[str]:
        """Digests, of those given, that have a row."""
        query = select(ImageRow.digest).where(among(ImageRow.digest, digests))
        return frozenset(self._connection.execute(query).scalars())
