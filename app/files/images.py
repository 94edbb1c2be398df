"""Image files, each named by the SHA-256 of its bytes."""

import errno
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors.trouble import NO_SPACE, StorageFullError, StorageReadOnlyError
from models.files.writing import remove_drafts, replacing, sync

_DIGEST = re.compile(r"[0-9a-f]{64}")
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


class FileImageStore:
    """Files under `root/ab/cd/<digest>`. Thread-safe, and shared by any number of processes."""

    def __init__(self, root: Path) -> None:
        """Creates `root` and removes what writers that crashed have left in it."""
        self._root = root
        self._incoming = root / "incoming"
        with _domain_errors():
            self._make_directory(self._incoming)
        remove_drafts(self._incoming)

    def put(self, data: bytes) -> str:
        """The digest. Durable when it returns. Raises StorageFullError or StorageReadOnlyError."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest)
        with _domain_errors():
            self._make_directory(target.parent)
            if target.exists():
                sync(target.parent)  # whoever wrote it may not have come this far
            else:
                with replacing(target, drafts=self._incoming) as file:
                    file.write(data)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes; None when there is no such file. Raises ValueError for no digest."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, digest: str) -> bool:
        """Whether there is such a file."""
        return self._path(digest).exists()

    def delete(self, digest: str) -> bool:
        """Whether there was a file. It stays gone after a power cut."""
        path = self._path(digest)
        try:
            with _domain_errors():
                path.unlink()
        except FileNotFoundError:
            return False
        sync(path.parent)
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

    def _make_directory(self, directory: Path) -> None:
        if directory.is_dir():
            return
        if directory != self._root:
            self._make_directory(directory.parent)
            directory.mkdir(mode=0o700, exist_ok=True)
        else:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync(directory.parent)


@contextmanager
def _domain_errors() -> Iterator[None]:
    """A full or read-only disk is passing trouble; other errors are bugs and stay as they are."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
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
