"""The index of a gallery too big for comparisons in memory, in turns with that of a smaller one."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import typer

from app.index.growing.index import GrowingIndex
from app.services.indexing.following import IndexFollower
from app.settings import Settings
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.big_gallery import PARTITION, Faces, fill
from benchmarks.galleries.latencies import taking_turns
from benchmarks.measuring import machine

_PROBES = 1000
_TO_A_SUBJECT = 10


def measure_beside(size: int, other: int, rounds: int) -> dict[str, Any]:
    """Figures of `size` faces read from SQL, searches taking turns with an index of `other`.

    Ten faces are a subject's, and the log of changes is compacted, which spares a tenth of the
    disk. The directory takes some 1.4 KB a face, and building 0.7 KB a face of memory.
    """
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as directory:
        settings = Settings(data_dir=Path(directory))
        small, less = GrowingIndex(Path(directory) / "other"), Faces(other, _PROBES)
        for first, batch in less.batches():
            small.add(PARTITION, np.arange(first, first + len(batch)), batch, seq=first)
        small.build_now()
        typer.echo(f"{other:,} faces built")
        faces = Faces(size, _PROBES)
        url = settings.resolved_database_url
        figures: dict[str, Any] = {
            "faces": size,
            "other": other,
            "sql_faces_per_s": fill(url, faces, _TO_A_SUBJECT, logged=False),
        }
        typer.echo(f"{size:,} faces written: {figures['sql_faces_per_s']:.0f} a second")
        figures["database_bytes_per_face"] = (Path(directory) / "facet.db").stat().st_size / size
        storage = SqlStorage(open_engines(url, busy_timeout=5.0))
        index = GrowingIndex(settings.index_dir)
        figures["cold"] = _built(storage, index)
        typer.echo(f"built: {figures['cold']}")
        exact = {"search": faces.nearest(faces.mated), "search_of_other": less.nearest(less.mated)}
        figures |= taking_turns(
            {
                "search": (lambda probe: index.search(PARTITION, probe, 1), faces.mated),
                "search_of_other": (lambda probe: small.search(PARTITION, probe, 1), less.mated),
            },
            rounds,
        )
        for name, best in exact.items():
            one, probes = (index, faces.mated) if name == "search" else (small, less.mated)
            found = np.array([one.search(PARTITION, probe[None], 1)[1][0, 0] for probe in probes])
            figures[name]["recall_at_1"] = float(np.mean(found == best))
        typer.echo(json.dumps({name: figures[name] for name in exact}))
        index.close()
        small.close()
        storage.close()
        probes_file = settings.data_dir / "probes.npy"
        np.save(probes_file, faces.mated[:1])
        figures["start"] = start(settings, probes_file)
        ratio = figures["search"]["p50_ms"] / figures["search_of_other"]["p50_ms"]
        return figures | {"ratios": {"search_over_other_p50": ratio}, "machine": machine()}


def start(settings: Settings, probes: Path) -> dict[str, Any]:
    """A start in a process of its own."""
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
