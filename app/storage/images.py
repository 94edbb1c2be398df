"""Image files, each named by the SHA-256 of its bytes."""

import errno
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors.trouble import NO_ROOM, StorageFullError, StorageReadOnlyError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_ATTEMPTS = 5


class FileImageStore:
    """Files under `root/ab/cd/<digest>`. Thread-safe, and shared by any number of processes."""

    def __init__(self, root: Path) -> None:
        """Creates `root` and removes what writers that crashed have left in it."""
        self._root = root
        self._incoming = root / "incoming"
        with _domain_errors():
            self._make_directory(self._incoming)
        self._sweep()

    def put(self, data: bytes) -> str:
        """The digest. Durable when it returns. Raises StorageFullError or StorageReadOnlyError."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest)
        with _domain_errors():
            self._make_directory(target.parent)
            if not target.exists():
                self._write(data, target)
            # Also for a file that was there: whoever wrote it may not have come this far.
            _sync_directory(target.parent)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes; None when there is no such file. Raises ValueError for no digest."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, digest: str) -> bool:
        """Whether there was a file. It stays gone after a power cut."""
        path = self._path(digest)
        try:
            with _domain_errors():
                path.unlink()
        except FileNotFoundError:
            return False
        _sync_directory(path.parent)
        return True

    def digests(self) -> Iterator[str]:
        """Every file there is."""
        for path in self._root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("an image digest is 64 lower-case hexadecimal characters")
        return self._root / digest[:2] / digest[2:4] / digest

    def _write(self, data: bytes, target: Path) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            descriptor, name = tempfile.mkstemp(dir=self._incoming)
            with os.fdopen(descriptor, "wb") as file:
                # The lock says that the file is being written. Before it is held, a sweep of
                # another process may take the file for a leftover: then start again.
                fcntl.flock(file, fcntl.LOCK_EX)
                try:
                    file.write(data)
                    file.flush()
                    os.fsync(descriptor)
                    Path(name).replace(target)
                    return
                except FileNotFoundError:
                    if attempt == _ATTEMPTS:
                        raise
                except OSError:
                    Path(name).unlink(missing_ok=True)
                    raise

    def _sweep(self) -> None:
        for path in self._incoming.iterdir():
            try:
                file = path.open("rb")
            except FileNotFoundError:  # its writer has just finished
                continue
            with file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                path.unlink(missing_ok=True)

    def _make_directory(self, directory: Path) -> None:
        if directory.is_dir():
            return
        if directory != self._root:
            self._make_directory(directory.parent)
            directory.mkdir(mode=0o700, exist_ok=True)
        else:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_directory(directory.parent)


@contextmanager
def _domain_errors() -> Iterator[None]:
    """A full or read-only disk is passing trouble; other errors are bugs and stay as they are."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFullError(
                "There is no room left for images; nothing was changed.",
                hint="Free disk space or raise the quota, then try again.",
            ) from error
        if error.errno in _READ_ONLY:
            raise StorageReadOnlyError(
                "The directory of images cannot be written; nothing was changed.",
                hint="Make the data directory writable for the service, then try again.",
            ) from error
        raise


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
