"""Rates are counted exactly, by however many processes and threads."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.access.limits import Window
from app.domain.errors.trouble import DatabaseUnavailableError
from app.files.rates import CounterFile
from app.services.rates import Rates

REQUESTS = Window("requests", 1, "second")
PICTURES = Window("pictures", 1, "second")
AT_ONCE = """
import sys
from pathlib import Path
from unittest.mock import patch
from app.domain.access.limits import Window
from app.files.rates import CounterFile
from app.services.rates import Rates

counted = Rates(CounterFile(Path(sys.argv[1])))
with patch("time.time", lambda: 1e9):
    window = Window("requests", 1, "second")
    print(sum(counted.count("key", window, 1, 100).granted for _ in range(60)))
"""


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A time of day that goes on when it is told to."""
    now = [1e9]
    monkeypatch.setattr("app.files.rates.time.time", lambda: now[0])
    yield now


def test_processes_share_one_count(tmp_path: Path) -> None:
    path = tmp_path / "rates.db"
    command = [sys.executable, "-c", AT_ONCE, str(path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    granted = [int(one.communicate(timeout=60)[0]) for one in running]
    assert sum(granted) == 100, granted
    assert path.stat().st_mode & 0o077 == 0


def test_threads_share_one_count(tmp_path: Path, noon: list[float]) -> None:
    counted = Rates(CounterFile(tmp_path / "rates.db"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: counted.count("key", REQUESTS, 1, 30), range(80)))
    assert sum(one.granted for one in found) == 30


def test_a_second_later_it_is_counted_anew(tmp_path: Path, noon: list[float]) -> None:
    counted = Rates(CounterFile(tmp_path / "rates.db"))
    assert counted.count("a", PICTURES, 3, 4).remaining == 1
    refused = counted.count("a", PICTURES, 3, 4)
    assert not refused.granted and refused.remaining == 0 and 0 < refused.seconds <= 1
    assert counted.count("b", PICTURES, 3, 4).granted, "another key"
    assert counted.count("a", REQUESTS, 3, 4).granted, "another kind"
    noon[0] += 1.01
    assert counted.count("a", PICTURES, 4, 4).granted


def test_windows_of_one_kind_are_counted_apart(tmp_path: Path, noon: list[float]) -> None:
    counted, hourly = Rates(CounterFile(tmp_path / "rates.db")), Window("requests", 3600, "hour")
    assert counted.count("a", hourly, 4, 5).granted
    assert counted.count("a", REQUESTS, 4, 5).granted
    noon[0] += 60
    assert counted.count("a", REQUESTS, 4, 5).granted
    refused = counted.count("a", hourly, 4, 5)
    assert not refused.granted and 3500 < refused.seconds < 3541


def test_counters_that_are_over_are_removed(tmp_path: Path, noon: list[float]) -> None:
    counted = Rates(CounterFile(tmp_path / "rates.db"))
    for number in range(50):
        counted.count(f"key-{number}", REQUESTS, 1, 5)
    noon[0] += 120
    counted.count("other", REQUESTS, 1, 5)
    assert counted._limiter.storage.reset() == 1


def test_what_cannot_be_counted_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError):
        Rates(CounterFile(tmp_path / "nowhere" / "rates.db")).count("a", REQUESTS, 1, 5)
