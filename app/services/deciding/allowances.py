"""Allowances: numbers of a subject that a key is given in a period, by all processes together."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from app.domain.errors import FacetError
from app.platform.telemetry import NUMBERS_WITHHELD
from app.services.keys import LOCAL, current_asker
from app.services.ports import Storage

_BLOCK = 5
"""Numbers that a process reserves at once: a write for every fifth of a subject."""
_REMEMBERED = 100_000
"""Reservations in memory; what is left of older ones is given up."""
_log = structlog.get_logger("app.allowances")


@dataclass(frozen=True, slots=True)
class Allowance:
    """Numbers that a key may be given of each subject."""

    numbers: int
    window: timedelta
    """Length of a period; periods are counted from 1970 on, so that no time of use is kept."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Subjects of whom no number may be given, and when that ends."""

    subjects: frozenset[str] = frozenset()
    until: datetime | None = None
    """None when nothing is withheld."""


NOTHING = Withheld()


@dataclass(slots=True)
class _Reserved:
    """Numbers that this process may still give of one subject to one key."""

    period: int
    left: int = 0
    spent: bool = False
    """Whether the database has no more."""


class Allowances:
    """Grants numbers out of blocks that it reserves in the database. Thread-safe.

    A block that is not used up, because the process ends, is lost: rather too few than too many.
    """

    def __init__(
        self, storage: Storage, allowance: Allowance, clock: Callable[[], float] = time.time
    ) -> None:
        self._storage = storage
        self._allowance = allowance
        self._clock = clock
        self._lock = threading.Lock()
        self._reserved: OrderedDict[tuple[str, str], _Reserved] = OrderedDict()
        self._swept: int | None = None

    def take(self, wanted: Mapping[str, int]) -> Withheld:
        """Count so many numbers of each subject as given to whoever asks; return those withheld.

        A subject's numbers are granted all or none. One of whom none are wanted is withheld
        when its numbers are known to be used up, so that the answer does not show why it has
        none. Whoever is on the machine has the templates, so LOCAL is not limited. Where it
        cannot be counted, nothing is granted. Not to be called inside of a writing transaction.
        """
        key_id = current_asker().key_id
        if key_id == LOCAL.key_id or not wanted:
            return NOTHING
        seconds = self._allowance.window.total_seconds()
        period = int(self._clock() // seconds)
        missing = self._missing(key_id, wanted, period)
        if missing:
            self._reserve(key_id, missing, period)
        subjects = self._spend(key_id, wanted, period)
        if not subjects:
            return NOTHING
        NUMBERS_WITHHELD.inc(sum(wanted[subject] for subject in subjects))
        return Withheld(subjects, datetime.fromtimestamp((period + 1) * seconds, UTC))

    def _missing(self, key_id: str, wanted: Mapping[str, int], period: int) -> dict[str, int]:
        """Numbers to reserve of each subject of whom more are wanted than are here."""
        with self._lock:
            entries = {subject: self._entry(key_id, subject, period) for subject in wanted}
            return {
                subject: max(_BLOCK, number - entries[subject].left)
                for subject, number in wanted.items()
                if number > entries[subject].left and not entries[subject].spent
            }

    def _reserve(self, key_id: str, missing: Mapping[str, int], period: int) -> None:
        try:
            with self._storage.write(recorded=False) as uow:
                if self._swept != period:
                    uow.allowances.remove_before(period)
                got = uow.allowances.reserve(
                    key_id, missing, period=period, limit=self._allowance.numbers
                )
        except FacetError as error:
            _log.warning("numbers-not-counted", code=error.slug)
            return
        self._swept = period
        with self._lock:
            for subject, number in missing.items():
                entry = self._entry(key_id, subject, period)
                entry.left += got.get(subject, 0)
                entry.spent = got.get(subject, 0) < number
        if any(not got.get(subject) for subject in missing):
            _log.warning("numbers-used-up", key=key_id)

    def _spend(self, key_id: str, wanted: Mapping[str, int], period: int) -> frozenset[str]:
        """The subjects whose numbers do not suffice."""
        withheld = set()
        with self._lock:
            for subject, number in wanted.items():
                entry = self._entry(key_id, subject, period)
                if number > entry.left or (entry.spent and not entry.left):
                    withheld.add(subject)
                else:
                    entry.left -= number
            while len(self._reserved) > _REMEMBERED:
                self._reserved.popitem(last=False)
        return frozenset(withheld)

    def _entry(self, key_id: str, subject: str, period: int) -> _Reserved:
        entry = self._reserved.get((key_id, subject))
        if entry is None or entry.period != period:
            entry = self._reserved[key_id, subject] = _Reserved(period)
        self._reserved.move_to_end((key_id, subject))
        return entry
