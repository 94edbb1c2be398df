"""Backups of everything, taken while the service runs, and their way back."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import DatabaseLockedError
from app.services.ports import ImageStore

Report = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

_FORMAT = 1
_MANIFEST = "manifest.json"
_DATABASE = "facet.db"
_IMAGES = "images"
_ATTEMPTS = 5
_BLOCK = 2**20


class Archive(Protocol):
    """The database, as a backup sees it."""

    def snapshot(self, target: Path, report: Callable[[int, int], None]) -> None:
        """Write a copy as of one moment."""

    def is_empty(self) -> bool: ...

    def restore(self, source: Path, report: Callable[[int, int], None]) -> None:
        """Fill the empty database in one transaction."""


class Copies(Protocol):
    """What can be asked of a copy of the database."""

    def check(self, path: Path) -> None:
        """Raise InvalidRequestError for a damaged one."""

    def digests(self, path: Path) -> Sequence[str]: ...

    def faces(self, path: Path) -> int: ...


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; the images are checked by their names."""

    format: int
    created_at: str
    database_sha256: str
    faces: int
    images: int


class Backups:
    """Takes and restores backups: directories with a database, images and a manifest."""

    def __init__(
        self,
        archive: Archive,
        copies: Copies,
        images: ImageStore,
        open_images: Callable[[Path], ImageStore],
    ) -> None:
        self._archive = archive
        self._copies = copies
        self._images = images
        self._open_images = open_images

    def take(self, target: Path, report: Report) -> Manifest:
        """Write a backup to the directory `target`, which must not exist yet.

        It appears there when it is complete. Raises InvalidRequestError when it exists.
        """
        if target.exists():
            raise InvalidRequestError(f"{target} exists.", hint="Name a new directory.")
        part = target.with_name(f".{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True, mode=0o700)
        try:
            self._copy(part, report)
            manifest = Manifest(
                _FORMAT,
                datetime.now(UTC).isoformat(timespec="seconds"),
                _sha256(part / _DATABASE),
                self._copies.faces(part / _DATABASE),
                len(self._copies.digests(part / _DATABASE)),
            )
            (part / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
            for name in (_DATABASE, _MANIFEST, "."):
                _sync(part / name)
            part.rename(target)
            _sync(target.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return manifest

    def check(self, source: Path, report: Report) -> Manifest:
        """Read all of a backup and compare it with its checksums.

        Raises InvalidRequestError that says what is missing or damaged.
        """
        manifest = _read_manifest(source)
        database = source / _DATABASE
        if not database.is_file() or _sha256(database) != manifest.database_sha256:
            raise InvalidRequestError("The backup's database is missing or damaged.")
        self._copies.check(database)
        digests = self._copies.digests(database)
        images = self._open_images(source / _IMAGES)
        for done, digest in enumerate(digests, start=1):
            content = images.get(digest)
            if content is None or hashlib.sha256(content).hexdigest() != digest:
                raise InvalidRequestError(f"Image {digest} of the backup is missing or damaged.")
            report("Checking images", done, len(digests))
        return manifest

    def restore(self, source: Path, report: Report) -> Manifest:
        """Fill an empty installation from a backup, after checking it.

        Raises InvalidRequestError when the target is not empty. Interrupted before its end it
        leaves the database empty, and can be repeated.
        """
        self.require_empty()
        manifest = self.check(source, report)
        digests = self._copies.digests(source / _DATABASE)
        images = self._open_images(source / _IMAGES)
        for done, digest in enumerate(digests, start=1):
            self._images.put(images.get(digest) or b"")
            report("Restoring images", done, len(digests))
        self._archive.restore(
            source / _DATABASE, lambda done, total: report("Restoring rows", done, total)
        )
        return manifest

    def require_empty(self) -> None:
        """Raise InvalidRequestError when there is something that a restoration would bury."""
        if not self._archive.is_empty():
            raise InvalidRequestError(
                "The target holds collections or keys already; a backup is restored into an "
                "empty installation.",
                hint="Set FACET_DATA_DIR (or FACET_DATABASE_URL) to a new place.",
            )

    def _copy(self, part: Path, report: Report) -> None:
        """Copy the database, then the images that it names.

        An image that is gone was erased in between; then the copy of the database still holds
        what was erased, and is taken again.
        """
        copies = self._open_images(part / _IMAGES)
        for _ in range(_ATTEMPTS):
            self._archive.snapshot(
                part / _DATABASE, lambda done, total: report("Copying rows", done, total)
            )
            digests = self._copies.digests(part / _DATABASE)
            if self._copy_images(copies, digests, report):
                for surplus in set(copies.digests()) - set(digests):
                    copies.delete(surplus)
                return
        raise DatabaseLockedError(
            "Erasures overtook the backup again and again.", hint="Try again later."
        )

    def _copy_images(self, copies: ImageStore, digests: Sequence[str], report: Report) -> bool:
        for done, digest in enumerate(digests, start=1):
            if copies.get(digest) is None:
                image = self._images.get(digest)
                if image is None:
                    return False
                copies.put(image)
            report("Copying images", done, len(digests))
        return True


def _read_manifest(source: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((source / _MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise InvalidRequestError(f"{source} is not a backup.") from error
    if manifest.format != _FORMAT:
        raise InvalidRequestError("The backup was taken by a newer version of Facet.")
    return manifest


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
