"""Sightings that are removed together, with their pictures."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.people.sightings import SightingFilter
from app.services.ports import UnitOfWork

_PAGE = 1_000


def remove_sightings(
    uow: UnitOfWork,
    collection_id: str,
    wanted: SightingFilter,
    most: int | None = None,
    *,
    noted: bool = True,
) -> tuple[int, Sequence[str]]:
    """Remove those that the filter finds, `most` of them; how many there were, and the digests of
    pictures that nothing needs any more.

    `noted`: whether the ledger gets them; what has ended would end in a restored copy by itself.
    """
    removed = 0
    freed: list[str] = []
    while most is None or removed < most:
        page = _PAGE if most is None else min(_PAGE, most - removed)
        found = uow.sightings.oldest(collection_id, wanted, limit=page)
        if not found:
            break
        if noted:
            uow.ledger.erase("sighting", collection_id, list(found), datetime.now(UTC))
        removed += uow.sightings.remove(list(found))
        digests = sorted({digest for digest in found.values() if digest})
        freed += uow.images.release(digests)
    return removed, freed
