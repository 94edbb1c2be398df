"""A day of a collection that remembers, and what each part of it costs."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.sightings.filling import Filler
from benchmarks.sightings.pages import ALL, pages
from benchmarks.sightings.service import Remembering, resident
from benchmarks.sightings.visitors import Faces

_AT_ONCE = 8
"""Faces that are stored and wait for their groups together: more at once cost less each."""
Row = dict[str, Any]


@dataclass
class Spent:
    """Time of one part: processor time of all threads, and time on the clock, in seconds."""

    processor: float = 0.0
    wall: float = 0.0
    longest: float = 0.0
    """Seconds on the clock of the longest step."""

    @contextmanager
    def step(self) -> Iterator[None]:
        begun, used = time.perf_counter(), time.process_time()
        yield
        wall = time.perf_counter() - begun
        self.processor += time.process_time() - used
        self.wall += wall
        self.longest = max(self.longest, wall)

    def each(self, count: int) -> Row:
        """Milliseconds of one of so many; nothing where there were none."""
        if not count:
            return dict.fromkeys(("processor_ms", "wall_ms", "longest_step_ms"), 0.0)
        return {
            "processor_ms": 1_000 * self.processor / count,
            "wall_ms": 1_000 * self.wall / count,
            "longest_step_ms": 1_000 * self.longest,
        }


def measured_day(
    service: Remembering, faces: Faces, filler: Filler, number: int, measured: int
) -> Row:
    """Figures of a day: its last faces one after the other, then pages, then retention.

    The faces before those, if there are more than are `measured`, are there already.
    """
    first_measured = max(0, len(faces) - measured)
    before, last = faces.part(0, first_measured), faces.part(first_measured, len(faces))
    if len(before):
        filler.write(before)
        # The first step reads what the others have grouped, all of the day's faces at once.
        _one_step(service, last, 0, Spent(), Spent())
    inserting, grouping = Spent(), Spent()
    begin = _AT_ONCE if len(before) else 0
    for first in range(begin, len(last), _AT_ONCE):
        _one_step(service, last, first, inserting, grouping)
    listed = pages(service)
    service.clock.now += timedelta(days=1)
    sweep = Spent()
    with sweep.step():
        erased = service.as_started().forget_old()
        service.events.forget_old()
    with service.storage.read() as uow:
        kept, _ = uow.sightings.count(service.collection.id, ALL)
    return {
        "day": number,
        "faces": len(faces),
        "measured": len(last) - begin,
        "kept": kept,
        "insertion": inserting.each(len(last) - begin),
        "grouping": grouping.each(len(last) - begin),
        "pages": listed,
        "retention": {"erased": erased, "seconds": sweep.wall, **sweep.each(erased)},
        "database_mib": _size(service.directory, "facet.db") / 2**20,
        "disk_mib": _size(service.directory) / 2**20,
        "memory_mib": (resident() - service.resident_at_start) / 2**20,
    }


def _one_step(
    service: Remembering, faces: Faces, first: int, inserting: Spent, grouping: Spent
) -> None:
    seen = service.faces(faces.part(first, first + _AT_ONCE))
    with inserting.step():
        service.recorder.seen(seen)
        assert service.recorder.flush(600)
    with grouping.step():
        service.joiner.run()


def _size(directory: Path, begins: str = "") -> int:
    return sum(
        (Path(folder) / name).stat().st_size
        for folder, _, names in os.walk(directory)
        for name in names
        if name.startswith(begins)
    )
