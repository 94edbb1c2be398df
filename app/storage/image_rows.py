"""Which image files exist, in SQL. The files themselves are in `app.storage.images`."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from app.storage.batches import batches
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
        released: list[str] = []
        for part in batches(digests):
            unused = ~select(FaceRow.id).where(FaceRow.image_digest == ImageRow.digest).exists()
            released += self._connection.execute(
                delete(ImageRow).where(ImageRow.digest.in_(part), unused).returning(ImageRow.digest)
            ).scalars()
        return released

    def known(self, digests: Sequence[str]) -> frozenset[str]:
        """Those of the digests that have a row."""
        found: set[str] = set()
        for part in batches(digests):
            found.update(
                self._connection.execute(
                    select(ImageRow.digest).where(ImageRow.digest.in_(part))
                ).scalars()
            )
        return frozenset(found)
