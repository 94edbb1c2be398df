"""Pictures in object storage: whose they are, and what a server that is away or refuses does."""

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from app.domain.errors.trouble import (
    ForeignImagesError,
    ImagesRefusedError,
    ImagesUnavailableError,
    StorageFullError,
)
from app.files.buckets import Bucket, BucketImageStore
from tests.plugins.objects import ObjectStorage

DIGEST = "0" * 64


def opened(bucket: Bucket, installation: str = "this one") -> BucketImageStore:
    return BucketImageStore(bucket, lambda: installation)


@contextmanager
def answering(status: int, code: str) -> Iterator[str]:
    """The address of a server that answers everything so."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("content-length", 0))
            self.rfile.read(size)
            body = f"<Error><Code>{code}</Code></Error>".encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_HEAD = do_DELETE = do_POST = do_GET  # noqa: N815 - the names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def elsewhere(endpoint: str, timeout: float = 1.0) -> Bucket:
    return Bucket("s3://pictures/kept", endpoint, "us-east-1", "an id", "a secret word", timeout)


def test_prefixes_are_places_of_their_own(object_storage: ObjectStorage) -> None:
    bucket = object_storage.bucket()
    other = replace(bucket, url=bucket.url + "-too")
    here, there = opened(bucket), opened(other, "another one")
    digest = here.put(b"a picture")
    assert list(there.digests()) == []
    there.put(b"another picture")
    assert list(here.digests()) == [digest]
    assert object_storage.keys(bucket) >= {f"kept/pictures/{digest}", "kept/installation"}


def test_objects_that_are_no_pictures_are_left_alone(object_storage: ObjectStorage) -> None:
    bucket = object_storage.bucket()
    name = bucket.url.removeprefix("s3://").partition("/")[0]
    for key in ("kept/pictures/README", "kept/else"):
        object_storage.client().put_object(Bucket=name, Key=key, Body=b"text")
    store = opened(bucket)
    digest = store.put(b"a picture")
    assert list(store.digests()) == [digest]


def test_another_installation_s_pictures_are_neither_swept_nor_mixed(
    object_storage: ObjectStorage,
) -> None:
    bucket = object_storage.bucket()
    owner = opened(bucket)
    digest = owner.put(b"a picture")
    other = opened(bucket, "another one")
    for forbidden in (
        lambda: other.put(b"a picture of theirs"),
        lambda: other.delete(digest),
        lambda: list(other.digests()),
        other.check,
    ):
        with pytest.raises(ForeignImagesError) as caught:
            forbidden()
        assert caught.value.slug == "images-of-another"
    assert owner.get(digest) == b"a picture"
    other.adopt()
    assert list(other.digests()) == [digest]
    with pytest.raises(ForeignImagesError):
        opened(bucket).check()


def test_two_that_claim_a_place_at_once(object_storage: ObjectStorage) -> None:
    bucket = object_storage.bucket()
    refused: list[str] = []
    gate = threading.Barrier(6)

    def claim(name: str) -> None:
        store = opened(bucket, name)
        gate.wait()
        try:
            store.check()
        except ForeignImagesError:
            refused.append(name)

    names = [f"installation {number}" for number in range(6)]
    threads = [threading.Thread(target=claim, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5


@pytest.mark.parametrize("wrong", [{"secret_key": "a wrong word"}, {"access_key": "nobody"}])
def test_refusals_hold_no_secret(object_storage: ObjectStorage, wrong: dict[str, str]) -> None:
    bucket = replace(object_storage.bucket(), **wrong)  # type: ignore[arg-type]
    store = opened(bucket)
    for ask in (lambda: store.put(b"a picture"), lambda: list(store.digests()), store.check):
        with pytest.raises(ImagesRefusedError) as caught:
            ask()
        text = f"{caught.value} {caught.value.hint} {caught.value.data}"
        assert bucket.secret_key not in text
        assert caught.value.slug == "images-unavailable"
    assert bucket.secret_key not in repr(bucket)


def test_a_server_that_is_away_is_not_asked_again_at_once() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        store = opened(elsewhere(f"http://127.0.0.1:{unused.getsockname()[1]}"))
        begin = time.monotonic()
        with pytest.raises(ImagesUnavailableError):
            store.get(DIGEST)
        assert time.monotonic() - begin < 10
        unused.listen()
        unused.setblocking(False)
        with pytest.raises(ImagesUnavailableError):
            store.put(b"a picture")
        with pytest.raises(BlockingIOError):  # nobody has come
            unused.accept()


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        store = opened(elsewhere(f"http://127.0.0.1:{silent.getsockname()[1]}"))
        begin = time.monotonic()
        with pytest.raises(ImagesUnavailableError):
            store.get(DIGEST)
        assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (507, "InsufficientStorage", StorageFullError),
        (507, "XMinioStorageFull", StorageFullError),
        (409, "XMinioAdminBucketQuotaExceeded", StorageFullError),
        (403, "AccessDenied", ImagesRefusedError),
        (404, "NoSuchBucket", ImagesRefusedError),
        (500, "InternalError", ImagesUnavailableError),
    ],
)
def test_answers_mean_what_they_say(status: int, code: str, error: type[Exception]) -> None:
    with answering(status, code) as endpoint:
        store = opened(elsewhere(endpoint))
        store._own = True
        with pytest.raises(error) as caught:
            store.put(b"a picture")
        assert type(caught.value) is error


def test_a_bucket_that_keeps_versions_is_known(object_storage: ObjectStorage) -> None:
    bucket = object_storage.bucket()
    store = opened(bucket)
    store.check()
    assert not store.keeps_versions()
    name = bucket.url.removeprefix("s3://").partition("/")[0]
    object_storage.client().put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": "Enabled"}
    )
    store.adopt()
    assert store.keeps_versions()
