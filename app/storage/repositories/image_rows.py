"""The image files that exist, in SQL. The files themselves are in `app.files.images`."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from app.storage.repositories.membership import among
from app.storage.tables import FaceRow, ImageRow


class SqlImages:
    """Rows come before files and go before them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, digest: str, *, media_type: str, size: int) -> None:
        """Does nothing when the digest is known. `size` is in bytes."""
        if not self.known([digest]):
            self._connection.execute(
                insert(ImageRow).values(digest=digest, media_type=media_type, size=size)
            )

    def release(self, digests: Sequence[str]) -> Sequence[str]:
        """Remove the rows of those digests that no face refers to any more, and name them."""
        unused = ~select(FaceRow.id).where(FaceRow.image_digest == ImageRow.digest).exists()
        query = delete(ImageRow).where(among(ImageRow.digest, digests), unused)
        return self._connection.execute(query.returning(ImageRow.digest)).scalars().all()

    def known(self, digests: Sequence[str]) -> frozenset[str]:
        """Digests, of those given, that have a row."""
        query = select(ImageRow.digest).where(among(ImageRow.digest, digests))
        return frozenset(self._connection.execute(query).scalars())
