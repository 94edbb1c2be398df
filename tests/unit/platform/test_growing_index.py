"""The growing index: successors made beside changes, snapshots, and what is wrong with them."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.errors.trouble import StorageFullError
from app.domain.gallery import Partition
from app.index.faiss_flat.index import Flat
from app.index.growing import building
from app.index.growing.clustered import Clustered
from app.index.growing.index import GrowingIndex
from app.index.growing.rows import RowOfId
from app.index.growing.shard import GrowingShard
from app.index.growing.vector_file import VectorFile
from app.platform.telemetry import RECALL_SAMPLES

HERE = Partition("collection", "encoder@1")
COUNT, DIMENSION = 3000, 32


@pytest.fixture
def vectors() -> np.ndarray:
    """(COUNT, DIMENSION) rows of length one around a hundred centres."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(100, DIMENSION))
    rows = centres[rng.integers(0, 100, COUNT)] + 0.4 * rng.normal(size=(COUNT, DIMENSION))
    unit: np.ndarray = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture
def index(tmp_path: Path, vectors: np.ndarray) -> Iterator[GrowingIndex]:
    """Ids 1 to COUNT, clustered, with a snapshot at watermark COUNT."""
    index = GrowingIndex(tmp_path / "index", exact_limit=500, sampling=1.0)
    index.add(HERE, np.arange(1, COUNT + 1), vectors, seq=COUNT)
    index.build_now()
    yield index
    index.close()


def serving_now(index: GrowingIndex) -> Flat | Clustered:
    shard = index._shards[HERE].shard
    assert isinstance(shard, GrowingShard)
    return shard.serving


def serving(index: GrowingIndex) -> Clustered:
    found = serving_now(index)
    assert isinstance(found, Clustered)
    return found


def best(index: GrowingIndex, probes: np.ndarray) -> list[int]:
    return index.search(HERE, probes, 1)[1].ravel().tolist()


def reopened(index: GrowingIndex, head: int = COUNT) -> tuple[GrowingIndex, dict[Partition, int]]:
    index.close()
    again = GrowingIndex(index._directory, exact_limit=500)
    return again, dict(again.restore(head))


def generation(index: GrowingIndex) -> Path:
    (directory,) = index._directory.glob("*/*/*/")
    return directory


def test_candidates_are_ranked_by_true_similarities(
    index: GrowingIndex, vectors: np.ndarray
) -> None:
    probes = vectors[:200] + 0.05 * np.random.default_rng(1).normal(size=(200, DIMENSION))
    probes = (probes / np.linalg.norm(probes, axis=1, keepdims=True)).astype(np.float32)
    similarities, found = index.search(HERE, probes, 3)
    exact = probes @ vectors.T
    np.testing.assert_allclose(
        similarities, np.take_along_axis(exact, found - 1, axis=1), atol=1e-6
    )
    assert np.mean(found[:, 0] == exact.argmax(axis=1) + 1) >= 0.99
    assert index.search(HERE, probes[:1], COUNT)[1].shape == (1, COUNT)


