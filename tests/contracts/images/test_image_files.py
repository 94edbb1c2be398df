"""The store of image files on this machine: durable, private, swept of what crashes leave."""

import errno
import fcntl
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors.trouble import StorageFullError
from app.files.images import FileImageStore


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "images"


@pytest.fixture
def store(root: Path) -> FileImageStore:
    return FileImageStore(root)


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_the_same_bytes_are_one_file(store: FileImageStore, root: Path) -> None:
    assert store.put(b"a picture") == store.put(b"a picture")
    assert len(files(root)) == 1


def test_two_levels_of_directories_for_the_owner_alone(store: FileImageStore, root: Path) -> None:
    digest = store.put(b"a picture")
    path = root / digest[:2] / digest[2:4] / digest
    assert files(root) == [path]
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_deleting(store: FileImageStore, root: Path) -> None:
    digest = store.put(b"a picture")
    assert store.delete(digest)
    assert not store.delete(digest)
    assert store.get(digest) is None
    assert files(root) == []
    assert store.put(b"a picture") == digest
    assert store.get(digest) == b"a picture"


def test_digests_names_every_file(store: FileImageStore, root: Path) -> None:
    stored = {store.put(bytes([number])) for number in range(20)}
    first = min(stored)
    (root / first[:2] / first[2:4] / "README").write_text("not an image")
    assert set(store.digests()) == stored


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_leaves_nothing(
    store: FileImageStore, root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageFullError) as caught:
        store.put(b"a picture")
    assert caught.value.slug == "storage-full"
    assert files(root) == []


def test_file_and_directory_reach_the_disk_in_order(
    store: FileImageStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        events.append("sync " + Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        events.append("rename " + path.name)
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    digest = store.put(b"a picture")
    temporary = next(event for event in events if event.startswith("rename")).split()[1]
    assert events == [
        f"sync {root.name}",
        f"sync {digest[:2]}",
        f"sync {temporary}",
        f"rename {temporary}",
        f"sync {digest[2:4]}",
    ]


def test_a_start_sweeps_what_a_crash_left(store: FileImageStore, root: Path) -> None:
    kept = store.put(b"a picture")
    (root / "incoming" / "tmp123").write_bytes(b"half a pict")
    again = FileImageStore(root)
    assert [path.name for path in files(root)] == [kept]
    assert again.get(kept) == b"a picture"


def test_a_start_spares_what_another_process_writes(root: Path) -> None:
    FileImageStore(root)
    with (root / "incoming" / "tmp123").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        FileImageStore(root)
        assert len(files(root)) == 1


def test_a_write_that_a_sweep_took_starts_again(
    store: FileImageStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    swept: list[Path] = []

    def late(file: Any, operation: int) -> None:
        if not swept:
            swept.extend(files(root))
            swept[0].unlink()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    digest = store.put(b"a picture")
    assert swept
    assert store.get(digest) == b"a picture"


def test_many_threads_store_and_sweep_at_once(store: FileImageStore, root: Path) -> None:
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            for number in range(10):
                data = f"picture {(seed + number) % 12}".encode() * 100
                assert store.get(store.put(data)) == data
                FileImageStore(root)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(files(root)) == 12
