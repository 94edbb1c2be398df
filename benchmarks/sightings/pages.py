"""Pages of sightings and groups, each kind that somebody asks for."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from app.domain.people.sightings import Moment, SightingFilter
from benchmarks.sightings.service import COLLECTION, SOURCES, Remembering

ALL = SightingFilter()
_PAGE = 50
_LISTED = 5
"""Times that each page is asked for; the median counts."""


def pages(service: Remembering) -> dict[str, dict[str, float]]:
    """Milliseconds of a page of each kind: of processor time, and on the clock."""
    groups = service.group_pages
    largest = groups.page(COLLECTION, limit=1)[0].group
    with service.storage.read() as uow:
        (newest,), _ = uow.sightings.latest(service.collection.id, ALL, before=None, limit=1)
        (first,) = uow.sightings.oldest(service.collection.id, ALL, limit=1)
        oldest = uow.sightings.get(service.collection.id, first)
    deep = Moment(oldest.at + (newest.at - oldest.at) / 20, 0)
    found = {
        name: _median(partial(service.sightings.list, COLLECTION, wanted, before=before))
        for name, (wanted, before) in _asked(service, largest.id, deep).items()
    }
    behind = max(2, largest.size // 100), "z"
    return found | {
        "groups": _median(lambda: groups.page(COLLECTION, limit=_PAGE)),
        "groups, deep": _median(lambda: groups.page(COLLECTION, after=behind, limit=_PAGE)),
        "groups, waiting faces": _median(lambda: groups.waiting(COLLECTION)),
    }


def _asked(
    service: Remembering, largest: str, deep: Moment
) -> dict[str, tuple[SightingFilter, Moment | None]]:
    """Filters, and where to begin."""
    today, gate = service.clock.now, SOURCES[-1]
    return {
        "first": (ALL, None),
        "deep": (ALL, deep),
        "source": (SightingFilter(source=gate), None),
        "source, deep": (SightingFilter(source=gate), deep),
        "unknown": (SightingFilter(decision="unknown"), None),
        "known": (SightingFilter(decision="known"), None),
        "known, deep": (SightingFilter(decision="known"), deep),
        "known at a source": (SightingFilter(source=gate, decision="known"), None),
        "subject": (SightingFilter(subject_id=service.subjects[max(service.subjects)]), None),
        "largest group": (SightingFilter(group_id=largest), None),
        "largest group, deep": (SightingFilter(group_id=largest), deep),
        "alone": (SightingFilter(alone=True), None),
        "an hour of today": (SightingFilter(since=today, until=today + timedelta(hours=1)), None),
        "until yesterday": (SightingFilter(until=today - timedelta(days=1)), None),
        "of the first quality": (SightingFilter(min_quality=0.999), None),
        "of no such quality": (SightingFilter(min_quality=0.9999), None),
    }


def _median(work: Callable[[], object]) -> dict[str, float]:
    processor, wall = [], []
    for _ in range(_LISTED):
        begun, used = time.perf_counter(), time.process_time()
        work()
        processor.append(time.process_time() - used)
        wall.append(time.perf_counter() - begun)
    return {
        "processor_ms": 1_000 * statistics.median(processor),
        "wall_ms": 1_000 * statistics.median(wall),
    }
