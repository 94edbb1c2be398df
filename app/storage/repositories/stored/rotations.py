"""Rotations that the collections' templates are under, and what has yet to follow them, in SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from app.domain.gallery import Partition
from app.domain.protection import Rotation, read_encoder, stored_encoder
from app.storage.people_tables import SightingRow
from app.storage.repositories.stored.templates import StoredTemplates
from app.storage.tables import CollectionRow, FaceRow, StagedTemplateRow

_TURNED = (
    update(SightingRow)
    .where(SightingRow.id == bindparam("sighting"))
    .values(encoder=bindparam("stored_as"), template=bindparam("turned"))
)


class SqlRotations:
    """Names of rotations stand in rows, behind those of encoders."""

    def __init__(self, connection: Connection, templates: StoredTemplates) -> None:
        self._connection = connection
        self._templates = templates

    def after(self, rotation: Rotation | None) -> Rotation | None:
        """The next rotation of a collection, or its first; None where there are none."""
        return self._templates.rotation_after(rotation)

    def behind(self) -> Sequence[str]:
        """Ids of the collections with no rotation, or one of a former master key."""
        query = select(CollectionRow.id, CollectionRow.encoder).order_by(CollectionRow.id)
        found = [(row.id, read_encoder(row.encoder)[1]) for row in self._connection.execute(query)]
        return [one for one, rotation in found if not self._templates.is_current(rotation)]

    def with_sightings_behind(self) -> Sequence[str]:
        """Ids of the collections with sightings under another rotation than their own."""
        query = (
            select(SightingRow.collection_id, SightingRow.encoder, CollectionRow.encoder)
            .join(CollectionRow, CollectionRow.id == SightingRow.collection_id)
            .distinct()
        )
        return sorted(
            {
                collection_id
                for collection_id, seen, own in self._connection.execute(query)
                if read_encoder(seen)[1] != read_encoder(own)[1]
            }
        )

    def encoders_waiting(self, collection_id: str) -> Sequence[str]:
        """Encoders, as they are stored, of the templates that wait for the collection."""
        query = (
            select(StagedTemplateRow.encoder)
            .join(FaceRow, FaceRow.id == StagedTemplateRow.face_id)
            .where(FaceRow.collection_id == collection_id)
        )
        return self._connection.execute(query.distinct()).scalars().all()

    def rotate_sightings(self, collection_id: str, *, after: int, limit: int) -> tuple[int, int]:
        """Turn sightings that are under another rotation than their collection is now.

        Looks at `limit` of them, those whose id is greater than `after`. Returns how many it has
        turned, and the last id that it has looked at, 0 at the end.
        """
        own = select(CollectionRow.encoder).where(CollectionRow.id == collection_id)
        stored = self._connection.execute(own).scalar_one_or_none()
        query = (
            select(
                SightingRow.id,
                SightingRow.collection_id,
                SightingRow.encoder,
                SightingRow.template,
            )
            .where(SightingRow.collection_id == collection_id, SightingRow.id > after)
            .order_by(SightingRow.id)
            .limit(limit)
        )
        rows = self._connection.execute(query).all()
        if stored is None or not rows:
            return 0, 0
        _, rotation = read_encoder(stored)
        late = [row for row in rows if read_encoder(row.encoder)[1] != rotation]
        turned = []
        for row in late:
            encoder = stored_encoder(read_encoder(row.encoder)[0], rotation)
            _, templates = self._templates.of_encoder([row])
            (template,) = self._templates.to_bytes(Partition(collection_id, encoder), templates)
            turned.append({"sighting": row.id, "stored_as": encoder, "turned": template})
        if turned:
            self._connection.execute(_TURNED, turned)
        return len(turned), rows[-1].id
