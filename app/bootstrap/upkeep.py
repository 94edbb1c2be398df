"""Removal of what was kept long enough, as the settings have it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.bootstrap.indexes import shared_name
from app.bootstrap.stores import Stores
from app.services.gallery.identifiers import new_id
from app.services.indexing.compaction import LogCompaction
from app.services.upkeep import ExpiredRows, Upkeep
from app.settings import Settings


def open_upkeep(
    settings: Settings, stores: Stores, people: Mapping[str, Any]
) -> Callable[[], object]:
    """One round of it, for servers to run beside the requests; `people` are use cases by name."""
    follower = shared_name(settings) or f"process-{new_id()}"
    retention = timedelta(days=settings.changes_days)
    compaction = LogCompaction(stores.storage, stores.index, follower, retention)
    expired = ExpiredRows(stores.storage, timedelta(days=settings.numbers_window))
    return Upkeep(
        {
            "changes": compaction.announce_and_run,
            "operations": people["corrections"].forget_old,
            "events": people["events"].forget_old,
            "sightings": people["sightings"].forget_old,
            "idempotency_records": expired.idempotency_records,
            "allowances": expired.allowances,
            "seen_signatures": expired.seen_signatures,
        }
    ).run
