"""Upkeep of tables that would grow for ever."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from app.domain.errors import FacetError
from app.platform.telemetry import REMOVED_ROWS
from app.platform.time_of_day import TimeOfDay
from app.services.gallery.idempotency import LIFETIME
from app.services.ports import Storage

_SIGNATURES = timedelta(days=1)
"""Far longer than a signed request is good for."""


class ExpiredRows:
    """Rows that whoever writes the next ones removes, too, if ever somebody does."""

    def __init__(self, storage: Storage, window: timedelta) -> None:
        """`window`: the period of numbers that keys are given of a subject."""
        self._storage = storage
        self._window = window

    def idempotency_records(self) -> int:
        """Remove answers that are repeated no more; how many there were."""
        with self._storage.write() as uow:
            return uow.idempotency.remove_older_than(datetime.now(UTC) - LIFETIME)

    def allowances(self) -> int:
        """Remove counts of periods that are over; how many there were."""
        period = int(datetime.now(UTC).timestamp() // self._window.total_seconds())
        with self._storage.write() as uow:
            return uow.allowances.remove_before(period)

    def seen_signatures(self) -> int:
        """Remove signatures of requests that are refused by their age; how many there were."""
        with self._storage.write() as uow:
            return uow.signatures.forget_before(datetime.now(UTC) - _SIGNATURES)


class Upkeep:
    """Removes what was kept long enough. Any number of processes may do it at the same time."""

    def __init__(self, parts: Mapping[str, Callable[[], int]]) -> None:
        """Take, by table, what removes rows and tells how many there were."""
        self._parts = parts
        self._clock = TimeOfDay(datetime.now(UTC))

    def run(self) -> Mapping[str, int]:
        """Remove rows; how many there were, by table. Raises the first error, after all parts.

        Nothing is removed by a time of day that has just jumped.
        """
        if not self._clock.is_settled(datetime.now(UTC)):
            return {}
        removed: dict[str, int] = {}
        failures: list[FacetError] = []
        for table, part in self._parts.items():
            try:
                removed[table] = part()
                REMOVED_ROWS.labels(table).inc(removed[table])
            except FacetError as error:
                failures.append(error)
        if failures:
            raise failures[0]
        return removed
