"""A database with a collection of any size, filled with synthetic embeddings."""

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import insert, update

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import EnrolledFace, NewFace, Partition
from app.storage import schema
from app.storage.engine import open_engines
from app.storage.tables import ChangeClockRow, CollectionRow
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.synthetic import Floats, Population
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
    """The embeddings of a gallery of one image per person, and other images of the first people.

    Face `i` (from 1) shows person `i - 1`.
    """

    def __init__(self, count: int, probes: int, seed: int = 0) -> None:
        population, rng = Population.load(), np.random.default_rng(seed)
        self.embeddings = np.empty((count, population.between.shape[0]), dtype=np.float32)
        mated: list[Floats] = []
        for start in range(0, count, _BATCH):
            people = population.identities(min(_BATCH, count - start), rng)
            self.embeddings[start : start + len(people)] = population.images(people, rng)
            mated.append(population.images(people[: max(1, probes * _BATCH // count + 1)], rng))
        self.mated = np.concatenate(mated)[:probes]
        """(probes, 128): images of people of the gallery, spread over it."""
        self.strangers = population.images(population.identities(probes, rng), rng)
        """(probes, 128): images of people who are not in the gallery."""


def fill(url: str, faces: Faces) -> float:
    """Write the faces through one transaction on SQLite; faces per second."""
    schema.upgrade(url)
    engines = open_engines(url, busy_timeout=60)
    count, start = len(faces.embeddings), time.perf_counter()
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
        for first in range(0, count, _BATCH):
            numbers = range(first + 1, min(first + _BATCH, count) + 1)
            place = (PARTITION.collection_id, ENCODER)
            connection.exec_driver_sql(
                _SUBJECT, [(f"s{n}", PARTITION.collection_id, f"person {n}") for n in numbers]
            )
            connection.exec_driver_sql(
                _FACE,
                [
                    (n, place[0], f"s{n}", ENCODER, faces.embeddings[n - 1].tobytes())
                    for n in numbers
                ],
            )
            connection.exec_driver_sql(_CHANGE, [(n, *place, n) for n in numbers])
        connection.execute(update(ChangeClockRow).values(seq=count))
        connection.commit()
    engines.dispose()
    return count / (time.perf_counter() - start)


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
