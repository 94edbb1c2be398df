"""A long day in a quarter of an hour: searches and changes by the million, and what they leave."""

import gc
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from app.index.growing.index import GrowingIndex
from app.services.indexing.following import IndexFollower
from app.storage.unit_of_work import SqlStorage
from benchmarks.galleries.big_gallery import PARTITION, Faces, enrol, erase, fill
from benchmarks.galleries.gallery_start import resident
from benchmarks.measuring import QuickOption, machine, write_report

_PROBES_AT_ONCE = 16
_CHANGES_AT_ONCE = 20


def soak(
    searches: Annotated[int, typer.Option(help="Probes searched for.")] = 2_000_000,
    changes: Annotated[int, typer.Option(help="Faces added and removed.")] = 100_000,
    faces: Annotated[int, typer.Option(help="Faces of the gallery.")] = 30_000,
    json_path: Annotated[Path, typer.Option("--json", help="Where the figures go.")] = Path(
        "benchmarks/results/soak.json"
    ),
    quick: QuickOption = False,
) -> None:
    """Search in one thread, change in another, rebuild in a third; fail when anything leaks."""
    if quick:
        searches, changes = searches // 20, changes // 20
    with tempfile.TemporaryDirectory() as directory:
        report = _run(Path(directory), searches, changes, faces)
    ratios = {"growth": report["resident_growth_bytes"] / report["resident_before"]}
    write_report(json_path, report | {"ratios": ratios, "machine": machine()})
    for name, value in report.items():
        typer.echo(f"{name}: {value}")
    leaked = report["descriptors_after"] > report["descriptors_before"] + 2
    grown = report["resident_growth_bytes"] > 0.3 * report["resident_before"] + 2**25
    if leaked or grown or report["errors"] or not report["agrees_with_sql"]:
        raise typer.Exit(1)


def _run(directory: Path, searches: int, changes: int, count: int) -> dict[str, Any]:
    faces = Faces(count, 1024)
    url = f"sqlite:///{directory / 'facet.db'}"
    fill(url, faces)
    storage = SqlStorage.open(url)
    index = GrowingIndex(directory / "index", exact_limit=10_000)
    follower = IndexFollower(storage, index, index)
    follower.catch_up()
    index.build_now()
    index.start()
    _search(index, faces, 10_000)
    before, descriptors = resident(), _descriptors()
    started = time.perf_counter()
    errors = _at_once(
        lambda: _search(index, faces, searches),
        lambda: _change(storage, follower, faces, changes),
    )
    seconds = time.perf_counter() - started
    gc.collect()
    after, left = resident(), _descriptors()
    with storage.read() as uow:
        follower.catch_up(uow)
        agrees = index.census(PARTITION) == uow.faces.census(PARTITION)
    index.close()
    storage.close()
    return {
        "searches": searches,
        "changes": changes,
        "seconds": seconds,
        "errors": errors,
        "agrees_with_sql": agrees,
        "resident_before": before,
        "resident_growth_bytes": after - before,
        "descriptors_before": descriptors,
        "descriptors_after": left,
    }


def _at_once(*pieces: Callable[[], None]) -> list[str]:
    """Do pieces of work in a thread each; the errors that ended some of them."""
    with ThreadPoolExecutor(len(pieces)) as pool:
        running = [pool.submit(piece) for piece in pieces]
    return [repr(one.exception()) for one in running if one.exception() is not None]


def _search(index: GrowingIndex, faces: Faces, count: int) -> None:
    for done in range(0, count, _PROBES_AT_ONCE):
        start = done % (len(faces.mated) - _PROBES_AT_ONCE)
        found = index.search(PARTITION, faces.mated[start : start + _PROBES_AT_ONCE], 1)[0]
        assert found.shape == (_PROBES_AT_ONCE, 1)


def _change(storage: SqlStorage, follower: IndexFollower, faces: Faces, count: int) -> None:
    chance = np.random.default_rng(5)
    for _ in range(0, count, 2 * _CHANGES_AT_ONCE):
        picked = chance.choice(len(faces.strangers), _CHANGES_AT_ONCE, replace=False)
        added = enrol(storage, faces.strangers[picked])
        follower.catch_up()
        erase(storage, added)
        follower.catch_up()


def _descriptors() -> int:
    """Open files of this process."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
