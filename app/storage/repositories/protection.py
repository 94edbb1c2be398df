"""Names of the master keys that the data is under, and data keys sealed under them, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from app.storage.repositories.stored.sealed import SealedCollections
from app.storage.tables import DataKeyRow, FaceRow, ImageRow, MasterKeyRow


class SqlProtection:
    """Names by which a master key is known to be the right one; sealed keys of pictures."""

    def __init__(self, connection: Connection, sealed: SealedCollections) -> None:
        self._connection = connection
        self._sealed = sealed

    def master_keys(self) -> frozenset[str]:
        """Names of the keys that something may be sealed with."""
        return frozenset(self._connection.execute(select(MasterKeyRow.id)).scalars())

    def note_master_key(self, name: str, at: datetime) -> None:
        """Remember that something may be sealed with it from now on."""
        self._connection.execute(insert(MasterKeyRow).values(id=name, first_used_at=at))

    def data_key(self, subject_id: str) -> tuple[str, bytes] | None:
        """Id and sealed key of the subject."""
        query = select(DataKeyRow.id, DataKeyRow.sealed).where(DataKeyRow.subject_id == subject_id)
        row = self._connection.execute(query.order_by(DataKeyRow.id).limit(1)).first()
        return None if row is None else (row.id, row.sealed)

    def add_data_key(self, key_id: str, subject_id: str, sealed: bytes) -> None:
        """Store a new key."""
        self._connection.execute(
            insert(DataKeyRow).values(id=key_id, subject_id=subject_id, sealed=sealed)
        )

    def key_of_image(self, digest: str) -> tuple[str, bytes] | None:
        """Id and sealed key that the image is under; None for one that is plain."""
        query = select(DataKeyRow.id, DataKeyRow.sealed).join(
            ImageRow, ImageRow.key_id == DataKeyRow.id
        )
        row = self._connection.execute(query.where(ImageRow.digest == digest)).first()
        return None if row is None else (row.id, row.sealed)

    def data_keys(self, *, after: str, limit: int) -> Sequence[tuple[str, bytes]]:
        """Keys by id, those whose id comes after `after`."""
        query = select(DataKeyRow.id, DataKeyRow.sealed).where(DataKeyRow.id > after)
        rows = self._connection.execute(query.order_by(DataKeyRow.id).limit(limit))
        return [(row.id, row.sealed) for row in rows]

    def put_data_key(self, key_id: str, sealed: bytes) -> None:
        """Replace a sealed key."""
        query = update(DataKeyRow).where(DataKeyRow.id == key_id)
        self._connection.execute(query.values(sealed=sealed))

    def collection_keys_behind(self) -> Sequence[str]:
        """Ids of sealed collections whose key a former master key has sealed."""
        return self._sealed.behind()

    def renew_collection_key(self, collection_id: str) -> None:
        """Seal the key of the collection under the master key that seals now."""
        self._sealed.renew(collection_id)

    def plain_images(self, *, after: str, limit: int) -> Sequence[str]:
        """Digests of images that are under no key, those that come after `after`."""
        query = select(ImageRow.digest).where(ImageRow.key_id.is_(None), ImageRow.digest > after)
        query = query.order_by(ImageRow.digest).limit(limit)
        return self._connection.execute(query).scalars().all()

    def count_plain_images(self) -> int:
        """Number of images that are under no key."""
        query = select(func.count()).select_from(ImageRow).where(ImageRow.key_id.is_(None))
        return self._connection.execute(query).scalar_one()

    def owners(self, digest: str) -> Sequence[str]:
        """Ids of the subjects whose faces name the image."""
        query = select(FaceRow.subject_id).where(FaceRow.image_digest == digest).distinct()
        return self._connection.execute(query).scalars().all()

    def rename_image(self, subject_id: str, digest: str, new: str) -> None:
        """Have the subject's faces name another image."""
        self._connection.execute(
            update(FaceRow)
            .where(FaceRow.image_digest == digest, FaceRow.subject_id == subject_id)
            .values(image_digest=new)
        )
