"""Checkups of galleries beside the requests: warnings, aged calibrations, suggestions."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from app.domain.curves.calibration import Calibration
from app.domain.errors import FacetError
from app.domain.gallery import Collection
from app.domain.notifying.events import NewEvent
from app.domain.people.checkups import Checkup, warnings_of
from app.services.people.calibrating import MOST_FACES, Calibrations
from app.services.people.health import Health
from app.services.people.review.finding import Suggestions
from app.services.ports import Storage, UnitOfWork

EVERY = timedelta(hours=1)
_FIRST = 600.0
"""Seconds after a start: it has other things to do at first."""
_PAGE = 500
_GROWN = 2
"""A calibration is proposed again once so many times as many impostors can be compared."""
_log = structlog.get_logger("app.checkups")


class Checkups:
    """Looks at each collection that has changed, once an hour by one of all processes."""

    def __init__(
        self,
        storage: Storage,
        health: Health,
        calibrations: Calibrations,
        suggestions: Suggestions,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`health` compares as many faces as one core compares in some seconds."""
        self._storage = storage
        self._health = health
        self._calibrations = calibrations
        self._suggestions = suggestions
        self._now = clock
        self._next = time.monotonic() + _FIRST

    def run_if_due(self) -> int:
        """Look at all, unless this process has done so within the hour; at how many it looked."""
        if time.monotonic() < self._next:
            return 0
        self._next = time.monotonic() + EVERY.total_seconds()
        return self.run()

    def run(self) -> int:
        """Look at those that have changed and were not looked at within the hour; how many."""
        done, after = 0, None
        while True:
            with self._storage.read() as uow:
                page = uow.collections.list(after=after, limit=_PAGE)
            for gallery in page:
                try:
                    done += self._look_at(gallery)
                except FacetError as error:  # the next collection may be sound
                    _log.warning("checkup-failed", collection=gallery.id, code=error.slug)
            if len(page) < _PAGE:
                return done
            after = page[-1].name

    def _look_at(self, gallery: Collection) -> int:
        with self._storage.index_lock(f"checkup:{gallery.id}"):
            with self._storage.read() as uow:
                before = uow.surveys.checkup(gallery.id)
                mark = uow.surveys.mark(gallery.partition)
            now = self._now()
            if before and (before.mark == mark or now - before.at < EVERY):
                return 0
            found = self._health.check_by_id(gallery.id, 1, lambda done, total: None).report
            warnings = warnings_of(found)
            with self._storage.write() as uow:
                uow.surveys.keep_checkup(gallery.id, Checkup(now, mark, tuple(sorted(warnings))))
                _announce(uow, gallery, before, warnings)
            self._calibrate(gallery)
            self._suggestions.find_by_id(gallery.id, lambda done, total: None)
        return 1

    def _calibrate(self, gallery: Collection) -> None:
        """Propose a calibration again where one is in force and the gallery has grown."""
        with self._storage.read() as uow:
            proposed = uow.calibrations.proposed(gallery.id)
            subjects = uow.subjects.count(gallery.id, with_faces=True)
            faces = uow.faces.count(gallery.id)
        made = [
            one
            for one in (gallery.calibration, proposed)
            if one is not None and one.encoder == gallery.encoder
        ]
        if gallery.calibration in made and _has_grown(made, faces, subjects):
            self._calibrations.propose_by_id(gallery.id, lambda done, total: None)
            _log.info("calibration-proposed", collection=gallery.id)


def _has_grown(made: list[Calibration], faces: int, subjects: int) -> bool:
    """Whether more than twice as many comparisons could be made as the newest of them has."""
    newest = max(made, key=lambda one: one.made_at)
    return min(faces, MOST_FACES) * (subjects - 1) >= _GROWN * newest.comparisons


def _announce(
    uow: UnitOfWork, gallery: Collection, before: Checkup | None, warnings: Mapping[str, int]
) -> None:
    known = set(before.warnings) if before else set()
    if known == set(warnings):
        return
    details = {
        "warnings": dict(sorted(warnings.items())),
        "new": sorted(set(warnings) - known),
        "gone": sorted(known - set(warnings)),
    }
    uow.events.add([NewEvent("health-changed", gallery.id, gallery.name, details)])
