"""Stores of pictures keep what they are given, by its digest: files as objects of a bucket."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.files.buckets import BucketImageStore
from app.files.images import FileImageStore
from app.services.ports import ImageStore
from tests.plugins.objects import ObjectStorage

Another = Callable[[], ImageStore]
"""Opens the same place as another process does."""


@pytest.fixture(params=["files", "objects"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Another:
    if request.param == "files":
        return lambda: FileImageStore(tmp_path / "images")
    storage: ObjectStorage = request.getfixturevalue("object_storage")
    bucket = storage.bucket()
    return lambda: BucketImageStore(bucket, lambda: "this one")


@pytest.fixture
def store(another: Another) -> ImageStore:
    return another()


def test_bytes_come_back_by_their_digest(store: ImageStore, another: Another) -> None:
    digest = store.put(b"a picture")
    assert digest == hashlib.sha256(b"a picture").hexdigest()
    assert store.get(digest) == b"a picture"
    assert another().get(digest) == b"a picture"
    assert another().has(digest)


def test_what_is_not_there(store: ImageStore) -> None:
    digest = hashlib.sha256(b"another picture").hexdigest()
    assert store.get(digest) is None
    assert not store.has(digest)
    assert not store.delete(digest)


def test_the_same_bytes_are_kept_once(store: ImageStore, another: Another) -> None:
    assert store.put(b"a picture") == another().put(b"a picture")
    assert len(list(store.digests())) == 1


def test_large_and_empty_files(store: ImageStore) -> None:
    for content in (b"", bytes(range(256)) * 40_000):
        assert store.get(store.put(content)) == content


def test_deleting(store: ImageStore, another: Another) -> None:
    digest = store.put(b"a picture")
    other = another()
    assert other.delete(digest)
    assert not store.delete(digest)
    assert store.get(digest) is None
    assert list(store.digests()) == []
    assert store.put(b"a picture") == digest
    assert other.get(digest) == b"a picture"


def test_digests_names_every_file(store: ImageStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        stored = set(pool.map(store.put, (bytes([number]) for number in range(20))))
    assert set(store.digests()) == stored


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_digests_are_names(store: ImageStore, digest: str) -> None:
    for ask in (store.get, store.has, store.delete):
        with pytest.raises(ValueError, match="digest"):
            ask(digest)


def test_many_threads_store_the_same(store: ImageStore) -> None:
    def work(number: int) -> None:
        data = f"picture {number % 12}".encode() * 100
        assert store.get(store.put(data)) == data

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert len(list(store.digests())) == 12
