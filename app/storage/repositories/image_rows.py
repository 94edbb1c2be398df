"""The image files that exist, in SQL. The files themselves are in `app.files.images`."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from app.storage.image_tables import ImagePlaceRow, ReleasedImageRow
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

        Data keys that nothing is under any more are destroyed. The digests are remembered until
        `forget_released`.
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
        released = [row.digest for row in rows]
        self.note_released(released)
        return released

    def released(self, *, before: datetime, limit: int) -> Sequence[str]:
        """Digests that were released before that moment and whose files may still be there."""
        query = select(ReleasedImageRow.digest).where(ReleasedImageRow.released_at < before)
        query = query.order_by(ReleasedImageRow.released_at).limit(limit)
        return self._connection.execute(query).scalars().all()

    def note_released(self, digests: Sequence[str]) -> None:
        """Remember files that have yet to go."""
        if digests:
            self.forget_released(digests)
            now = datetime.now(UTC)
            rows = [{"digest": digest, "released_at": now} for digest in digests]
            self._connection.execute(insert(ReleasedImageRow), rows)

    def forget_released(self, digests: Sequence[str]) -> None:
        """Forget them: their files are gone, or named again."""
        gone = delete(ReleasedImageRow).where(among(ReleasedImageRow.digest, digests))
        self._connection.execute(gone)

    def known(self, digests: Sequence[str]) -> frozenset[str]:
        """Digests, of those given, that have a row."""
        query = select(ImageRow.digest).where(among(ImageRow.digest, digests))
        return frozenset(self._connection.execute(query).scalars())

    def page(self, *, after: str, limit: int) -> Sequence[str]:
        """Digests in order, those that come after `after`."""
        query = select(ImageRow.digest).where(ImageRow.digest > after)
        return (
            self._connection.execute(query.order_by(ImageRow.digest).limit(limit)).scalars().all()
        )

    def count(self) -> int:
        """Number of image files that have a row."""
        return self._connection.execute(select(func.count()).select_from(ImageRow)).scalar_one()

    def installation(self) -> str | None:
        """The name of this installation in object storage; none before it was needed."""
        return self._connection.execute(select(ImagePlaceRow.installation)).scalar_one_or_none()

    def name_installation(self, name: str) -> None:
        """Store the name, which stays."""
        values = {"id": 1, "installation": name, "swept_at": datetime.fromtimestamp(0, UTC)}
        self._connection.execute(insert(ImagePlaceRow).values(values))

    def claim_sweep(self, now: datetime, *, not_since: datetime) -> bool:
        """Note the beginning of a search for files without a row, if there was none since then."""
        due = update(ImagePlaceRow).where(ImagePlaceRow.swept_at < not_since)
        return self._connection.execute(due.values(swept_at=now)).rowcount > 0
