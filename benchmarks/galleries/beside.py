"""The index of a gallery too big for comparisons in memory, in turns with that of a smaller one."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import typer

from app.bootstrap.indexes import likeness
from app.index.growing.clustered import Clustered
from app.index.growing.index import GrowingIndex
from app.index.growing.shard import GrowingShard
from app.services.indexing.following import IndexFollower
from app.settings import Settings
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.big_gallery import PARTITION, Faces, fill
from benchmarks.galleries.drawn.synthetic import Floats
from benchmarks.galleries.latencies import interleaved
from benchmarks.measuring import machine

_PROBES = 1000
_TO_A_SUBJECT = 10
_FIRST = 1_000_000
"""Faces of which lists are made before there are more: what comes then lies in a file."""


def measure_beside(size: int, other: int, rounds: int, *, database: bool = True) -> dict[str, Any]:
    """Figures of `size` faces read from SQL, searches taking turns with an index of `other`.

    Ten faces are a subject's, and the log of changes is compacted, which spares a tenth of the
    disk. The directory takes some 1.4 KB a face, and building 0.75 KB a face of memory. Without
    a database the index alone is filled and searched, and no start is measured: 1.1 KB a face
    of disk for a while, and 0.3 KB of memory.
    """
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as directory:
        settings = Settings(data_dir=Path(directory))
        less, faces = Faces(other, _PROBES), Faces(size, _PROBES)
        small = _filled(Path(directory) / "other", less)
        if not database:
            big = _filled(settings.index_dir, faces)
            figures = _compared((big, faces), (small, less), rounds)
            return figures | {"faces": size, "other": other, "machine": machine()}
        url = settings.resolved_database_url
        written = fill(url, faces, _TO_A_SUBJECT, logged=False)
        figures = {"faces": size, "other": other, "sql_faces_per_s": written}
        figures["database_bytes_per_face"] = (Path(directory) / "facet.db").stat().st_size / size
        typer.echo(f"{size:,} faces written: {written:.0f} a second")
        storage, index = (
            SqlStorage(open_engines(url, busy_timeout=5.0)),
            _index(settings.index_dir),
        )
        figures["cold"] = _built(storage, index)
        typer.echo(f"built: {figures['cold']}")
        figures |= _compared((index, faces), (small, less), rounds)
        storage.close()
        figures["start"] = start(settings, faces)
        return figures | {"machine": machine()}


def _index(directory: Path) -> GrowingIndex:
    return GrowingIndex(directory, likeness=partial(likeness, Settings()))


def _filled(directory: Path, faces: Faces) -> GrowingIndex:
    """An index of faces without a database."""
    index, started = _index(directory), time.process_time()
    for first, batch in faces.batches():
        index.add(PARTITION, np.arange(first, first + len(batch)), batch, seq=first)
        if index.count(PARTITION) == _FIRST:
            index.build_now()
    index.build_now()
    busy = time.process_time() - started
    typer.echo(f"{faces.count:,} faces built: {busy:.0f} s of processor time")
    return index


def _compared(
    big: tuple[GrowingIndex, Faces], small: tuple[GrowingIndex, Faces], rounds: int
) -> dict[str, Any]:
    """Searches of both, and how much longer those of the bigger take. Both are closed."""
    figures: dict[str, Any] = dict(_searches({"search": big, "search_of_other": small}, rounds))
    ratio = figures["search"]["p50_ms"] / figures["search_of_other"]["p50_ms"]
    lists = {name: _lists(index) for name, (index, _) in (("search", big), ("other", small))}
    for index, _ in (big, small):
        index.close()
    return figures | {"lists": lists, "ratios": {"search_over_other_p50": ratio}}


def _lists(index: GrowingIndex) -> list[int]:
    """Searched on average, and all."""
    shard = index._shards[PARTITION].shard
    assert isinstance(shard, GrowingShard)
    serving = shard.serving
    return [serving.lists, serving.structure.lists] if isinstance(serving, Clustered) else []


def _searches(
    indexes: Mapping[str, tuple[GrowingIndex, Faces]], rounds: int
) -> dict[str, dict[str, float]]:
    """Times and recall of mated probes of each index, which take turns."""
    figures = interleaved(
        {name: (partial(_one, index), faces.mated) for name, (index, faces) in indexes.items()},
        rounds,
    )
    for name, (index, faces) in indexes.items():
        found = np.array([_one(index, probe[None]) for probe in faces.mated])
        figures[name]["recall_at_1"] = float(np.mean(found == faces.nearest(faces.mated)))
        typer.echo(f"{name}: {json.dumps(figures[name])}")
    return figures


def _one(index: GrowingIndex, probe: Floats) -> int:
    """Id of the face that is found for a (1, 128) probe."""
    return int(index.search(PARTITION, probe, 1)[1][0, 0])


def start(settings: Settings, faces: Faces) -> dict[str, Any]:
    """A start in a process of its own."""
    probes = settings.data_dir / "probes.npy"
    np.save(probes, faces.mated[:1])
    command = [sys.executable, "-m", "benchmarks.galleries.gallery_start"]
    done = subprocess.run(
        [*command, str(settings.data_dir), settings.index, str(probes)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def _built(storage: SqlStorage, index: GrowingIndex) -> dict[str, float]:
    """Seconds until everything is read from SQL, and until the lists are there."""
    started, busy = time.perf_counter(), time.process_time()
    IndexFollower(storage, index, index).catch_up()
    read = time.perf_counter() - started
    typer.echo(f"read from SQL: {read:.0f} s")
    index.build_now()
    return {
        "read_s": read,
        "all_s": time.perf_counter() - started,
        "cpu_s": time.process_time() - busy,
    }
