"""Cores available, under containers' limits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.platform.machine import available_cores, available_memory

OWN = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write(root: Path, files: dict[str, str], own: str) -> None:
    for name, text in files.items():
        path = root / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "own").write_text(own)


def cores(root: Path, files: dict[str, str], own: str = "0::/\n") -> int:
    write(root, files, own)
    return available_cores(root / "cgroup", root / "own")


@pytest.mark.parametrize(
    ("files", "own", "expected"),
    [
        ({}, "0::/\n", OWN),
        ({"cpu.max": "max 100000\n"}, "0::/\n", OWN),
        ({"cpu.max": "100000 100000\n"}, "0::/\n", 1),
        ({"cpu.max": "20000 100000\n"}, "0::/\n", 1),
        ({"cpu.max": "6400000 100000\n"}, "0::/\n", min(OWN, 64)),
        ({"a/cpu.max": "50000 100000\n", "a/b/cpu.max": "max 100000\n"}, "0::/a/b\n", 1),
        ({"cpu.max": "nonsense\n"}, "0::/\n", OWN),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, "", 1),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, "", OWN),
    ],
)
def test_the_smallest_limit_counts(
    tmp_path: Path, files: dict[str, str], own: str, expected: int
) -> None:
    assert cores(tmp_path, files, own) == expected


def test_one_and_a_half_cores_are_two(tmp_path: Path) -> None:
    assert cores(tmp_path, {"cpu.max": "150000 100000\n"}) == min(2, OWN)


@pytest.mark.parametrize(
    ("files", "own", "expected"),
    [
        ({"memory.max": "1073741824\n"}, "0::/\n", 2**30),
        ({"memory.max": "max\n"}, "0::/\n", None),
        ({"a/memory.max": "1048576\n", "a/b/memory.max": "max\n"}, "0::/a/b\n", 2**20),
        ({"memory/memory.limit_in_bytes": "1048576\n"}, "", 2**20),
        ({"memory/memory.limit_in_bytes": "9223372036854771712\n"}, "3:memory:/\n", None),
    ],
)
def test_the_smallest_limit_of_memory_counts(
    tmp_path: Path, files: dict[str, str], own: str, expected: int | None
) -> None:
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    write(tmp_path, files, own)
    assert available_memory(tmp_path / "cgroup", tmp_path / "own") == (expected or whole)


_SCRIPT = """
import os, time
from pathlib import Path
from app.platform.machine import FreedMemory

def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")

def filled(size):
    block = bytearray(size)
    block[::4096] = b"x" * len(block[::4096])
    return block

memory = FreedMemory(seconds=0.05)
before = resident()
"""
_HUGE = """
block = filled(64 * 2**20)
assert resident() - before > 48 * 2**20
del block
assert resident() - before < 8 * 2**20
"""
_BETWEEN = """
blocks = [filled(2**18) for _ in range(400)]
full = resident()
del blocks[1::2]  # what is left holds the top of the heap
memory.start()
ends = time.monotonic() + 10
while resident() > full - 32 * 2**20 and time.monotonic() < ends:
    time.sleep(0.01)
memory.stop()
assert resident() < full - 32 * 2**20
assert len(blocks) == 200
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
@pytest.mark.parametrize("story", [_HUGE, _BETWEEN], ids=["huge at once", "between in time"])
def test_freed_memory_is_given_back(story: str) -> None:
    # In a process of its own: in this one, other tests have left memory that would be used again.
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT + story], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
