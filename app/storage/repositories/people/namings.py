"""Subjects that were given faces, in SQL, and the sightings that these may be of."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, delete, insert, select, update

from app.domain.gallery import Partition
from app.storage.people_tables import NamingRow, SightingRow
from app.storage.repositories.membership import among
from app.storage.repositories.people.groups import SqlGroups
from app.storage.repositories.people.sighting_rows import NAMELESS, TEMPLATES, within
from app.storage.repositories.stored.templates import StoredTemplates


class SqlNamings:
    """Subjects that have to be compared with sightings of before, and these."""

    def __init__(
        self, connection: Connection, templates: StoredTemplates, groups: SqlGroups
    ) -> None:
        self._connection = connection
        self._templates = templates
        self._groups = groups

    def add(self, collection_id: str, subjects: Iterable[str], at: datetime) -> None:
        """Note subjects that were given faces, where the collection has sightings."""
        wanted = sorted(set(subjects))
        seen = select(SightingRow.id).where(SightingRow.collection_id == collection_id).limit(1)
        if not wanted or self._connection.execute(seen).first() is None:
            return
        self._remove(collection_id, wanted)
        rows = [{"collection_id": collection_id, "subject_id": one, "at": at} for one in wanted]
        self._connection.execute(insert(NamingRow), rows)

    def collections(self) -> Sequence[str]:
        """Ids of collections with some that wait."""
        return list(self._connection.execute(select(NamingRow.collection_id).distinct()).scalars())

    def waiting(self, collection_id: str) -> dict[str, datetime]:
        """Tell when each of the collection's subjects that wait was last given faces."""
        query = select(NamingRow.subject_id, NamingRow.at).where(
            NamingRow.collection_id == collection_id
        )
        return {row.subject_id: row.at for row in self._connection.execute(query)}

    def done(self, collection_id: str, before: dict[str, datetime]) -> None:
        """Forget them, but for those that were given faces again since."""
        now = self.waiting(collection_id)
        self._remove(collection_id, [one for one, at in before.items() if now.get(one) == at])

    def unknown(
        self, partition: Partition, *, after: int, limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """((N,) ids, (N, dim) templates) of faces that were seen and unknown, ids ascending."""
        query = (
            select(*TEMPLATES)
            .where(
                within(partition),
                SightingRow.decision == "unknown",
                SightingRow.id > after,
            )
            .order_by(SightingRow.id)
            .limit(limit)
        )
        return self._templates.of_encoder(self._connection.execute(query))

    def make_known(
        self, ids: Sequence[int], subject_id: str, *, matched_at: datetime | None = None
    ) -> None:
        """Have those that are nobody's be of a subject, and in no group.

        `matched_at`: when they turned out to be; None of whom recognition had found.
        """
        which = and_(among(SightingRow.id, ids), NAMELESS)
        query = select(SightingRow.group_id).where(which, SightingRow.group_id.is_not(None))
        groups = [str(one) for one in self._connection.execute(query.distinct()).scalars()]
        known = {"decision": "known", "subject_id": subject_id, "similarity": None, "fmr": None}
        self._connection.execute(
            update(SightingRow)
            .where(which)
            .values(group_id=None, grouped=True, matched_at=matched_at, **known)
        )
        self._groups.settle(groups)

    def known(self, subject_id: str, *, matched_since: datetime | None = None) -> Sequence[int]:
        """Sightings of the subject; with `matched_since` those that turned out to be since."""
        query = select(SightingRow.id).where(
            SightingRow.subject_id == subject_id, SightingRow.decision == "known"
        )
        if matched_since is not None:
            query = query.where(SightingRow.matched_at >= matched_since)
        return list(self._connection.execute(query).scalars())

    def make_unknown(self, ids: Sequence[int], subject_id: str) -> Sequence[int]:
        """Have those sightings of the subject be nobody's, to be grouped; which they were."""
        which = and_(
            among(SightingRow.id, ids),
            SightingRow.subject_id == subject_id,
            SightingRow.decision == "known",
        )
        found = list(self._connection.execute(select(SightingRow.id).where(which)).scalars())
        nobody = {"decision": "unknown", "subject_id": None, "similarity": None, "fmr": None}
        self._connection.execute(
            update(SightingRow)
            .where(among(SightingRow.id, found))
            .values(grouped=False, matched_at=None, **nobody)
        )
        return found

    def _remove(self, collection_id: str, subjects: Sequence[str]) -> None:
        self._connection.execute(
            delete(NamingRow).where(
                NamingRow.collection_id == collection_id, among(NamingRow.subject_id, subjects)
            )
        )
