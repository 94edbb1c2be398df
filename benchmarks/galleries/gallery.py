"""Galleries of any size: what a start, a search and a change cost, beside FAISS and brute force."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import faiss
import numpy as np
import typer
from matplotlib.figure import Figure

from app.bootstrap.images import open_images
from app.bootstrap.indexes import open_index
from app.bootstrap.protection import open_master_key
from app.bootstrap.stores import Stores
from app.bootstrap.use_cases import open_use_cases
from app.index.growing.index import GrowingIndex
from app.services.deciding.recognition import RecognitionOptions
from app.services.indexing.following import IndexFollower
from app.settings import Settings
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.beside import measure_beside, start
from benchmarks.galleries.big_gallery import COLLECTION, PARTITION, Faces, enrol, erase, fill
from benchmarks.galleries.drawn.synthetic import Floats
from benchmarks.galleries.engines import BACKENDS, measure_engine
from benchmarks.galleries.identification import false_positives
from benchmarks.galleries.latencies import interleaved, percentiles
from benchmarks.measuring import machine, write_report
from benchmarks.pictures import portraits

Backend = Literal["auto", "faiss", "exact", "pgvector", "milvus"]
_PROBES = 1000
_HNSW_AT_MOST = 200_000
"""Building a bigger graph takes many minutes."""
_CANDIDATES = 64
"""What a recognition looks at first."""


def gallery(
    faces: Annotated[
        int, typer.Option(help="Faces of the biggest gallery; a million unless quick.")
    ] = 0,
    backend: Annotated[Backend, typer.Option(help="The index, as in FACET_INDEX.")] = "auto",
    json_path: Annotated[
        Path, typer.Option("--json", help="Where the figures go; a picture lands beside it.")
    ] = Path("benchmarks/results/gallery.json"),
    quick: Annotated[bool, typer.Option(help="Fewer sizes and rounds.")] = False,
    engine: Annotated[
        str,
        typer.Option(help="PostgreSQL or Milvus to measure; it is emptied. Else a packaged one."),
    ] = "",
    beside: Annotated[
        int, typer.Option(help="The index alone, in turns with one of so many faces.")
    ] = 0,
    database: Annotated[
        bool,
        typer.Option(help="With --beside: fill the index from a database, and start from it."),
    ] = True,
) -> None:
    """Measure galleries of growing size; times are of one thread's processor unless said."""
    faiss.omp_set_num_threads(1)
    steps = (10_000,) if quick else (1_000, 10_000, 100_000)
    faces = max(1000, faces) if faces else (200_000 if quick else 1_000_000)
    sizes = [size for size in steps if size < faces] + [faces]
    if backend in BACKENDS:
        _engines(backend, sizes, engine, 100 if quick else 400, json_path)
        return
    if beside:
        rounds = 100 if quick else 400
        write_report(json_path, measure_beside(faces, beside, rounds, database=database))
        typer.echo(f"written: {json_path}")
        return
    results = []
    for size in sizes:
        typer.echo(f"{size:,} faces")
        with tempfile.TemporaryDirectory() as directory:
            results.append(_Measurement(size, backend, Path(directory), quick).run())
    report = _report(results, backend)
    write_report(json_path, report)
    _draw(json_path.with_suffix(".png"), results)
    typer.echo(json.dumps({k: report[k] for k in ("search", "flat", "ratios", "startup_s")}))
    typer.echo(f"written: {json_path}, {json_path.with_suffix('.png')}")


def _engines(backend: str, sizes: Sequence[int], engine: str, rounds: int, json_path: Path) -> None:
    results = [measure_engine(backend, size, engine, rounds) for size in sizes]
    last = results[-1]
    ratio = last["flat"]["p50_ms"] / last["search"]["p50_ms"]
    report = {"backend": backend, **last, "ratios": {"flat_over_search_p50": ratio}}
    write_report(json_path, report | {"sizes": results, "machine": machine()})
    typer.echo(json.dumps(report))


