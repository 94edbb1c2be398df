"""Backups of everything, taken while the service runs, and their way back."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import DatabaseUnavailableError
from app.domain.people.erasing import ErasedAgain, ErasedItem
from app.platform.progress import StageReport
from app.services.ports import ImageStore
from app.services.ports.archive import Archive, Copies
from app.services.ports.ledger import LedgerCopy
from models.files.writing import publish, sync, write

_FORMAT = 1
_MANIFEST = "manifest.json"
_DATABASE = "facet.db"
_IMAGES = "images"
_PAGE = 5_000
_ATTEMPTS = 4
"""Before writers have to wait until the copy is complete."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup; the images are checked by their names."""

    format: int
    created_at: str
    database_sha256: str
    faces: int
    images: int


@dataclass(slots=True)
class Restored:
    """The outcome of a restore, or of its trial."""

    manifest: Manifest
    erased_again: ErasedAgain = field(default_factory=ErasedAgain)
    """What the backup held, and had been erased since it was taken."""
    ledgers: list[str] = field(default_factory=list)
    """Files of erased ids that were applied, beside the target's own ledger."""
    unreadable: int = 0
    """Lines of them that are no entries."""


class Backups:
    """Takes and restores backups: directories with a database, images and a manifest."""

    def __init__(
        self,
        archive: Archive,
        copies: Copies,
        images: ImageStore,
        open_images: Callable[[Path], ImageStore],
        require_keys: Callable[[frozenset[str]], None],
        ledgers: LedgerCopy,
    ) -> None:
        """`require_keys` raises when a master key of one of those names is not at hand; `ledgers`
        are the copies of ledgers of erasures that are on this machine.
        """
        self._archive = archive
        self._copies = copies
        self._images = images
        self._open_images = open_images
        self._require_keys = require_keys
        self._ledgers = ledgers

    def take(self, target: Path, report: StageReport) -> Manifest:
        """Write a backup to the directory `target`, which must not exist yet.

        It appears there when it is complete, and holds nothing that was erased or overwritten
        before. Raises InvalidRequestError when the target exists.
        """
        if target.exists():
            raise InvalidRequestError(f"{target} exists.", hint="Name a new directory.")
        part = target.with_name(f".{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True, mode=0o700)
        try:
            return self._take(part, target, report)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _take(self, part: Path, target: Path, report: StageReport) -> Manifest:
        """Copy until no erasure has overtaken the copy; the last time, writers wait for it."""
        for _ in range(_ATTEMPTS):
            manifest = self._copy(part, report)
            with self._archive.writers_waiting() as erasures:
                if manifest and self._copies.erasures(part / _DATABASE) == erasures:
                    return _publish(part, target, manifest)
        with self._archive.writers_waiting():
            manifest = self._copy(part, report)
            if manifest is None:
                raise DatabaseUnavailableError(
                    "A kept picture that the database names is missing.",
                    hint="Look for it in the data directory's `images`, or erase its face.",
                )
            return _publish(part, target, manifest)

    def check(self, source: Path, report: StageReport) -> Manifest:
        """Read all of a backup and compare it with its checksums.

        Raises InvalidRequestError that says what is missing or damaged, and MasterKeyMissingError
        or WrongMasterKeyError where nobody here could read what it holds.
        """
        manifest = _read_manifest(source)
        database = source / _DATABASE
        if not database.is_file() or _sha256(database) != manifest.database_sha256:
            raise InvalidRequestError("The backup's database is missing or damaged.")
        self._copies.check(database)
        self._require_keys(self._copies.master_keys(database))
        digests = self._copies.digests(database)
        images = self._open_images(source / _IMAGES)
        for done, digest in enumerate(digests, start=1):
            content = images.get(digest)
            if content is None or hashlib.sha256(content).hexdigest() != digest:
                raise InvalidRequestError(f"Image {digest} of the backup is missing or damaged.")
            report("Checking images", done, len(digests))
        return manifest

    def restore(
        self,
        source: Path,
        report: StageReport,
        *,
        ledgers: Sequence[Path] = (),
        dry_run: bool = False,
    ) -> Restored:
        """Fill an empty installation from a backup, after checking it.

        Nobody comes back who was erased since: what the ledgers of the backup's installation and
        of those restored from it name, as far as their files are here, what the target's own
        names, and what the files `ledgers` do, is left out. Raises InvalidRequestError when the
        target is not empty. Interrupted before its end it leaves the database empty, and can be
        repeated.
        """
        self.require_empty()
        done = Restored(self.check(source, report))
        with self._archive.prepared(source / _DATABASE, self._erased(source, ledgers, done)) as (
            prepared,
            done.erased_again,
        ):
            if not dry_run:
                self._fill(source, prepared, report)
        return done

    def _fill(self, source: Path, prepared: Path, report: StageReport) -> None:
        digests = self._copies.digests(prepared)
        images = self._open_images(source / _IMAGES)
        for done, digest in enumerate(digests, start=1):
            self._images.put(images.get(digest) or b"")
            report("Restoring images", done, len(digests))
        self._archive.fill(prepared, lambda done, total: report("Restoring rows", done, total))

    def _erased(
        self, source: Path, ledgers: Sequence[Path], done: Restored
    ) -> Iterator[ErasedItem]:
        """Entries of every ledger there is; notes which files they are."""
        seq = 0
        while page := self._archive.ledger(seq, limit=_PAGE):
            yield from page
            seq = page[-1].seq
        name = self._copies.installation(source / _DATABASE)
        for path in [*([] if name is None else self._ledgers.family(name)), *ledgers]:
            done.ledgers.append(str(path))
            try:
                for entry in self._ledgers.read(path):
                    if entry is None:
                        done.unreadable += 1
                    else:
                        yield entry
            except OSError as error:
                raise InvalidRequestError(f"The ledger {path} cannot be read.") from error

    def require_empty(self) -> None:
        """Raise InvalidRequestError when there is something that a restoration would bury."""
        if not self._archive.is_empty():
            raise InvalidRequestError(
                "The target holds collections or keys already; a backup is restored into an "
                "empty installation.",
                hint="Set FACET_DATA_DIR (or FACET_DATABASE_URL) to a new place.",
            )

    def _copy(self, part: Path, report: StageReport) -> Manifest | None:
        """Copy the database, then the images that it names; None when one of them is gone.

        Then it was erased in between. What an earlier copy has left there is used again.
        """
        copies, database = self._open_images(part / _IMAGES), part / _DATABASE
        self._archive.snapshot(database, lambda done, total: report("Copying rows", done, total))
        digests = self._copies.digests(database)
        if not self._copy_images(copies, digests, report):
            return None
        for surplus in set(copies.digests()) - set(digests):
            copies.delete(surplus)
        manifest = Manifest(
            _FORMAT,
            datetime.now(UTC).isoformat(timespec="seconds"),
            _sha256(database),
            self._copies.faces(database),
            len(digests),
        )
        sync(part / _DATABASE)
        write(part / _MANIFEST, json.dumps(asdict(manifest), indent=2).encode() + b"\n")
        return manifest

    def _copy_images(self, copies: ImageStore, digests: Sequence[str], report: StageReport) -> bool:
        for done, digest in enumerate(digests, start=1):
            if copies.get(digest) is None:
                image = self._images.get(digest)
                if image is None:
                    return False
                copies.put(image)
            report("Copying images", done, len(digests))
        return True


def _publish(part: Path, target: Path, manifest: Manifest) -> Manifest:
    publish(part, target)
    return manifest


def _read_manifest(source: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((source / _MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise InvalidRequestError(f"{source} is not a backup.") from error
    if manifest.format != _FORMAT:
        raise InvalidRequestError("The backup was taken by a newer version of Facet.")
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
