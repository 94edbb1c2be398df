"""Groups of sightings in SQL, and what is counted of sightings."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from app.domain.errors.sightings import UnknownGroupError
from app.domain.people.sightings import LeftOut, SightingGroup
from app.storage.people_tables import GroupRow, SightingDayRow, SightingRow
from app.storage.repositories.membership import among

_UPDATE = (
    update(GroupRow)
    .where(GroupRow.id == bindparam("group"))
    .values(size=bindparam("n"), first_at=bindparam("first"), last_at=bindparam("last"))
)


class SqlGroups:
    """Groups by id. Their sizes and times follow their sightings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, collection_id: str, group_id: str) -> SightingGroup:
        """Raises UnknownGroupError."""
        query = select(GroupRow.__table__).where(
            GroupRow.id == group_id, GroupRow.collection_id == collection_id
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownGroupError(f"There is no group {group_id!r}.", group=group_id)
        return _group(row)

    def list(
        self, collection_id: str, *, ignored: bool, after: tuple[int, str] | None, limit: int
    ) -> Sequence[SightingGroup]:
        """Groups, the largest first, of equal ones the newest; `after` is a size and an id."""
        query = (
            select(GroupRow.__table__)
            .where(GroupRow.collection_id == collection_id, GroupRow.ignored.is_(ignored))
            .order_by(GroupRow.size.desc(), GroupRow.id.desc())
            .limit(limit)
        )
        if after is not None:
            size, group_id = after
            smaller = and_(GroupRow.size == size, GroupRow.id < group_id)
            query = query.where(GroupRow.size <= size, or_(GroupRow.size < size, smaller))
        return [_group(row) for row in self._connection.execute(query)]

    def among(self, group_ids: Sequence[str]) -> Sequence[SightingGroup]:
        """Groups of the ids, as far as there are any."""
        query = select(GroupRow.__table__).where(among(GroupRow.id, group_ids))
        return [_group(row) for row in self._connection.execute(query)]

    def fixed(self, collection_id: str) -> frozenset[str]:
        """Ids of those that were made by hand."""
        query = select(GroupRow.id).where(
            GroupRow.collection_id == collection_id, GroupRow.fixed.is_(True)
        )
        return frozenset(self._connection.execute(query).scalars())

    def settle(self, group_ids: Iterable[str]) -> None:
        """Bring what is known of groups up to date with their sightings; empty ones go."""
        ids = sorted(set(group_ids))
        if not ids:
            return
        counted = (
            select(
                SightingRow.group_id,
                func.count().label("size"),
                func.min(SightingRow.at).label("first_at"),
                func.max(SightingRow.at).label("last_at"),
            )
            .where(among(SightingRow.group_id, ids))
            .group_by(SightingRow.group_id)  # by an index alone: groups may be large
        )
        rows: dict[str, Any] = {row.group_id: row for row in self._connection.execute(counted)}
        gone = [one for one in ids if one not in rows]
        self._connection.execute(delete(GroupRow).where(among(GroupRow.id, gone)))
        known = set(
            self._connection.execute(select(GroupRow.id).where(among(GroupRow.id, ids))).scalars()
        )
        self._put([row for one, row in rows.items() if one not in known])
        changed = [
            {"group": one, "n": row.size, "first": row.first_at, "last": row.last_at}
            for one, row in rows.items()
            if one in known
        ]
        if changed:
            self._connection.execute(_UPDATE, changed)

    def mark(
        self, group_id: str, *, ignored: bool | None = None, fixed: bool | None = None
    ) -> None:
        """Note what somebody has said of it."""
        given = {"ignored": ignored, "fixed": fixed}
        values = {name: value for name, value in given.items() if value is not None}
        self._connection.execute(update(GroupRow).where(GroupRow.id == group_id).values(values))

    def remove_of_collection(self, collection_id: str) -> None:
        """Remove all of them."""
        self._connection.execute(delete(GroupRow).where(GroupRow.collection_id == collection_id))

    def note_day(self, collection_id: str, day: str, *, kept: int, left_out: LeftOut) -> None:
        """Add to the numbers of a day."""
        row = SightingDayRow
        this = and_(row.collection_id == collection_id, row.day == day)
        added = update(row).where(this)
        numbers = {"kept": kept, "over_limit": left_out.over_limit, "lost": left_out.lost}
        more = {name: getattr(row, name) + number for name, number in numbers.items()}
        if not self._connection.execute(added.values(more)).rowcount:
            self._connection.execute(
                insert(row).values(collection_id=collection_id, day=day, **numbers)
            )

    def days(self, collection_id: str, since: str) -> tuple[int, LeftOut]:
        """Sum the numbers of the days from that one on: kept, and left out."""
        row = SightingDayRow
        query = select(*map(func.sum, (row.kept, row.over_limit, row.lost))).where(
            row.collection_id == collection_id, row.day >= since
        )
        sums = self._connection.execute(query).one()
        kept, over, lost = (int(one or 0) for one in sums)
        return kept, LeftOut(over, lost)

    def forget_days(self, before: str) -> None:
        """Remove the numbers of older days."""
        self._connection.execute(delete(SightingDayRow).where(SightingDayRow.day < before))

    def _put(self, counted: Sequence[Any]) -> None:
        query = (
            select(SightingRow.group_id, func.min(SightingRow.collection_id))
            .where(among(SightingRow.group_id, [row.group_id for row in counted]))
            .group_by(SightingRow.group_id)
        )
        collections = {row[0]: row[1] for row in self._connection.execute(query)}
        rows = [
            {
                "id": row.group_id,
                "collection_id": collections[row.group_id],
                "ignored": False,
                "fixed": False,
                "size": row.size,
                "first_at": row.first_at,
                "last_at": row.last_at,
            }
            for row in counted
        ]
        if rows:
            self._connection.execute(insert(GroupRow), rows)


def _group(row: Row[Any]) -> SightingGroup:
    return SightingGroup(
        row.id,
        row.collection_id,
        row.ignored,
        row.fixed,
        row.size,
        row.first_at,
        row.last_at,
    )
