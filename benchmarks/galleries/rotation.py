"""Costs of the secret rotation of templates, against the same faces without one."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import typer

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Collection, NewFace, Subject
from app.index.exact.index import ExactIndex
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.comparing import similarity_to
from app.services.indexing.following import IndexFollower
from app.storage.schema import upgrade
from app.storage.unit_of_work import SqlStorage
from benchmarks.measuring import write_report

ENCODER, DIMENSION = "encoder@1", 128
NOW = datetime(2024, 5, 1, tzinfo=UTC)


def turned_templates(faces: int, rounds: int) -> dict[str, Any]:
    """Costs of a search and of a claim, between database and index, with a rotation and without."""
    key = MasterKey([bytes(range(32))])
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{Path(directory) / 'facet.db'}"
        upgrade(url)
        storage = SqlStorage.open(url)
        templates = unit(faces, 0)
        collections = [filled(storage, "plain", templates)]
        storage.seal_with(key, SecretRotations(key))
        collections.append(filled(storage, "protected", templates))
        index = ExactIndex()
        search = CandidateSearch(index, IndexFollower(storage, index), lambda encoder: 1.0)
        probes = unit(rounds, 1)

        def rank(collection: Collection, probe: np.ndarray) -> None:
            with storage.read() as uow:
                search.rank(uow, collection, [probe], 2)

        def claim(collection: Collection, probe: np.ndarray) -> None:
            with storage.read() as uow:
                subject = uow.subjects.get(collection.id, f"{collection.id}-0")
                similarity_to(uow, subject, probe, 1.0)

        found = {
            "search": compared(rank, collections, probes),
            "claim": compared(claim, collections, probes),
        }
        storage.close()
    return found


def tell(found: dict[str, Any], names: Iterable[str], json_path: Path) -> None:
    """Print what was found of each kind of work, and write all of it to the file."""
    found["ratios"] = {name: found[name]["ratio"] for name in names}
    for name in names:
        typer.echo(f"{name:7} {found[name]}")
    write_report(json_path, found)


def compared(
    work: Callable[[Collection, np.ndarray], None],
    collections: list[Collection],
    probes: np.ndarray,
) -> dict[str, float]:
    """Medians of processor time in microseconds, and the ratio of the second to the first."""
    seconds: list[list[float]] = [[] for _ in collections]
    for number, probe in enumerate([*probes[:20], *probes]):
        for place in (0, 1) if number % 2 else (1, 0):
            began = time.thread_time()
            work(collections[place], probe)
            if number >= 20:  # the first ones fill caches
                seconds[place].append(time.thread_time() - began)
    names = [one.name for one in collections]
    first, second = (statistics.median(one) * 1e6 for one in seconds)
    return {f"{names[0]}_us": first, f"{names[1]}_us": second, "ratio": second / first}


def filled(
    storage: SqlStorage,
    name: str,
    templates: np.ndarray,
    *,
    encoder: str = ENCODER,
    keep_images: bool = False,
    sealed: bool = False,
) -> Collection:
    """A collection of subjects with four faces each."""
    with storage.write() as uow:
        gallery = Collection(name, name, encoder, keep_images, {}, NOW, sealed=sealed)
        made = uow.collections.add(gallery)
        for number, template in enumerate(templates):
            subject = f"{name}-{number // 4}"
            if number % 4 == 0:
                uow.subjects.add(new_subject(subject, name))
            uow.faces.add(new_face(name, subject, template, encoder))
    return made


def new_subject(name: str, collection: str) -> Subject:
    """A subject with an external id and three fields of metadata."""
    metadata = {"department": "engines", "floor": 3, "since": "2024-05-01"}
    return Subject(name, collection, name, f"id-{name}", metadata, NOW, NOW)


def new_face(
    collection: str, subject: str, template: np.ndarray, encoder: str = ENCODER
) -> NewFace:
    """A face of the subject."""
    return NewFace(
        collection,
        subject,
        encoder,
        template,
        Box(0, 0, 9, 9),
        np.zeros((5, 2), np.float32),
        1.0,
        Pose(0, 0, 0),
        Quality(1.0),
        None,
        NOW,
    )


def unit(rows: int, seed: int) -> np.ndarray:
    """(rows, dim) vectors of length one."""
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)
    rows_of_length_one: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return rows_of_length_one
