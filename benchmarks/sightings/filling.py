"""Rows as the service writes them, many at once: a table as large as many days make it."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from app.domain.faces import Quality
from app.domain.gallery import Partition
from app.domain.people.sightings import LeftOut, NewSighting
from app.services.gallery.identifiers import new_id
from app.storage.repositories.people.sighting_rows import values_of
from app.storage.repositories.stored.templates import StoredTemplates
from benchmarks.galleries.big_gallery import ENCODER
from benchmarks.sightings.service import BOX, LANDMARKS, POSE, SOURCES, Remembering
from benchmarks.sightings.visitors import Faces

Row = dict[str, Any]
_BATCH = 10_000
_DAY = timedelta(hours=23)
_SIGHTING = "INSERT INTO sightings ({columns}) VALUES ({values})"
_GROUP = (
    "INSERT INTO sighting_groups (id, collection_id, ignored, fixed, size, first_at, last_at)"
    " VALUES (?, ?, 0, 0, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " size = size + excluded.size, last_at = excluded.last_at"
)


class Filler:
    """Writes faces that nobody measures, without pictures, in the groups of whom they show."""

    def __init__(self, service: Remembering) -> None:
        self._service = service
        self._gallery = service.collection.id
        self._stored = StoredTemplates(service.rotations)
        self._groups: dict[int, str] = {}
        """Ids of groups, by whom they show."""

    def write(self, faces: Faces) -> None:
        """Keep them as if they had come all over the day."""
        groups = self._grouped(faces)
        database = sqlite3.connect(self._service.directory / "facet.db", timeout=60)
        # Whoever measures would measure the disk otherwise, which has to take it all in.
        database.execute("PRAGMA synchronous = OFF")
        for first in range(0, len(faces), _BATCH):
            rows = list(self._rows(faces, groups, first))
            with database:
                database.executemany(_SIGHTING.format(**_names(rows[0])), rows)
        begin, end = _text(self._service.clock.now), _text(self._service.clock.now + _DAY)
        sizes = Counter(group for group in groups if group is not None)
        with database:
            database.executemany(
                _GROUP, [(one, self._gallery, size, begin, end) for one, size in sizes.items()]
            )
        database.close()
        with self._service.storage.write() as uow:
            day = self._service.clock.now.date().isoformat()
            uow.groups.note_day(self._gallery, day, kept=len(faces), left_out=LeftOut())

    def _grouped(self, faces: Faces) -> list[str | None]:
        """The group of each face; None of those who have a name, or were seen once."""
        people = faces.people.tolist()
        counted = Counter(people)
        for person, count in counted.items():
            if count > 1 and person not in self._groups:
                self._groups[person] = new_id()
        return [
            None if known else self._groups.get(person)
            for person, known in zip(people, faces.known.tolist(), strict=True)
        ]

    def _rows(self, faces: Faces, groups: list[str | None], first: int) -> Iterator[Row]:
        service = self._service
        end = min(first + _BATCH, len(faces))
        with service.storage.read() as uow:
            partition = uow.collections.get(service.collection.name).partition
        templates = self._stored.to_bytes(
            Partition(self._gallery, partition.encoder), faces.templates[first:end]
        )
        alike = values_of(_like_all(self._gallery), partition.encoder, b"")
        alike |= {"details": json.dumps(alike["details"]), "grouped": True}
        known, people = faces.known[first:end].tolist(), faces.people[first:end].tolist()
        for row, template in enumerate(templates):
            place = first + row
            yield alike | {
                "template": template,
                "at": _text(service.clock.now + _DAY * (place / len(faces))),
                "source": SOURCES[place % (len(SOURCES) - 1)],
                "quality": 0.3 + 0.7 * (place % 997) / 997,
                "decision": "known" if known[row] else "unknown",
                "subject_id": service.subjects[people[row]] if known[row] else None,
                "similarity": 0.8 if known[row] else None,
                "fmr": 1e-5 if known[row] else None,
                "group_id": groups[place],
            }


def _like_all(gallery: str) -> NewSighting:
    """A sighting that is as all others in what nobody asks for."""
    face = (BOX, LANDMARKS, 0.99, POSE, Quality(1.0))
    template = np.empty(0, np.float32)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return NewSighting(gallery, ENCODER, template, moment, "", None, *face, None)


def _names(row: Row) -> dict[str, str]:
    """Columns of a row, and the names of their parameters."""
    return {"columns": ", ".join(row), "values": ", ".join(f":{name}" for name in row)}


def _text(moment: datetime) -> str:
    """The moment as SQLAlchemy writes it."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")
