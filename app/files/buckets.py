"""Image files as objects of a bucket, of any server that speaks S3."""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from app.domain.errors.trouble import (
    ForeignImagesError,
    ImagesRefusedError,
    ImagesUnavailableError,
    StorageFullError,
)

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = re.compile(r"\b507\b|InsufficientStorage|QuotaExceeded|StorageFull")
_REFUSED = re.compile(r"NoSuchBucket|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch")
_PAUSE = 5.0
"""Seconds in which nothing more is asked of a server that did not answer: a writer that waits for
it keeps other writers waiting.
"""
_PICTURES = "pictures"
_OWNER = "installation"
"""The object that names the installation whose pictures these are."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place for objects, and how to reach it."""

    url: str
    """s3://bucket/prefix, or without prefix."""
    endpoint: str
    """Empty: Amazon's of the region."""
    region: str
    access_key: str = field(repr=False)
    """Empty: what the machine has, by environment, files or metadata."""
    secret_key: str = field(repr=False)
    timeout: float
    """Seconds that one call may take, repeated tries included."""

    def open(self) -> S3Store:
        """A client; nothing is asked yet."""
        bucket, _, prefix = self.url.removeprefix("s3://").partition("/")
        half = timedelta(seconds=self.timeout / 2)
        return S3Store(
            bucket,
            prefix=prefix or None,
            region=self.region,
            endpoint=self.endpoint or None,
            access_key_id=self.access_key or None,
            secret_access_key=self.secret_key or None,
            client_options={
                "allow_http": self.endpoint.startswith("http://"),
                "timeout": half,
                "connect_timeout": half,
            },
            retry_config={
                "max_retries": 3,
                "retry_timeout": half,
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=1),
                    "base": 2,
                },
            },
        )


class BucketImageStore:
    """Objects `<prefix>/pictures/<digest>`. Thread-safe, and shared by any number of servers.

    Every call but `get` and `has` makes sure, once, that the place is this installation's.
    All raise ImagesUnavailableError while the server is away or refuses.
    """

    def __init__(self, bucket: Bucket, installation: Callable[[], str]) -> None:
        """`installation` gives the name that this installation's database has."""
        self._bucket = bucket
        self._installation = installation
        self._store = bucket.open()
        self._lock = threading.Lock()
        self._own = False
        self._away_until = 0.0

    @property
    def url(self) -> str:
        """s3://bucket/prefix."""
        return self._bucket.url

    def put(self, data: bytes) -> str:
        """The digest. Stored when it returns. Raises StorageFullError when there is no room."""
        self._make_sure()
        digest = hashlib.sha256(data).hexdigest()
        with self._asking(missing=True):
            obstore.put(self._store, _key(digest), data, use_multipart=False)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes; None when there is no such object. Raises ValueError for no digest."""
        return self._read(_key(digest))

    def has(self, digest: str) -> bool:
        """Whether there is such an object."""
        try:
            with self._asking():
                obstore.head(self._store, _key(digest))
        except FileNotFoundError:
            return False
        return True

    def delete(self, digest: str) -> bool:
        """Whether there was an object. A bucket that keeps versions keeps what it was."""
        key = _key(digest)
        self._make_sure()
        if not self.has(digest):
            return False
        with self._asking(missing=True):
            obstore.delete(self._store, key)
        return True

    def digests(self) -> Iterator[str]:
        """Every object there is."""
        self._make_sure()
        with self._asking(missing=True):
            for page in obstore.list(self._store, prefix=_PICTURES, chunk_size=1000):
                for found in page:
                    name = found["path"].rpartition("/")[2]
                    if _DIGEST.fullmatch(name):
                        yield name

    def check(self) -> None:
        """Claim the place, if it is nobody's. Raises ForeignImagesError for another's."""
        name = self._installation().encode()
        found = self._read(_OWNER)
        if found is None:
            # Another server may do so at this moment, perhaps of this installation.
            with self._asking(missing=True), suppress(AlreadyExistsError):
                obstore.put(self._store, _OWNER, name, mode="create", use_multipart=False)
            found = self._read(_OWNER)
        if found != name:
            raise ForeignImagesError(
                f"{self._bucket.url} holds the pictures of another installation.",
                hint="Name another prefix by FACET_IMAGES_URL. If the other one is gone and this "
                "is its database restored, run `facet images adopt`.",
            )
        self._own = True

    def adopt(self) -> None:
        """Take the place over, whoever's it was."""
        with self._asking(missing=True):
            obstore.put(self._store, _OWNER, self._installation().encode(), use_multipart=False)
        self._own = True

    def keeps_versions(self) -> bool:
        """Whether the bucket keeps what is deleted, as an older version."""
        with self._asking(missing=True):
            version = obstore.head(self._store, _OWNER)["version"]
        return version not in (None, "", "null")

    def _make_sure(self) -> None:
        if self._own:
            return
        with self._lock:
            if not self._own:
                self.check()

    def _read(self, key: str) -> bytes | None:
        try:
            with self._asking():
                return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError:
            return None

    @contextmanager
    def _asking(self, *, missing: bool = False) -> Iterator[None]:
        """Errors of the client become the service's; with `missing` a 404 means the bucket."""
        if time.monotonic() < self._away_until:
            raise self._away()
        try:
            yield
        except FileNotFoundError as error:
            if not missing:
                raise
            raise self._refused() from error
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise self._refused() from error
        except BaseError as error:
            raise self._meaning(str(error)) from error

    def _meaning(self, text: str) -> Exception:
        if _REFUSED.search(text):
            return self._refused()
        if _FULL.search(text):
            return StorageFullError(
                f"There is no room left for images in {self._bucket.url}; nothing was changed.",
                hint="Raise the bucket's quota, then try again.",
            )
        self._away_until = time.monotonic() + _PAUSE
        return self._away()

    def _away(self) -> ImagesUnavailableError:
        return ImagesUnavailableError(
            f"The object storage of pictures, {self._bucket.url}, does not answer.",
            hint="Look whether it runs, and at FACET_IMAGES_ENDPOINT; then try again.",
        )

    def _refused(self) -> ImagesRefusedError:
        return ImagesRefusedError(
            f"The object storage refuses {self._bucket.url}.",
            hint="Look whether the bucket is there, at FACET_IMAGES_ACCESS_KEY and its secret, and "
            "whether they may get, put, delete and list.",
        )


def _key(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise ValueError("an image digest is 64 lower-case hexadecimal characters")
    return f"{_PICTURES}/{digest}"
