"""Cores available, under containers' limits."""

import os
from pathlib import Path

import pytest

from app.machine import available_cores, give_memory_back_early

OWN = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cores(root: Path, files: dict[str, str], own: str = "0::/\n") -> int:
    for name, text in files.items():
        path = root / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "own").write_text(own)
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


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_memory_of_large_pictures_is_given_back() -> None:
    give_memory_back_early()
    pages = []
    for _ in range(3):
        blocks = [bytearray(8 * 2**20) for _ in range(8)]
        for block in blocks:
            block[::4096] = b"x" * len(block[::4096])
        del block, blocks
        pages.append(int(Path("/proc/self/statm").read_text().split()[1]))
    assert (pages[-1] - pages[0]) * os.sysconf("SC_PAGE_SIZE") < 8 * 2**20