class _Measurement:
    """One size, in a directory of its own."""

    def __init__(self, size: int, backend: Backend, directory: Path, quick: bool) -> None:
        self._size = size
        self._rounds = 100 if quick else 400
        self._faces = Faces(size, _PROBES)
        self._settings = Settings(
            data_dir=directory, index=backend, master_key_file=directory / "master.key"
        )

    def run(self) -> dict[str, Any]:
        url = self._settings.resolved_database_url
        written = fill(url, self._faces)
        engines = open_engines(url, busy_timeout=5.0)
        storage, index = SqlStorage(engines), open_index(self._settings, engines)
        key = open_master_key(self._settings, storage)
        growing = index if isinstance(index, GrowingIndex) else None
        follower = IndexFollower(storage, index, growing)
        started, busy = time.perf_counter(), time.process_time()
        follower.catch_up()
        index.search(PARTITION, self._faces.mated[:1], 1)
        cold = {"first_answer_s": time.perf_counter() - started}
        if growing is not None:
            growing.build_now()
        cold["all_s"] = time.perf_counter() - started
        cold["cpu_s"] = time.process_time() - busy
        images = open_images(self._settings, storage)
        result = {
            "faces": self._size,
            "sql_faces_per_s": written,
            "cold": cold | {"faces_per_cpu_s": self._size / cold["cpu_s"]},
            **self._searches(index),
            "identification": false_positives(index, self._faces, self._size),
            "recognise": self._recognise(Stores(storage, key, images, index, follower, growing)),
            "visible": self._visible(storage, index, follower),
            "mixed": self._mixed(storage, index, follower),
        }
        if growing is not None:
            growing.close()
        storage.close()
        return result | {"start": self._start(), "reload": self._reload(url)}

    def _searches(self, index: Any) -> dict[str, Any]:
        embeddings, mated = self._faces.embeddings, self._faces.mated
        flat = faiss.IndexFlatIP(embeddings.shape[1])
        flat.add(embeddings)
        best = flat.search(mated, 1)[1][:, 0]
        contestants: dict[str, tuple[Callable[[Floats], Any], Floats]] = {
            "search": (lambda probe: index.search(PARTITION, probe, 1), mated),
            "search_first_look": (lambda one: index.search(PARTITION, one, _CANDIDATES), mated),
            "flat": (lambda probe: flat.search(probe, 1), mated),
            "numpy": (lambda probe: int(np.argmax(embeddings @ probe[0])), mated),
        }
        figures: dict[str, Any] = {}
        if self._size <= _HNSW_AT_MOST:
            graph = faiss.IndexHNSWFlat(embeddings.shape[1], 16, faiss.METRIC_L2)
            busy = time.process_time()
            graph.add(embeddings)
            figures["hnsw_build_cpu_s"] = time.process_time() - busy
            graph.hnsw.efSearch = 512
            contestants["hnsw"] = (lambda probe: graph.search(probe, 1)), mated
            figures["hnsw_recall_at_1"] = float(np.mean(graph.search(mated, 1)[1][:, 0] == best))
        figures |= interleaved(contestants, self._rounds)
        found = index.search(PARTITION, mated, 1)[1][:, 0]
        figures["search"]["recall_at_1"] = float(np.mean(found == best + 1))
        return figures

    def _recognise(self, stores: Stores) -> dict[str, Any]:
        """The whole call on a portrait, and what of it is no search of the index, by the clock."""
        cases, image = open_use_cases(self._settings, stores), portraits()[0].read_bytes()
        seconds: list[float] = []
        for _ in range(self._rounds // 4 + 1):  # the first does not count
            start = time.perf_counter()
            found = cases.recognizer.recognize(COLLECTION, image, RecognitionOptions())
            seconds.append(time.perf_counter() - start)
        assert found.decided.enrolled_subjects == self._size
        return percentiles(seconds[1:])

    def _visible(self, storage: SqlStorage, index: Any, follower: IndexFollower) -> dict[str, Any]:
        """From the commit to the search that shows it, by the clock."""
        added, removed = [], []
        for number in range(self._rounds // 4):
            probe = self._faces.strangers[number : number + 1]
            faces = enrol(storage, probe)
            start = time.perf_counter()
            follower.catch_up()
            assert index.search(PARTITION, probe, 1)[1][0, 0] == faces[0].id
            added.append(time.perf_counter() - start)
            erase(storage, faces)
            start = time.perf_counter()
            follower.catch_up()
            assert index.search(PARTITION, probe, 1)[1][0, 0] != faces[0].id
            removed.append(time.perf_counter() - start)
        return {"add": percentiles(added), "remove": percentiles(removed)}

    def _mixed(self, storage: SqlStorage, index: Any, follower: IndexFollower) -> dict[str, Any]:
        """90 % searches, 8 % additions, 2 % removals, each with its commit, by the clock."""
        chance = np.random.default_rng(3)
        living: list[Any] = []
        seconds: dict[str, list[float]] = {"search": [], "add": [], "remove": []}
        for number in range(5 * self._rounds):
            draw = chance.random()
            probe = self._faces.mated[number % _PROBES][None]
            what = "search" if draw < 0.9 else "add" if draw < 0.98 or not living else "remove"
            start = time.perf_counter()
            if what == "add":
                living += enrol(storage, probe)
            elif what == "remove":
                erase(storage, [living.pop()])
            follower.catch_up()
            if what == "search":
                index.search(PARTITION, probe, _CANDIDATES)
            seconds[what].append(time.perf_counter() - start)
        every = sum(map(len, seconds.values())) / sum(map(sum, seconds.values()))
        return {name: percentiles(values) for name, values in seconds.items()} | {
            "operations_per_s": every
        }

    def _start(self) -> dict[str, Any]:
        return start(self._settings, self._faces)

    def _reload(self, url: str) -> dict[str, float]:
        """What a service costs that reads everything at every start and keeps it in memory."""
        storage = SqlStorage.open(url)
        start = time.perf_counter()
        with storage.read() as uow:
            parts = [templates for _, templates in uow.faces.scan(PARTITION, batch=10_000)]
        everything = np.concatenate(parts)
        storage.close()
        return {
            "seconds": time.perf_counter() - start,
            "bytes_per_face": everything.nbytes / len(everything),
        }


def _report(results: Sequence[dict[str, Any]], backend: str) -> dict[str, Any]:
    """The biggest gallery's figures on top, every size's below."""
    last = results[-1]
    by_size = {result["faces"]: result["search"]["p50_ms"] for result in results}
    return {
        "backend": backend,
        "collection": COLLECTION,
        "faces": last["faces"],
        "search": last["search"],
        "flat": last["flat"],
        "startup_s": last["start"]["seconds"],
        "bytes_per_face": last["start"]["bytes_per_face"],
        "ratios": {
            "flat_over_search_p50": last["flat"]["p50_ms"] / last["search"]["p50_ms"],
            "search_p99_over_p50": last["search"]["p99_ms"] / last["search"]["p50_ms"],
            "search_over_search_of_10000": last["search"]["p50_ms"]
            / by_size.get(10_000, last["search"]["p50_ms"]),
        },
        "sizes": list(results),
        "machine": machine(),
    }


def _draw(path: Path, results: Sequence[dict[str, Any]]) -> None:
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    speed, memory = figure.subplots(1, 2)
    sizes = [result["faces"] for result in results]
    labels = {"search": "facet", "flat": "FAISS flat", "numpy": "NumPy", "hnsw": "FAISS HNSW"}
    for name, label in labels.items():
        points = [(r["faces"], r[name]["p50_ms"]) for r in results if name in r]
        speed.loglog(*zip(*points, strict=True), marker="o", label=label)
    speed.set(title="One search, p50", xlabel="faces", ylabel="milliseconds of one core")
    speed.legend()
    taken = [result["start"]["bytes_per_face"] * result["faces"] / 2**20 for result in results]
    memory.loglog(sizes, taken, marker="o", label="facet")
    memory.loglog(sizes, [512 * size / 2**20 for size in sizes], marker="o", label="all vectors")
    memory.set(title="Memory of the index", xlabel="faces", ylabel="MiB")
    memory.legend()
    for axes in (speed, memory):
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)
