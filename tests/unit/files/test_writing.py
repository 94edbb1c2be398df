"""Files are written whole or not at all, and what a dead process was writing is removed."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.files.writing import publish, remove_drafts, replacing, write

WRITER = """
import sys
from pathlib import Path
from models.files.writing import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_bytes(b"old")
    return path


def start(target: Path) -> "subprocess.Popen[str]":
    """A process that has begun to write, and goes on until its standard input ends."""
    command = [sys.executable, "-c", WRITER, str(target)]
    process = subprocess.Popen(command, stdin=-1, stdout=-1, text=True)
    assert process.stdout is not None and process.stdout.readline() == "writing\n"
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def test_readers_see_the_old_file_until_the_new_one_is_whole(target: Path) -> None:
    with replacing(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert names(target.parent) == {target.name}


def test_a_failure_leaves_the_old_file_and_nothing_else(target: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(target) as file:
        file.write(b"new")
        raise ZeroDivisionError
    assert target.read_bytes() == b"old"
    assert names(target.parent) == {target.name}


def test_bytes_are_durable_before_the_name_and_the_name_before_the_end(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        events.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().suffix}")
        fsync(descriptor)

    def noted_replace(path: Path, other: Path) -> Path:
        events.append("rename")
        return replace(path, other)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    write(target, b"new")
    assert events == ["sync .draft", "rename", "sync "]
    events.clear()
    made = target.with_suffix(".made")
    made.write_bytes(b"newer")
    publish(made, target)
    assert events == ["sync .made", "rename", "sync "]
    assert target.read_bytes() == b"newer"


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_the_mode_holds_whatever_the_umask_is(target: Path, mode: int) -> None:
    before = os.umask(0o077)
    try:
        write(target, b"new", mode=mode)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_without_a_mode_the_umask_decides(target: Path) -> None:
    before = os.umask(0o027)
    try:
        write(target, b"new", mode=None)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_dead_writers_draft_is_removed_and_a_living_ones_is_not(target: Path) -> None:
    dead, alive = start(target), start(target)
    kill(dead)
    assert len(names(target.parent)) == 3
    write(target, b"new")
    assert len(names(target.parent)) == 2
    alive.communicate("")
    assert alive.returncode == 0
    assert target.read_bytes() == b"half"
    assert names(target.parent) == {target.name}


def test_drafts_of_other_files_are_left_to_their_writers(target: Path) -> None:
    other = target.with_name("manifest[1].json")
    dead = start(other)
    kill(dead)
    write(target, b"new")
    assert len(names(target.parent)) == 2
    remove_drafts(target.parent, other.name)
    assert names(target.parent) == {target.name}


def test_a_name_as_long_as_may_be(tmp_path: Path) -> None:
    for letter in ("x", "ü", "漢"):
        path = tmp_path / (letter * (255 // len(letter.encode())))
        write(path, b"new")
        assert path.read_bytes() == b"new"
