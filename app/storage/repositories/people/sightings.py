"""Sightings in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    func,
    insert,
    select,
    update,
)

from app.domain.errors.sightings import UnknownSightingError
from app.domain.gallery import Partition
from app.domain.people.sightings import Moment, NewSighting, Sighting, SightingFilter, Unnamed
from app.domain.protection import Rotation, read_encoder, stored_encoder
from app.storage.people_tables import SightingRow
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.repositories.people.groups import SqlGroups
from app.storage.repositories.people.sighting_pages import TimePages
from app.storage.repositories.people.sighting_rows import (
    COLUMNS,
    GROUP,
    NAMELESS,
    TEMPLATES,
    hide_source,
    sighting_of,
    that,
    values_of,
    within,
)
from app.storage.repositories.stored.sealed import SealedCollections
from app.storage.repositories.stored.templates import Ids, StoredTemplates, Templates
from app.storage.tables import CollectionRow

_LARGEST_ID = 2**63 - 1
_ANY = SightingFilter()


class SqlSightings:
    """Faces that were seen, or imported without names."""

    def __init__(
        self,
        connection: Connection,
        changes: SqlChangeLog,
        groups: SqlGroups,
        templates: StoredTemplates,
        sealed: SealedCollections,
    ) -> None:
        self._connection = connection
        self._changes = changes
        self._groups = groups
        self._templates = templates
        self._sealed = sealed

    def add(self, sighting: NewSighting) -> int:
        """Keep it, in no group yet. The image's row, if it names one, is there already."""
        return self._add(sighting)

    def put_back(self, sighting: NewSighting, sighting_id: int, group_id: str) -> None:
        """Keep one that was there before, in its group; the others have yet to be told."""
        self._add(sighting, id=sighting_id, group_id=group_id, grouped=False)

    def get(self, collection_id: str, sighting_id: int) -> Sighting:
        """Raises UnknownSightingError."""
        row = None
        if 0 < sighting_id <= _LARGEST_ID:
            query = select(*COLUMNS).where(
                SightingRow.id == sighting_id, SightingRow.collection_id == collection_id
            )
            row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownSightingError(f"There is no sighting {sighting_id}.", sighting=sighting_id)
        return self._sighting(row)

    def list(
        self, collection_id: str, wanted: SightingFilter = _ANY, *, after: int = 0, limit: int
    ) -> Sequence[Sighting]:
        """Sightings by id, those whose id is greater than `after`."""
        query = (
            select(*COLUMNS)
            .where(
                that(collection_id, wanted, self._sealed), SightingRow.id > min(after, _LARGEST_ID)
            )
            .order_by(SightingRow.id)
            .limit(limit)
        )
        return [self._sighting(row) for row in self._connection.execute(query)]

    def latest(
        self, collection_id: str, wanted: SightingFilter, *, before: Moment | None, limit: int
    ) -> tuple[Sequence[Sighting], Moment | None]:
        """Sightings, the newest first, those seen before that one; see `TimePages`."""
        pages = TimePages(self._connection, self._sealed)
        rows, reached = pages.read(collection_id, wanted, before, limit)
        return [self._sighting(row) for row in rows], reached

    def oldest(
        self, collection_id: str, wanted: SightingFilter, *, limit: int
    ) -> Mapping[int, str | None]:
        """Digests of pictures by id, of those seen first."""
        columns = select(SightingRow.id, SightingRow.image_digest)
        query = columns.where(that(collection_id, wanted, self._sealed))
        found = self._connection.execute(query.order_by(SightingRow.at).limit(limit))
        return {row.id: row.image_digest for row in found}

    def count(self, collection_id: str, wanted: SightingFilter) -> tuple[int, int]:
        """Sightings, and those of them with a picture."""
        query = select(func.count(), func.count(SightingRow.image_digest)).where(
            that(collection_id, wanted, self._sealed)
        )
        row = self._connection.execute(query).one()
        return row[0], row[1]

    def by_ids(self, ids: Sequence[int]) -> Sequence[Sighting]:
        """Sightings with one of the ids; no sealed source is opened."""
        query = select(*COLUMNS).where(among(SightingRow.id, list(ids)))
        return [sighting_of(row) for row in self._connection.execute(query)]

    def sources(self, collection_id: str, digests: Sequence[str]) -> frozenset[str]:
        """Digests of pictures, of those given, of which a sighting is kept."""
        query = select(SightingRow.source_digest).where(
            SightingRow.collection_id == collection_id, among(SightingRow.source_digest, digests)
        )
        return frozenset(str(d) for d in self._connection.execute(query).scalars())

    def new(self, partition: Partition, limit: int) -> Unnamed:
        """Sightings that were not compared with the others yet, by id."""
        query = select(SightingRow.id).where(within(partition), SightingRow.grouped.is_(False))
        ids = self._connection.execute(query.order_by(SightingRow.id).limit(limit)).scalars().all()
        return self._unnamed(among(SightingRow.id, ids))

    def before(
        self, partition: Partition, before: int, limit: int, *, compared: bool = True
    ) -> Unnamed:
        """The last ones whose id is less than `before`, of all or of those that were compared."""
        ids = select(SightingRow.id).where(within(partition), SightingRow.id < before)
        if compared:
            ids = ids.where(SightingRow.grouped.is_(True))
        found = self._connection.execute(ids.order_by(SightingRow.id.desc()).limit(limit))
        return self._unnamed(among(SightingRow.id, found.scalars().all()))

    def compared_after(self, partition: Partition, after: int, limit: int) -> Unnamed:
        """Compared ones, the first of them whose id is greater than `after`."""
        query = select(SightingRow.id).where(
            within(partition), SightingRow.id > after, SightingRow.grouped.is_(True)
        )
        ids = self._connection.execute(query.order_by(SightingRow.id).limit(limit)).scalars().all()
        return self._unnamed(among(SightingRow.id, ids))

    def groups_of(self, ids: Sequence[int]) -> Mapping[int, str | None]:
        """Groups of those that are there still."""
        query = select(SightingRow.id, SightingRow.group_id).where(among(SightingRow.id, ids))
        return {row.id: row.group_id for row in self._connection.execute(query)}

    def templates(self, ids: Sequence[int]) -> tuple[Ids, Templates]:
        """((N,) ids, (N, dim) templates) of those that exist, of one encoder, ids ascending.

        They are as the encoder made them.
        """
        query = select(*TEMPLATES).where(among(SightingRow.id, list(ids)))
        return self._templates.of_encoder(self._connection.execute(query.order_by(SightingRow.id)))

    def waiting(self, partition: Partition) -> int:
        """Number of those that were not compared with the others yet."""
        query = select(func.count()).where(within(partition), SightingRow.grouped.is_(False))
        return self._connection.execute(query).scalar_one()

    def nameless(self, partition: Partition) -> int:
        """Number of all of them."""
        return self._connection.execute(select(func.count()).where(within(partition))).scalar_one()

    def waiting_partitions(self) -> Sequence[Partition]:
        """Partitions that have some that were not compared with the others yet."""
        query = (
            select(SightingRow.collection_id, SightingRow.encoder)
            .where(SightingRow.grouped.is_(False), NAMELESS)
            .distinct()
        )
        found = ((row[0], read_encoder(row[1])[0]) for row in self._connection.execute(query))
        return [Partition(*one) for one in dict.fromkeys(found)]

    def put_into_groups(
        self, groups: Mapping[int, str | None], was: Mapping[int, str | None] | None = None
    ) -> None:
        """Note the groups of sightings that have been compared; those that are gone, not.

        `was` are the groups that this was decided by: what somebody has changed since is left as
        it is, to be compared again.
        """
        if was is not None:
            groups = self._still(groups, was)
        rows = [{"sighting": int(one), "group": group} for one, group in groups.items()]
        if rows:
            before = self._groups_among(among(SightingRow.id, [r["sighting"] for r in rows]))
            self._connection.execute(GROUP, rows)
            self._groups.settle({*before, *(group for group in groups.values() if group)})

    def remove(self, ids: Sequence[int]) -> int:
        """Remove them; how many there were. Images are the caller's to release."""
        return self._remove(among(SightingRow.id, ids))

    def remove_of_collection(self, collection_id: str) -> int:
        """Returns the number of rows that there were."""
        self._groups.remove_of_collection(collection_id)
        return self._remove(SightingRow.collection_id == collection_id)

    def newest_of_group(self, group_id: str, limit: int) -> Sequence[Sighting]:
        """The group's sightings, those seen last first."""
        query = select(*COLUMNS).where(SightingRow.group_id == group_id)
        query = query.order_by(SightingRow.at.desc()).limit(limit)
        return [self._sighting(row) for row in self._connection.execute(query)]

    def follow_subject(self, subject_id: str, to: str) -> None:
        """Have another subject wherever that one was: it has its faces now."""
        self._connection.execute(
            update(SightingRow).where(SightingRow.subject_id == subject_id).values(subject_id=to)
        )

    def image_digests(self, collection_id: str) -> Sequence[str]:
        """Digests of the images that the collection's sightings refer to, each once."""
        query = (
            select(SightingRow.image_digest)
            .where(
                SightingRow.collection_id == collection_id, SightingRow.image_digest.is_not(None)
            )
            .distinct()
        )
        return [str(digest) for digest in self._connection.execute(query).scalars()]

    def _sighting(self, row: Row[Any]) -> Sighting:
        return sighting_of(row, self._sealed.of(row.collection_id))

    def _add(self, sighting: NewSighting, **more: Any) -> int:
        self._changes.grown.add(sighting.collection_id)
        encoder = stored_encoder(sighting.encoder, self._rotation(sighting.collection_id))
        partition = Partition(sighting.collection_id, encoder)
        (template,) = self._templates.to_bytes(partition, sighting.template)
        values = values_of(sighting, encoder, template) | more
        if (seal := self._sealed.of(sighting.collection_id)) is not None:
            hide_source(seal, values)
        query = insert(SightingRow).values(values).returning(SightingRow.id)
        return self._connection.execute(query).scalar_one()

    def _still(
        self, groups: Mapping[int, str | None], was: Mapping[int, str | None]
    ) -> Mapping[int, str | None]:
        now = self.groups_of([*{*groups, *was}])
        before = {name for name in was.values() if name is not None}
        ended = before - {one.id for one in self._groups.among(sorted(before))}
        return {
            one: group
            for one, group in groups.items()
            if one in now and now[one] == was.get(one) and group not in ended
        }

    def _unnamed(self, which: ColumnElement[bool]) -> Unnamed:
        query = select(*TEMPLATES, SightingRow.group_id, SightingRow.grouped).where(which)
        rows = self._connection.execute(query.order_by(SightingRow.id)).all()
        return Unnamed(
            *self._templates.of_encoder(rows),
            [row.group_id for row in rows],
            [place for place, row in enumerate(rows) if not row.grouped],
        )

    def _rotation(self, collection_id: str) -> Rotation | None:
        query = select(CollectionRow.encoder).where(CollectionRow.id == collection_id)
        stored = self._connection.execute(query).scalar_one_or_none()
        return None if stored is None else read_encoder(stored)[1]

    def _groups_among(self, which: ColumnElement[bool]) -> Sequence[str]:
        query = select(SightingRow.group_id).where(which, SightingRow.group_id.is_not(None))
        return [str(one) for one in self._connection.execute(query.distinct()).scalars()]

    def _remove(self, which: ColumnElement[bool]) -> int:
        groups = self._groups_among(which)
        removed = self._connection.execute(delete(SightingRow).where(which)).rowcount
        if removed:
            self._changes.note_erasure()
            self._groups.settle(groups)
        return removed
