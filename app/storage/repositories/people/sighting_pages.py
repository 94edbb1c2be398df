"""Pages of sightings by time, of which none looks at more than so many."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from app.domain.people.sightings import Moment, SightingFilter
from app.storage.people_tables import SightingRow
from app.storage.repositories.people.sighting_rows import (
    COLUMNS,
    columns_of,
    seen_before,
    that,
    wanted_of,
)
from app.storage.repositories.stored.sealed import SealedCollections

MOST_LOOKED_AT = 20_000
"""Sightings, for a page of what no index finds."""
_INDEXES = (("source", "decision"), ("group_id",), ("subject_id",), ("source",), ("decision",), ())
"""Filters that indexes answer in the order of time, the more telling first."""


class TimePages:
    """Reads the newest first."""

    def __init__(self, connection: Connection, sealed: SealedCollections) -> None:
        self._connection = connection
        self._sealed = sealed

    def read(
        self, collection_id: str, wanted: SightingFilter, before: Moment | None, limit: int
    ) -> tuple[Sequence[Row[Any]], Moment | None]:
        """Rows of `COLUMNS`, those seen before that one, so many at most; and the last one that
        was looked at where there are fewer, yet more to be looked at.
        """
        found, left = _parted(wanted)
        newest = _newest_first(select(SightingRow.id, SightingRow.at, *columns_of(left)))
        newest = newest.where(that(collection_id, found, self._sealed))
        if before is not None:
            newest = newest.where(seen_before(before))
        if left == SightingFilter():
            ids = newest.with_only_columns(SightingRow.id).limit(limit)
            return self._rows(ids), None
        looked_at = newest.limit(MOST_LOOKED_AT).subquery()
        matching = select(looked_at.c.id).where(
            wanted_of(collection_id, left, self._sealed, looked_at.c)
        )
        rows = self._rows(_newest_first(matching, looked_at.c).limit(limit))
        return rows, None if len(rows) == limit else self._last(newest)

    def _rows(self, ids: Select[Any]) -> Sequence[Row[Any]]:
        query = select(*COLUMNS).where(SightingRow.id.in_(ids))
        return self._connection.execute(_newest_first(query)).all()

    def _last(self, newest: Select[Any]) -> Moment | None:
        last = newest.with_only_columns(SightingRow.at, SightingRow.id)
        row = self._connection.execute(last.offset(MOST_LOOKED_AT - 1).limit(1)).one_or_none()
        return None if row is None else Moment(row.at, row.id)


def _newest_first(query: Select[Any], columns: Any = SightingRow) -> Select[Any]:
    return query.order_by(columns.at.desc(), columns.id.desc())


def _parted(wanted: SightingFilter) -> tuple[SightingFilter, SightingFilter]:
    """Part the filter: one that an index finds, and one for what it finds."""
    index = next(one for one in _INDEXES if all(getattr(wanted, name) is not None for name in one))
    by_index: dict[str, Any] = {name: getattr(wanted, name) for name in (*index, "since", "until")}
    nothing: dict[str, Any] = dict.fromkeys(by_index)
    return SightingFilter(**by_index), replace(wanted, **nothing)
