"""One start on a big gallery, in a process of its own: `python -m` this module."""

import json
import sys
import time
from pathlib import Path

import faiss
import numpy as np

from app.bootstrap.indexes import open_index
from app.index.growing.clustered import Clustered
from app.index.growing.index import GrowingIndex
from app.index.kit.arrays import Vectors
from app.platform.machine import give_back_memory
from app.services.indexing.following import IndexFollower
from app.settings import Settings
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.big_gallery import PARTITION

_WARMING = 4096


def main(data_dir: str, backend: str, probes: str) -> None:
    """Print seconds of the start, and the memory that the index has taken, as JSON."""
    settings = Settings(data_dir=Path(data_dir), index=backend)
    probe = np.load(probes)[:1]
    engines = open_engines(settings.resolved_database_url, busy_timeout=5.0)
    storage = SqlStorage(engines)
    _warm(storage, probe)
    before = resident()
    started, busy = time.perf_counter(), time.process_time()
    index = open_index(settings, engines)
    growing = index if isinstance(index, GrowingIndex) else None
    IndexFollower(storage, index, growing).catch_up()
    index.search(PARTITION, probe, 1)
    figures = {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - busy,
        "clustered": growing is not None
        and isinstance(getattr(growing._shards[PARTITION].shard, "serving", None), Clustered),
        "bytes_per_face": (resident() - before) / index.count(PARTITION),
    }
    print(json.dumps(figures))


def _warm(storage: SqlStorage, probe: Vectors) -> None:
    """Have the libraries take what they take once, with any number of faces: caches, workspace."""
    with storage.read() as uow:
        uow.changes.head()
        uow.faces.census(PARTITION)
    flat = faiss.IndexFlatL2(probe.shape[1])
    flat.add(np.repeat(probe, _WARMING, axis=0))
    flat.search(np.repeat(probe, _WARMING, axis=0), 1)


def resident() -> int:
    """Bytes of memory that are this process's own: no mapped files, no freed pages."""
    give_back_memory()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell how much memory a process has")


if __name__ == "__main__":
    main(*sys.argv[1:])
