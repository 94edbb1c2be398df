"""Trained lists: what they keep when they are tightened, and when they are saved."""

import subprocess
import sys

import numpy as np
import pytest

from app.index.growing.structure import Structure
from tests.made_up_galleries import unit

COUNT, DIMENSION = 4000, 32


@pytest.fixture
def vectors() -> np.ndarray:
    return unit(np.random.default_rng(0), COUNT, DIMENSION)


@pytest.fixture
def filled(vectors: np.ndarray) -> Structure:
    """In pieces, so that lists have grown; row `i` is vector `i`."""
    structure = Structure.train(vectors, COUNT)
    for start in range(0, COUNT, 100):
        structure.add(np.arange(start, start + 100), vectors[start : start + 100])
    return structure


def test_tightened_lists_answer_as_before(filled: Structure, vectors: np.ndarray) -> None:
    before = filled.nearest(vectors[:50], 20, filled.lists)
    filled.tighten()
    after = filled.nearest(vectors[:50], 20, filled.lists)
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)


def test_tightened_lists_take_more(filled: Structure, vectors: np.ndarray) -> None:
    filled.tighten()
    for start in range(0, COUNT, 300):
        piece = vectors[start : start + 300]
        filled.add(np.arange(COUNT + start, COUNT + start + len(piece)), piece)
    _, rows = filled.nearest(vectors[:50], 40, filled.lists)
    for number, row in enumerate(rows):
        assert {number, COUNT + number} <= set(row.tolist())


def test_empty_lists_can_be_tightened(vectors: np.ndarray) -> None:
    structure = Structure.train(vectors, COUNT)
    structure.tighten()
    assert (structure.nearest(vectors[:2], 5, 4)[1] == -1).all()


def test_what_was_trained_is_kept_without_vectors(filled: Structure, vectors: np.ndarray) -> None:
    filled.excess = 0.25
    again = Structure.from_bytes(filled.to_bytes())
    assert (again.nearest(vectors[:2], 5, 4)[1] == -1).all()
    again.add(np.arange(COUNT), vectors)
    for old, new in zip(
        filled.nearest(vectors[:50], 20, 4), again.nearest(vectors[:50], 20, 4), strict=True
    ):
        np.testing.assert_array_equal(old, new)


def test_bounds_are_estimates_less_the_excess(filled: Structure, vectors: np.ndarray) -> None:
    estimates, rows = filled.nearest(vectors[:50], 20, filled.lists)
    true = np.square(vectors[rows] - vectors[:50, None]).sum(axis=2)
    filled.excess = float((estimates - true).max())
    bounds, _ = filled.nearest(vectors[:50], 20, filled.lists)
    assert (bounds <= true + 1e-5).all()
    assert (np.diff(bounds, axis=1) >= 0).all()


_MEMORY = """
import numpy as np
from pathlib import Path
from app.index.growing.structure import Structure
from app.platform.machine import give_back_memory

def resident():
    give_back_memory()
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) * 1024

rng = np.random.default_rng(0)
count, dimension = 300_000, 64
structure = Structure.train(rng.normal(size=(16_384, dimension)).astype(np.float32), 2 * 16_384)
before = resident()
for start in range(0, count, 5_000):
    piece = rng.normal(size=(5_000, dimension)).astype(np.float32)
    structure.add(np.arange(start, start + 5_000), piece)
loose = resident() - before
structure.tighten()
tight = resident() - before
assert tight < 0.92 * loose, (loose, tight)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_tightened_lists_take_less_memory() -> None:
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