def test_candidates_that_cannot_win_are_not_read(
    index: GrowingIndex, vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    clustered = serving(index)
    read: list[int] = []
    take = clustered.file.take

    def watched(rows: np.ndarray) -> tuple[np.ndarray, ...]:
        read.extend(rows)
        return take(rows)

    monkeypatch.setattr(clustered.file, "take", watched)
    probes = vectors[:200]
    found = best(index, probes)
    sparing = len(read)
    clustered.structure.excess = np.inf  # codes say nothing: everybody may win
    assert best(index, probes) == found
    assert sparing < 0.5 * (len(read) - sparing)


def test_changes_are_seen_at_once(index: GrowingIndex, vectors: np.ndarray) -> None:
    probe = -vectors[:1]
    index.add(HERE, np.array([COUNT + 1]), probe, seq=COUNT + 1)
    assert best(index, probe) == [COUNT + 1]
    index.add(HERE, np.array([7]), probe, seq=COUNT + 2)
    assert best(index, probe) == [7]
    index.remove(HERE, np.array([7, COUNT + 1]), seq=COUNT + 3)
    assert not {7, COUNT + 1} & set(index.search(HERE, probe, COUNT)[1].ravel().tolist())
    assert index.census(HERE) == (COUNT - 1, sum(range(1, COUNT + 1)) - 7)


def test_nothing_that_changes_during_a_build_is_lost(
    index: GrowingIndex, vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removals before, between and after the pieces of the copy, and additions throughout."""
    monkeypatch.setattr(building, "_PIECE", 100)
    locked = index._shards[HERE]
    before = serving(index)
    builder = threading.Thread(target=index._build, args=(HERE, locked))
    builder.start()
    rng = np.random.default_rng(2)
    model = set(range(1, COUNT + 1))
    seq = COUNT
    while builder.is_alive() or seq < COUNT + 50:
        seq += 1
        doomed = rng.choice(sorted(model), 3, replace=False)
        index.remove(HERE, doomed, seq=seq)
        model -= set(doomed.tolist())
        new = 10_000 + 3 * seq + np.arange(3)  # as many: a slow build must not empty the gallery
        index.add(HERE, new, vectors[new % COUNT], seq=seq)
        model |= set(new.tolist())
    builder.join()
    assert serving(index) is not before
    assert index.count(HERE) == len(model)
    assert index.census(HERE)[1] == sum(model)
    assert set(index.search(HERE, vectors[:1], COUNT * 2)[1].ravel().tolist()) == model
    assert set(serving(index).ids().tolist()) == model


def test_an_erased_vector_is_in_no_file(index: GrowingIndex, vectors: np.ndarray) -> None:
    trace = vectors[41].tobytes()[:32]
    files = [path for path in index._directory.rglob("*") if path.is_file()]
    assert any(trace in path.read_bytes() for path in files)
    index.remove(HERE, np.array([42]), seq=COUNT + 1)
    files = [path for path in index._directory.rglob("*") if path.is_file()]
    assert not any(trace in path.read_bytes() for path in files)
    index.remove(HERE, None, seq=COUNT + 2)
    assert not list(index._directory.rglob("vectors"))


def test_a_snapshot_serves_after_a_start(index: GrowingIndex, vectors: np.ndarray) -> None:
    index.remove(HERE, np.array([5]), seq=COUNT + 1)
    wanted = best(index, vectors)
    census = index.census(HERE)
    again, restored = reopened(index, head=COUNT + 1)
    assert restored == {HERE: COUNT + 1}
    assert again.census(HERE) == census
    assert best(again, vectors) == wanted
    again.close()


def test_what_came_after_the_snapshot_is_cut_off(index: GrowingIndex, vectors: np.ndarray) -> None:
    """After a crash: rows without a manifest that speaks for them do not count."""
    index.add(HERE, np.array([COUNT + 1]), vectors[:1], seq=COUNT + 1)
    assert index._own is not None
    index._own.close()  # as if killed: no last snapshot
    again = GrowingIndex(index._directory, exact_limit=500)
    assert again.restore(COUNT + 1) == {HERE: COUNT}
    assert again.count(HERE) == COUNT
    again.close()
    index._own = None


def _flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 0x40
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        lambda g: _flip(g / "vectors", 100_000),
        lambda g: _flip(g / "vectors", 3),
        lambda g: _flip(g / "structure", 500),
        lambda g: _flip(g / "manifest.json", 60),
        lambda g: (g / "vectors").unlink(),
        lambda g: (g / "structure").unlink(),
        lambda g: (g / "manifest.json").unlink(),
        lambda g: (g / "vectors").write_bytes((g / "vectors").read_bytes()[:-1]),
        lambda g: (g / "manifest.json").write_text("{}"),
        lambda g: g.parent.rename(g.parent.parent / "0123456789"),
    ],
)
def test_a_damaged_snapshot_is_removed(index: GrowingIndex, damage: Any) -> None:
    index.close()
    damage(generation(index))
    again = GrowingIndex(index._directory)
    assert again.restore(COUNT) == {}
    assert again.count(HERE) == 0
    assert not list(index._directory.rglob("vectors"))
    again.close()


def test_a_snapshot_from_the_future_is_removed(index: GrowingIndex) -> None:
    again, restored = reopened(index, head=COUNT - 1)
    assert restored == {}
    again.close()


def test_two_processes_do_not_share_files(index: GrowingIndex, vectors: np.ndarray) -> None:
    other = GrowingIndex(index._directory, exact_limit=500)
    assert other.restore(COUNT) == {}
    other.add(HERE, np.arange(1, COUNT + 1), vectors, seq=COUNT)
    other.build_now()
    assert len(list(index._directory.glob("*/*/*/vectors"))) == 2
    other.close()
    again, restored = reopened(index)
    assert restored == {HERE: COUNT}
    assert len(list(index._directory.glob("*/*/*/vectors"))) == 1, "the abandoned one is removed"
    again.close()


def test_a_full_disk_is_told_and_nothing_is_half_added(
    index: GrowingIndex, vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(StorageFullError):
            index.add(HERE, np.array([COUNT + 1]), vectors[:1], seq=COUNT + 1)
    assert (index.count(HERE), index.watermark()) == (COUNT, COUNT)
    index.add(HERE, np.array([COUNT + 1]), -vectors[:1], seq=COUNT + 1)
    assert best(index, -vectors[:1]) == [COUNT + 1]


def test_searches_are_sampled(index: GrowingIndex, vectors: np.ndarray) -> None:
    def counted() -> float:
        return float(RECALL_SAMPLES.labels("found")._value.get())

    before = counted()
    best(index, vectors[:1])
    index._sampler.check()
    assert counted() == before + 1
    index._sampler.take(index._shards[HERE], vectors[0], 0.5)
    missed = RECALL_SAMPLES.labels("missed")._value.get()
    index._sampler.check()
    assert RECALL_SAMPLES.labels("missed")._value.get() == missed + 1


@pytest.mark.parametrize("asked", [5, 40, 400])
@pytest.mark.parametrize("late", [False, True])
def test_rows_are_found_however_many_are_asked_for(tmp_path: Path, asked: int, late: bool) -> None:
    rng = np.random.default_rng(asked)
    file = VectorFile(tmp_path / "vectors", 4)
    rows = RowOfId(file, 0)
    ids = np.sort(rng.choice(2000, 600, replace=False)) + 1
    if late:
        ids = np.concatenate([ids, rng.choice(ids, 50, replace=False), rng.integers(1, 2000, 50)])
    for part in np.array_split(ids, 7):
        file.append(part, np.zeros((len(part), 4), np.float32))
        rows.appended(part)
    latest = {face_id: row for row, face_id in enumerate(ids.tolist())}
    wanted = rng.integers(1, 2100, asked)
    expected = sorted({latest[i] for i in wanted.tolist() if i in latest})
    assert rows.find_all(wanted).tolist() == expected
    assert [rows.find(i) for i in wanted.tolist()] == [latest.get(i) for i in wanted.tolist()]
    assert RowOfId(file, rows.ascending).find_all(wanted).tolist() == expected
    file.close()


def test_the_background_builds_by_itself(tmp_path: Path, vectors: np.ndarray) -> None:
    index = GrowingIndex(tmp_path, exact_limit=500)
    index.start()
    index.add(HERE, np.arange(1, COUNT + 1), vectors, seq=1)
    for _ in range(400):
        if isinstance(serving_now(index), Clustered):
            break
        threading.Event().wait(0.05)
    assert serving(index).structure.lists > 1
    assert best(index, vectors[:5]) == [1, 2, 3, 4, 5]
    index.close()
