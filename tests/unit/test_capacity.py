"""How many requests, forward passes and threads a machine gets."""

import pytest

from app.bootstrap import networks
from app.bootstrap.networks import Capacity
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
    monkeypatch.setattr(networks, "available_cores", lambda: cores)
    assert Capacity.of(Settings(workers=workers, threads=threads)) == expected
