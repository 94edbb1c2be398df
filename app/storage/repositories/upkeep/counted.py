"""Numbers of what bounded collections hold, so that not all is counted for every face."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.domain.deciding.bounds import Usage, fits
from app.domain.gallery import Collection
from app.storage.people_tables import SightingRow
from app.storage.tables import FaceRow, ImageRow, SubjectRow

_SECONDS = 60.0
"""Age of a count from which on all is counted again: pictures of rows that are there may change."""
_ROWS: Sequence[type[FaceRow] | type[SightingRow]] = (FaceRow, SightingRow)


@dataclass(frozen=True, slots=True)
class Counted:
    """Contents of a collection, and the last rows that were among them."""

    usage: Usage
    last: tuple[int, ...]
    """Ids of a face and of a sighting, which are given to no later row."""
    at: float


class Counts:
    """Counts of one process's committed transactions, by collection. Thread-safe."""

    def __init__(self) -> None:
        self._counts: dict[str, Counted] = {}

    def keep(self, made: dict[str, Counted]) -> None:
        """Take those of a transaction that was committed."""
        self._counts.update(made)

    def surely_fits(self, connection: Connection, collection: Collection) -> bool:
        """Whether the collection holds no more than it may, by a count and what came since.

        What was removed since is not subtracted, so that it may fit although this says no.
        """
        known = self._counts.get(collection.id)
        if known is None or time.monotonic() - known.at > _SECONDS:
            return False
        subjects, faces, size = known.usage.subjects, known.usage.faces, known.usage.bytes
        if subjects is not None:
            subjects = rows_of(connection, SubjectRow, collection)
        for row, last in zip(_ROWS, known.last, strict=True):
            since = row.collection_id == collection.id, row.id > last
            if faces is not None:
                faces += connection.execute(select(func.count()).where(*since)).scalar_one()
            if size is not None:
                added = select(func.coalesce(func.sum(ImageRow.size), 0)).join_from(
                    row, ImageRow, row.image_digest == ImageRow.digest
                )
                size += int(connection.execute(added.where(*since)).scalar_one())
        return fits(collection, Usage(subjects, faces, size))


def rows_of(
    connection: Connection,
    row: type[SubjectRow] | type[FaceRow] | type[SightingRow],
    collection: Collection,
) -> int:
    """Number of the table's rows that are the collection's."""
    query = select(func.count()).where(row.collection_id == collection.id)
    return connection.execute(query).scalar_one()


def counted(connection: Connection, collection: Collection, usage: Usage) -> Counted:
    """The count as it is kept once the transaction is committed."""
    last = []
    for row in _ROWS:
        query = select(func.max(row.id)).where(row.collection_id == collection.id)
        last.append(connection.execute(query).scalar_one() or 0)
    return Counted(usage, tuple(last), time.monotonic())
