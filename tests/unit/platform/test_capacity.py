"""How many requests, forward passes and threads a machine gets."""

from typing import Any

import pytest

from app.bootstrap import capacity
from app.bootstrap.capacity import Capacity, server_processes
from app.settings import Settings


@pytest.mark.parametrize(
    ("cores", "workers", "threads", "expected"),
    [
        (2, 0, 0, Capacity(workers=3, lanes=2, threads=1)),
        (1, 0, 0, Capacity(workers=2, lanes=1, threads=1)),
        (16, 0, 0, Capacity(workers=24, lanes=16, threads=1)),
        (2, 2, 2, Capacity(workers=2, lanes=2, threads=1)),
        (2, 1, 2, Capacity(workers=1, lanes=1, threads=2)),
        (8, 3, 4, Capacity(workers=3, lanes=4, threads=2)),
        (2, 9, 1, Capacity(workers=9, lanes=2, threads=1)),
    ],
)
def test_no_more_threads_than_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, workers: int, threads: int, expected: Capacity
) -> None:
    monkeypatch.setattr(capacity, "available_cores", lambda: cores)
    assert Capacity.of(Settings(workers=workers, threads=threads)) == expected


@pytest.mark.parametrize(
    ("cores", "workers", "threads", "processes", "expected"),
    [
        (2, 0, 0, 2, Capacity(workers=2, lanes=1, threads=1)),
        (16, 0, 0, 4, Capacity(workers=6, lanes=4, threads=1)),
        (2, 0, 0, 4, Capacity(workers=2, lanes=1, threads=1)),
        (4, 4, 2, 2, Capacity(workers=2, lanes=2, threads=1)),
        (4, 3, 0, 2, Capacity(workers=2, lanes=2, threads=1)),
    ],
)
def test_processes_divide_what_there_is(
    monkeypatch: pytest.MonkeyPatch,
    cores: int,
    workers: int,
    threads: int,
    processes: int,
    expected: Capacity,
) -> None:
    monkeypatch.setattr(capacity, "available_cores", lambda: cores)
    assert Capacity.of(Settings(workers=workers, threads=threads), processes) == expected


@pytest.mark.parametrize(
    ("cores", "gigabytes", "gpu", "settings", "expected"),
    [
        (2, 24, False, {}, 2),
        (1, 24, False, {}, 1),
        (3, 64, False, {}, 3),
        (16, 64, False, {}, 4),
        (16, 4, False, {}, 2),
        (16, 1, False, {}, 1),
        (16, 64, True, {}, 1),
        (16, 64, False, {"index_url": "milvus:///var/lib/facet/index.db"}, 1),
        (16, 64, False, {"index_url": "milvus://host:19530/faces"}, 4),
        (2, 24, False, {"workers": 1, "threads": 2}, 1),
        (2, 24, False, {"workers": 1}, 1),
        (4, 24, False, {"threads": 2}, 2),
        (16, 64, False, {"processes": 16}, 16),
        (2, 1, True, {"processes": 3}, 3),
    ],
)
def test_a_process_for_each_forward_pass_while_memory_lasts(
    monkeypatch: pytest.MonkeyPatch,
    cores: int,
    gigabytes: int,
    gpu: bool,
    settings: dict[str, Any],
    expected: int,
) -> None:
    monkeypatch.setattr(capacity, "available_cores", lambda: cores)
    monkeypatch.setattr(capacity, "available_memory", lambda: gigabytes * 2**30)
    monkeypatch.setattr(capacity, "has_gpu", lambda: gpu)
    assert server_processes(Settings(**settings)) == expected
