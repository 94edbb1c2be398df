"""Costs of a sealed collection, against the same people in an open one."""

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from app.domain.gallery import Collection
from app.index.exact.index import ExactIndex
from app.protection.collection_keys import CollectionKeys
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.services.deciding.candidates import CandidateSearch
from app.services.indexing.following import IndexFollower
from app.storage.schema import upgrade
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.rotation import compared, filled, new_face, new_subject, tell, unit
from benchmarks.measuring import JsonOption, QuickOption, machine

_PAGE = 50
Work = Callable[[Collection, np.ndarray], None]


def sealing(
    faces: Annotated[int, typer.Option(help="Faces of each of the two collections.")] = 10_000,
    rounds: Annotated[int, typer.Option(help="Times that each is done.")] = 1_000,
    json_path: JsonOption = Path("benchmarks/results/sealing.json"),
    quick: QuickOption = False,
) -> None:
    """Measure searches, look-ups, pages and enrolments in a sealed and an open collection, in
    turns, by processor time. No network is run.
    """
    faces, rounds = (1_000, 100) if quick else (faces, rounds)
    key = MasterKey([bytes(range(32))])
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{Path(directory) / 'facet.db'}"
        upgrade(url)
        storage = SqlStorage.open(url)
        storage.seal_with(key, SecretRotations(key), CollectionKeys(key))
        templates = unit(faces, 0)
        collections = [
            filled(storage, "open", templates),
            filled(storage, "sealed", templates, sealed=True),
        ]
        found: dict[str, Any] = {"machine": machine(), "faces": faces, "rounds": rounds}
        kinds = _reading(storage) | _writing(storage)
        for name, work in kinds.items():
            found[name] = compared(work, collections, unit(rounds, 1))
        storage.close()
    tell(found, tuple(kinds), json_path)


def _reading(storage: SqlStorage) -> dict[str, Work]:
    index = ExactIndex()
    search = CandidateSearch(index, IndexFollower(storage, index), lambda encoder: 1.0)

    def recognize(collection: Collection, probe: np.ndarray) -> None:
        with storage.read() as uow:
            gallery = uow.collections.get(collection.name)
            (ranked,) = search.rank(uow, gallery, [probe], 2).per_probe
            uow.subjects.by_ids([one.subject_id for one in ranked])

    def look_up(collection: Collection, probe: np.ndarray) -> None:
        with storage.read() as uow:
            gallery = uow.collections.get(collection.name)
            if uow.subjects.find(gallery.id, f"{gallery.id}-7") is None:
                raise LookupError("a name that is there was not found")

    def list_page(collection: Collection, probe: np.ndarray) -> None:
        with storage.read() as uow:
            uow.subjects.list(uow.collections.get(collection.name).id, after=None, limit=_PAGE)

    return {"search": recognize, "look_up": look_up, "page": list_page}


def _writing(storage: SqlStorage) -> dict[str, Work]:
    numbers = itertools.count()

    def enroll(collection: Collection, probe: np.ndarray) -> None:
        name = f"new-{next(numbers)}"
        with storage.write() as uow:
            gallery = uow.collections.get(collection.name)
            uow.subjects.add(new_subject(name, gallery.id))
            uow.faces.add(new_face(gallery.id, name, probe))

    return {"enroll": enroll}
