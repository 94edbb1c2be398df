"""A database with a collection of any size, filled with synthetic embeddings."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, update

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import EnrolledFace, NewFace, Partition
from app.storage import schema
from app.storage.engine import open_engines
from app.storage.tables import ChangeClockRow, CollectionRow
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.drawn.synthetic import Floats, Population
from models.registry.registry import Registry

ENCODER = Registry(Path()).default("encode-faces")
COLLECTION = "million"
PARTITION = Partition("benchmark", ENCODER)
_BATCH = 20_000
_FACE = (
    "INSERT INTO faces (id, collection_id, subject_id, encoder, template, box_x, box_y, box_width,"
    " box_height, landmarks, probability, yaw, pitch, roll, quality_score, quality_reasons,"
    " sharpness, brightness, image_digest, created_at) VALUES (?, ?, ?, ?, ?, 0, 0, 100, 100,"
    " '[[0,0],[0,0],[0,0],[0,0],[0,0]]', 1, 0, 0, 0, 1, '[]', 1, 1, NULL,"
    " '2024-01-01 00:00:00')"
)
_SUBJECT = (
    "INSERT INTO subjects (id, collection_id, name, external_id, meta, created_at, updated_at)"
    " VALUES (?, ?, ?, NULL, '{}', '2024-01-01 00:00:00', '2024-01-01 00:00:00')"
)
_CHANGE = (
    "INSERT INTO changes (seq, collection_id, encoder, kind, face_id) VALUES (?, ?, ?, 'add', ?)"
)
_NOW = datetime(2024, 1, 1, tzinfo=UTC)


class Faces:
    """The embeddings of a gallery of one image per person, and other images of some people.

    Face `i` (from 1) shows person `i - 1`. They are drawn by batches, the same each time.
    """

    def __init__(self, count: int, probes: int, seed: int = 0) -> None:
        self.count = count
        self._population, self._seed = Population.load(), seed
        each = -(-probes * _BATCH // count)
        mated = [
            self._population.images(self._people(start, each), self._chance(start, 2))
            for start in range(0, count, _BATCH)
        ]
        self.mated = np.concatenate(mated)[:probes]
        """(probes, 128): images of people of the gallery, spread over it."""
        chance = self._chance(-1, 0)
        self.strangers = self._population.images(
            self._population.identities(probes, chance), chance
        )
        """(probes, 128): images of people who are not in the gallery."""

    @cached_property
    def embeddings(self) -> Floats:
        """All of them, (count, 128), in memory."""
        return np.concatenate([batch for _, batch in self.batches()])

    def batches(self) -> Iterator[tuple[int, Floats]]:
        """The number of the first face and (N, 128) embeddings of some thousands."""
        for start in range(0, self.count, _BATCH):
            yield (
                start + 1,
                self._population.images(self._people(start, _BATCH), self._chance(start, 1)),
            )

    def nearest(self, probes: Floats) -> NDArray[np.int64]:
        """(P,) numbers of the faces that are most like each probe, compared one by one."""
        best = np.full(len(probes), -np.inf, np.float32)
        found = np.zeros(len(probes), np.int64)
        for first, batch in self.batches():
            similarities = probes @ batch.T
            rows = similarities.argmax(axis=1)
            highest = similarities[np.arange(len(probes)), rows]
            found[highest > best] = rows[highest > best] + first
            best = np.maximum(best, highest)
        return found

    def _people(self, start: int, most: int) -> Floats:
        size = min(_BATCH, self.count - start)
        return self._population.identities(size, self._chance(start, 0))[:most]

    def _chance(self, start: int, what: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, start + 1, what])


def fill(url: str, faces: Faces, each: int = 1, *, logged: bool = True) -> float:
    """Write the faces on SQLite, `each` to a subject; faces per second.

    Without lines in the log of changes, if not `logged`, as when they were compacted away.
    """
    schema.upgrade(url)
    engines = open_engines(url, busy_timeout=60)
    started, place = time.perf_counter(), (PARTITION.collection_id, ENCODER)
    with engines.writer.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(
            insert(CollectionRow).values(
                id=PARTITION.collection_id,
                name=COLLECTION,
                encoder=ENCODER,
                keep_images=False,
                meta={},
                created_at=_NOW,
            )
        )
        for first, batch in faces.batches():
            numbers = range(first, first + len(batch))
            _write(connection, numbers, batch, each)
            if logged:
                connection.exec_driver_sql(_CHANGE, [(n, *place, n) for n in numbers])
            connection.commit()  # or the log written ahead would grow as large as the database
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(update(ChangeClockRow).values(seq=faces.count))
        connection.commit()
    engines.dispose()
    return faces.count / (time.perf_counter() - started)


def _write(connection: Connection, numbers: range, batch: Floats, each: int) -> None:
    """Write faces of these numbers, and the subjects that begin among them."""
    place = (PARTITION.collection_id, ENCODER)
    connection.exec_driver_sql(
        _SUBJECT,
        [(f"s{n}", place[0], f"person {n}") for n in numbers if n % each == 1 % each],
    )
    connection.exec_driver_sql(
        _FACE,
        [
            (n, place[0], f"s{n - (n - 1) % each}", ENCODER, template.tobytes())
            for n, template in zip(numbers, batch, strict=True)
        ],
    )


def enrol(storage: SqlStorage, embeddings: Floats) -> list[EnrolledFace]:
    """Add faces to the first subject, the way an enrolment does."""
    with storage.write() as uow:
        return [uow.faces.add(_face(embedding)) for embedding in embeddings]


def erase(storage: SqlStorage, faces: list[EnrolledFace]) -> None:
    with storage.write() as uow:
        uow.faces.remove(faces)


def _face(embedding: Floats) -> NewFace:
    return NewFace(
        PARTITION.collection_id,
        "s1",
        ENCODER,
        embedding,
        Box(0, 0, 100, 100),
        np.zeros((5, 2), np.float32),
        1.0,
        Pose(0, 0, 0),
        Quality(1.0),
        None,
        _NOW,
    )
