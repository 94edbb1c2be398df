"""A lock is held by one process at a time, and goes with it, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.files.locking import ScratchDirectory, is_locked, lock, remove_abandoned, try_lock

HOLDER = """
import sys
from pathlib import Path
from models.files.locking import ScratchDirectory, lock
path = Path(sys.argv[1])
if path.is_dir():
    made = ScratchDirectory(path, "scratch-")
    print(made.path, flush=True)
    sys.stdin.read()
else:
    with lock(path):
        print(path, flush=True)
        sys.stdin.read()
"""


def start(path: Path) -> "tuple[subprocess.Popen[str], Path]":
    """A process that holds the lock, or a scratch directory beneath a directory."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=-1, stdout=-1, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def kill(process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "0.lock"
    process, _ = start(path)
    assert is_locked(path)
    assert try_lock(path) is None
    kill(process)
    assert not is_locked(path)
    with lock(path):
        assert try_lock(path) is None  # in this process as well
    held = try_lock(path)
    assert held is not None
    held.release()


def test_what_is_held_is_not_removed(tmp_path: Path) -> None:
    directory, path = tmp_path / "0", tmp_path / "0.lock"
    directory.mkdir()
    process, _ = start(path)
    remove_abandoned(directory, path)
    assert directory.is_dir()
    kill(process)
    remove_abandoned(directory, path)
    assert not directory.exists()


def test_scratch_directories_of_the_dead_are_removed(tmp_path: Path) -> None:
    (tmp_path / "scratch-without-a-lock").mkdir()  # as an earlier version left it
    (tmp_path / "another").mkdir()
    dead, left = start(tmp_path)
    alive, kept = start(tmp_path)
    kill(dead)
    made = ScratchDirectory(tmp_path, "scratch-", "7-")
    assert made.path.name.startswith("scratch-7-")
    assert not left.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"another", kept.name, made.path.name}
    made.close()
    assert not made.path.exists()
    alive.communicate("")


def test_where_nothing_can_be_made_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        ScratchDirectory(tmp_path / "nowhere", "scratch-")
